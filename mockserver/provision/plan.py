"""Plans: lists of actions on the users and groups of an identity provider, generated or read from a script.

A script is a JSON list of objects. `do` names the action; the other members name its subject:

    {"do": "assign", "user": {"userName": "ann@example.com", "givenName": "Ann", "familyName": "Lee", "title": "Buyer"}}
    {"do": "update", "user": {...}}                     all fields, as for assign
    {"do": "deactivate" | "reactivate" | "unassign", "user": "ann@example.com"}
    {"do": "push-group" | "delete-group", "group": "Sales"}
    {"do": "rename-group", "group": "Sales", "name": "Field Sales"}
    {"do": "add-members" | "remove-members", "group": "Sales", "users": ["ann@example.com"]}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from mockserver.core.messages import Json

USER_ACTIONS: Final = ("assign", "update")
NAME_ACTIONS: Final = ("deactivate", "reactivate", "unassign")
GROUP_ACTIONS: Final = ("push-group", "delete-group", "rename-group")
MEMBER_ACTIONS: Final = ("add-members", "remove-members")

_GIVEN: Final = ("Ada", "Ben", "Cleo", "Dev", "Elif", "Finn", "Goran", "Hana", "Ines", "Jonas", "Kemi", "Liam", "Mei")
_FAMILY: Final = ("Abe", "Berg", "Costa", "Diaz", "Ek", "Fofana", "Gruber", "Haddad", "Ito", "Jensen", "Kaya")
_TEAMS: Final = ("Engineering", "Sales", "Support", "Finance", "Design", "Legal", "Operations")
_TEAM_SIZE: Final = 10
_NAMESPACE: Final = UUID("6f1d6f4e-52c2-4c38-9d53-4a6e1a1f4a11")


@dataclass(frozen=True)
class Person:
    """A person in the directory of the identity provider."""

    user_name: str
    given_name: str
    family_name: str
    title: str = ""
    department: str = ""

    @property
    def key(self) -> str:
        """The identity provider's identifier of the person.

        It depends on the user name alone, so it is reproducible.
        """
        return str(uuid5(_NAMESPACE, self.user_name.lower()))

    @property
    def display_name(self) -> str:
        """The given name and the family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class PlannedAction:
    """One action on a user or a group.

    `person` is set for assign and update, `user` for the other actions on a user, `group` for actions on a group.
    `name` is the new name of a renamed group; `users` are the user names of the members to add or remove.
    """

    do: str
    person: Person | None = None
    user: str = ""
    group: str = ""
    name: str = ""
    users: tuple[str, ...] = ()

    def __str__(self) -> str:
        subject = self.person.user_name if self.person else self.user or self.group
        return f"{self.do} {subject}"


def generate_plan(count: int) -> list[PlannedAction]:
    """Returns a plan for `count` people, the same one for every call with the same count.

    Every person is assigned and joins a group. In each group one person is updated, and another is deactivated and
    removed. At the end one person is reactivated, one is unassigned, and a group is renamed.
    """
    people = [_person(number) for number in range(count)]
    actions = [PlannedAction("assign", person) for person in people]
    teams = [people[start : start + _TEAM_SIZE] for start in range(0, count, _TEAM_SIZE)]
    for number, team in enumerate(teams):
        name = _team(number)
        actions.append(PlannedAction("push-group", group=name))
        actions.append(PlannedAction("add-members", group=name, users=tuple(person.user_name for person in team)))
    for team in teams:
        actions += _changes(team)
    for number, team in enumerate(teams):
        actions.append(PlannedAction("remove-members", group=_team(number), users=(team[-1].user_name,)))
    if people:
        actions.append(PlannedAction("reactivate", user=teams[0][-1].user_name))
        actions.append(PlannedAction("unassign", user=people[-1].user_name))
        actions.append(PlannedAction("rename-group", group=_team(0), name=f"{_team(0)} Europe"))
    return actions


def _changes(team: list[Person]) -> Iterator[PlannedAction]:
    yield PlannedAction("update", replace(team[0], title="Team Lead"))
    yield PlannedAction("deactivate", user=team[-1].user_name)


def _person(number: int) -> Person:
    given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number % len(_FAMILY)]
    repetition = number // (len(_GIVEN) * len(_FAMILY))  # the two names of a person repeat after this many people
    user_name = f"{given}.{family}{repetition or ''}@example.com".lower()
    return Person(user_name, given, family, "Associate", _team(number // _TEAM_SIZE))


def _team(number: int) -> str:
    repetition = number // len(_TEAMS)
    return f"{_TEAMS[number % len(_TEAMS)]}{f' {repetition + 1}' if repetition else ''}"


def read_script(script: Json) -> list[PlannedAction]:
    """Returns the plan that a script describes. Raises ValueError, which names the action that is invalid."""
    if not isinstance(script, list):
        raise ValueError("a script is a JSON list of actions")
    return [_action(number, entry) for number, entry in enumerate(script, 1)]


def _action(number: int, entry: Any) -> PlannedAction:
    try:
        do = entry["do"]
        if do in USER_ACTIONS:
            user = entry["user"]
            fields = (user.get("title", ""), user.get("department", ""))
            return PlannedAction(do, Person(user["userName"], user["givenName"], user["familyName"], *fields))
        if do in NAME_ACTIONS:
            return PlannedAction(do, user=str(entry["user"]))
        if do in MEMBER_ACTIONS:
            return PlannedAction(do, group=entry["group"], users=tuple(map(str, entry["users"])))
        if do in GROUP_ACTIONS:
            return PlannedAction(do, group=entry["group"], name=entry["name"] if do == "rename-group" else "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"action {number} of the script: missing or invalid member: {error}") from None
    raise ValueError(f"action {number} of the script: unknown action {do!r}")
