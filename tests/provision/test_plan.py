"""Plans, generated and read from scripts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.provision.plan import Person, PlannedAction, generate_plan, read_script


@pytest.mark.parametrize("count", [0, 1, 10, 11, 500])
def test_a_plan_assigns_as_many_different_people_as_asked_for(count: int) -> None:
    assigned = [action.person for action in generate_plan(count) if action.do == "assign"]
    assert len({person.user_name for person in assigned if person}) == len(assigned) == count


def test_generated_plans_are_reproducible() -> None:
    assert generate_plan(25) == generate_plan(25)


@given(st.integers(0, 60))
def test_a_plan_names_only_people_who_were_assigned_before(count: int) -> None:
    known: set[str] = set()
    for action in generate_plan(count):
        if action.do == "assign" and action.person:
            known.add(action.person.user_name)
        named = {action.user, *action.users} - {""}
        assert named <= known


def test_a_script_is_read() -> None:
    ann = {"userName": "ann", "givenName": "Ann", "familyName": "Lee"}
    script: list[dict[str, Any]] = [
        {"do": "assign", "user": ann},
        {"do": "deactivate", "user": "ann"},
        {"do": "push-group", "group": "Team"},
        {"do": "add-members", "group": "Team", "users": ["ann"]},
        {"do": "rename-group", "group": "Team", "name": "Crew"},
    ]
    assert read_script(script) == [
        PlannedAction("assign", Person("ann", "Ann", "Lee")),
        PlannedAction("deactivate", user="ann"),
        PlannedAction("push-group", group="Team"),
        PlannedAction("add-members", group="Team", users=("ann",)),
        PlannedAction("rename-group", group="Team", name="Crew"),
    ]


@pytest.mark.parametrize(
    "script",
    [
        {},
        ["assign"],
        [{}],
        [{"do": "dance"}],
        [{"do": "assign", "user": {"userName": "ann"}}],
        [{"do": "assign", "user": "ann"}],
        [{"do": "add-members", "group": "Team"}],
        [{"do": "rename-group", "group": "Team"}],
    ],
)
def test_an_invalid_script_is_refused(script: Any) -> None:
    with pytest.raises(ValueError, match="script"):
        read_script(script)
