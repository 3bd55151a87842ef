"""The limit of the work that one request may cause."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.core.messages import Response
from mockserver.core.problems import Problem
from mockserver.scim.matching import compile_filter
from mockserver.scim.schemas import USER
from mockserver.scim.work import DEFAULT_LIMIT, TEXT_PER_UNIT, Work, limit_of, units_of
from mockserver.server import MockServer
from tests.scim.client import Client


def search(scim: Client, filter_: str, **more: Any) -> Response:
    return scim.call("POST", "/Users/.search", {"filter": filter_, **more})


def some_users(scim: Client, count: int) -> None:
    creations = [{"method": "POST", "path": "/Users", "data": {"userName": f"u{number}"}} for number in range(count)]
    assert scim.call("POST", "/Bulk", {"Operations": creations}).status == 200


def assert_too_many(response: Response) -> None:
    assert response.status == 400, response.body
    assert response.json()["scimType"] == "tooMany"


def test_what_exceeds_the_rest_is_refused_and_cheaper_work_still_follows() -> None:
    work = Work(10)
    work.spend(4)
    with pytest.raises(Problem):
        work.spend(7)
    work.spend(6)
    assert work.left == 0


@pytest.mark.parametrize(("value", "limit"), [(7, 7), (0, DEFAULT_LIMIT), (True, DEFAULT_LIMIT), (None, DEFAULT_LIMIT)])
def test_the_limit_is_a_positive_number_or_the_default(value: Any, limit: int) -> None:
    assert limit_of(value) == limit


def test_a_value_takes_a_unit_for_each_item_and_more_for_a_long_text() -> None:
    text = "x" * TEXT_PER_UNIT * 5
    assert [units_of(value) for value in (True, "x", text, [{"value": text}, {"value": "x"}])] == [1, 1, 6, 7]


def test_a_filter_costs_its_nodes_times_the_values_that_they_test() -> None:
    compiled = compile_filter('emails[type eq "x" or value eq "y"] or emails pr or title pr or hat pr', USER)
    assert compiled.cost({"userName": "ann", "emails": [{"value": "a"}] * 10}) == 3 * 10 + 1 + 1


def test_a_filter_with_too_many_nodes_for_the_directory_is_too_many(scim: Client) -> None:
    some_users(scim, 200)
    assert search(scim, " or ".join(["nickName pr"] * 100)).status == 200
    assert_too_many(search(scim, " or ".join(["nickName pr"] * 1000)))


def test_a_filter_on_many_or_long_values_is_too_many(scim: Client) -> None:
    condition = " or ".join(f'value eq "{number}"' for number in range(100))
    scim.user("ann", emails=[{"value": f"a{number}"} for number in range(2_000)])
    assert_too_many(search(scim, f"emails[{condition}]"))
    scim.user("bob", title="x" * 500_000)
    assert_too_many(search(scim, " or ".join(f'title co "{number}"' for number in range(20))))


def test_a_very_long_filter_is_refused_before_it_is_read(scim: Client) -> None:
    assert_too_many(search(scim, "(" * (DEFAULT_LIMIT + 1)))


def test_a_filter_that_an_index_answers_costs_only_what_it_finds(scim: Client) -> None:
    some_users(scim, 100)
    condition = " or ".join(["title pr"] * 900)
    assert search(scim, f'userName eq "u1" and ({condition})').status == 200
    assert_too_many(search(scim, f'userName co "u" and ({" or ".join(["title pr"] * 2000)})'))


def test_the_limit_is_an_option_of_the_world() -> None:
    scim = Client(MockServer(scenario="empty", options={"scim.max-work": 100}))
    some_users(scim, 40)
    assert search(scim, 'userName eq "u1"').status == 200
    assert_too_many(search(scim, "title pr"))
    assert_too_many(scim.call("GET", "/Users?sortBy=userName"))
    assert scim.call("GET", "/Users?count=1").status == 200


def test_only_short_filters_are_kept() -> None:
    short, long = "title pr", " or ".join(["title pr"] * 100)
    assert compile_filter(short, USER) is compile_filter(short, USER)
    assert compile_filter(long, USER) is not compile_filter(long, USER)


def test_many_operations_on_long_lists_are_too_many_and_change_nothing(scim: Client) -> None:
    team = scim.group("Team", *[{"id": f"m{number}"} for number in range(10_000)])
    additions = [{"op": "add", "path": "members", "value": [{"value": f"n{number}"}]} for number in range(50)]
    assert_too_many(scim.patch(team, *additions))
    assert scim.call("GET", f"/Groups/{team['id']}").json()["meta"] == team["meta"]
    assert scim.patch(team, additions[0]).status == 200


def test_a_condition_with_many_nodes_on_a_long_list_is_too_many(scim: Client) -> None:
    ann = scim.user("ann", emails=[{"value": f"a{number}"} for number in range(2_000)])
    for joint in ("or", "AND"):
        condition = f" {joint} ".join(['value eq "x"'] * 100)
        path = f"emails[{condition}]"
        assert_too_many(scim.patch(ann, {"op": "remove", "path": path}))
        assert_too_many(scim.patch(ann, {"op": "add", "value": {path: "x"}}))
    assert scim.patch(ann, {"op": "remove", "path": 'emails[value eq "a1"]'}).status == 200


def test_bulk_steps_on_a_long_list_fail_when_the_work_is_used_up_and_others_go_on(scim: Client) -> None:
    team = scim.group("Team", *[{"id": f"m{number}"} for number in range(10_000)])
    addition = {"Operations": [{"op": "add", "path": "members", "value": [{"value": "x"}]}]}
    steps = [{"method": "PATCH", "path": f"/Groups/{team['id']}", "data": addition}] * 20
    creation = {"method": "POST", "path": "/Users", "data": {"userName": "ann"}}
    outcomes = scim.call("POST", "/Bulk", {"Operations": [*steps, creation]}).json()["Operations"]
    assert [outcomes[0]["status"], outcomes[-2]["status"], outcomes[-1]["status"]] == ["200", "400", "201"]
    assert outcomes[-2]["response"]["scimType"] == "tooMany"
