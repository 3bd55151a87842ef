"""Synchronisations run on request and when they are due, and the log reports their results."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.services.netbird.synchronisation import MAX_CATCH_UP, MAX_LOG_ENTRIES, matching_groups, matching_users
from tests.services.netbird.account import AZURE, DIRECTORY, GOOGLE, NEW, OKTA, Account, after

KINDS = pytest.mark.parametrize("kind", [GOOGLE, AZURE], ids=["google", "azure"])


@KINDS
def test_a_synchronisation_logs_its_matches(account: Account, kind: str) -> None:
    path = account.add(kind)
    assert account.ask("POST", f"{path}/sync") == {"result": "ok"}
    log = account.ask("GET", f"{path}/logs")
    assert [(it["id"], it["level"], it["timestamp"]) for it in log] == [(n, "info", after(0)) for n in (1, 2, 3, 4)]
    assert [it["message"] for it in log] == [
        "synchronization of acme.example started",
        "3 of 3 groups matched",
        "6 of 6 users matched",
        "synchronization finished: 6 users, 3 groups",
    ]


@pytest.mark.parametrize(
    ("prefixes", "users", "outcome"),
    [
        (["Eng"], [], "6 users, 2 groups"),
        ([], ["Eng"], "3 users, 3 groups"),
        (["Sales"], ["Sales", "Engineering L"], "2 users, 1 groups"),
        (["Nobody"], ["eng"], "0 users, 0 groups"),
    ],
)
def test_prefixes_select_groups_and_users(
    account: Account, prefixes: list[str], users: list[str], outcome: str
) -> None:
    path = account.add(GOOGLE, group_prefixes=prefixes, user_group_prefixes=users)
    account.ask("POST", f"{path}/sync")
    messages = account.messages(path)
    assert messages[-1] == f"synchronization finished: {outcome}"
    if prefixes:
        assert messages[1].endswith(f"matched by prefixes {', '.join(prefixes)}")


@given(st.lists(st.text("EngSal ", min_size=1, max_size=4)))
def test_groups_and_users_match_all_without_prefixes_or_else_one_of_them(prefixes: list[str]) -> None:
    groups = matching_groups(DIRECTORY, prefixes)
    expected = [
        group
        for group in DIRECTORY["groups"]
        if not prefixes or any(group["name"].startswith(prefix) for prefix in prefixes)
    ]
    assert groups == expected
    members = {member for group in expected for member in group["members"]}
    assert matching_users(DIRECTORY, prefixes) == (members if prefixes else set(range(6)))


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        (GOOGLE, {"customer_id": "C99"}, "synchronization failed: customer_id C99 not found"),
        (AZURE, {"tenant_id": "t99"}, "synchronization failed: tenant_id t99 not found"),
        (AZURE, {"tenant_id": "C01abc23d"}, "synchronization failed: tenant_id C01abc23d not found"),
    ],
)
def test_an_unknown_customer_or_tenant_is_logged_as_an_error(
    account: Account, kind: str, changes: dict[str, str], message: str
) -> None:
    path = account.add(kind, **changes)
    assert account.ask("POST", f"{path}/sync") == {"result": "ok"}
    assert [(it["level"], it["message"]) for it in account.ask("GET", f"{path}/logs")] == [("error", message)]


def test_a_key_that_is_no_json_is_logged_as_an_error(account: Account) -> None:
    path = account.add(GOOGLE, service_account_key="eyEhIX0=")
    account.ask("POST", f"{path}/sync")
    assert account.messages(path) == ["synchronization failed: the service account key is not a JSON object"]


def test_a_disabled_integration_logs_that_it_skips_the_synchronisation(account: Account) -> None:
    path = account.add(AZURE, enabled=False)
    assert account.ask("POST", f"{path}/sync") == {"result": "ok"}
    assert account.messages(path) == ["synchronization skipped: the integration is disabled"]


@KINDS
def test_no_synchronisation_is_due_before_the_interval_is_over(account: Account, kind: str) -> None:
    path = account.add(kind)
    account.pass_time(299.999)
    assert [account.messages(path) for _ in range(2)] == [[], []]


@KINDS
def test_due_synchronisations_are_logged_at_the_times_when_they_were_due(account: Account, kind: str) -> None:
    path = account.add(kind, sync_interval=400)
    account.pass_time(1_000)
    assert account.finished(path) == [after(400), after(800)]
    account.pass_time(199)
    assert account.finished(path) == [after(400), after(800)]
    account.pass_time(1)
    assert account.finished(path) == [after(400), after(800), after(1_200)]


def test_reading_the_log_twice_returns_the_same(account: Account) -> None:
    path = account.add(GOOGLE)
    account.pass_time(1_000)
    assert account.messages(path) == account.messages(path)


def test_a_manual_synchronisation_follows_the_due_ones_and_does_not_shift_them(account: Account) -> None:
    path = account.add(GOOGLE)
    account.pass_time(450)
    account.ask("POST", f"{path}/sync")
    account.pass_time(200)
    assert account.finished(path) == [after(300), after(450), after(600)]


def test_an_update_runs_due_synchronisations_with_the_old_settings_and_restarts_the_interval(account: Account) -> None:
    path = account.add(GOOGLE)
    account.pass_time(350)
    account.ask("PUT", path, {"sync_interval": 1_000, "group_prefixes": ["Sales"]})
    account.pass_time(1_000)
    finished = [it for it in account.ask("GET", f"{path}/logs") if "finished" in it["message"]]
    assert [(it["timestamp"], it["message"].rpartition(", ")[2]) for it in finished] == [
        (after(300), "3 groups"),
        (after(1_350), "1 groups"),
    ]


def test_a_disabled_integration_has_no_due_synchronisations(account: Account) -> None:
    path = account.add(GOOGLE)
    account.ask("PUT", path, {"enabled": False})
    account.pass_time(10_000)
    assert account.messages(path) == []
    account.ask("PUT", path, {"enabled": True})
    account.pass_time(300)
    assert account.finished(path) == [after(10_300)]


def test_only_the_latest_missed_synchronisations_run(account: Account) -> None:
    path = account.add(GOOGLE)
    account.pass_time(300 * 100_000)
    finished = account.finished(path)
    assert len(finished) == MAX_CATCH_UP
    assert finished[-1] == after(300 * 100_000)


def test_a_log_keeps_its_newest_entries(account: Account) -> None:
    path = account.add(GOOGLE, customer_id="nowhere")
    for _ in range(MAX_CATCH_UP):
        account.ask("POST", f"{path}/sync")
    for _ in range(MAX_LOG_ENTRIES // MAX_CATCH_UP):
        account.pass_time(300 * MAX_CATCH_UP)
        account.ask("POST", f"{path}/sync")
    log = account.ask("GET", f"{path}/logs")
    assert len(log) == MAX_LOG_ENTRIES
    assert [it["id"] for it in log] == sorted(it["id"] for it in log)


@pytest.mark.parametrize("kind", [GOOGLE, AZURE, OKTA], ids=["google", "azure", "okta"])
def test_each_integration_has_its_own_log_which_is_deleted_with_it(account: Account, kind: str) -> None:
    one, other = account.add(kind), account.add(GOOGLE, **NEW[GOOGLE])
    account.ask("POST", f"{other}/sync")
    assert account.messages(one) == []
    account.ask("DELETE", one)
    assert len(account.messages(other)) == 4


def test_a_fork_synchronises_by_its_own_clock(account: Account) -> None:
    path = account.add(GOOGLE)
    fork, _ = account.server.worlds.create_or_replace("fork", "default", now=account.world.clock.now() + 300 * 10**9)
    logs = account.ask("GET", f"/_mock/w/{fork.name}{path}/logs")
    assert [it["timestamp"] for it in logs][-1:] == [after(300)]
    assert account.messages(path) == []
