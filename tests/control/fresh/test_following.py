"""A journal that is followed: what is there and what comes, as server-sent events."""

from __future__ import annotations

import json
from typing import Any

from tests.control.fresh.plane import PROVIDERS, Plane


def events(data: bytes) -> list[tuple[int, Any]]:
    """The ids and data of events; each has both."""
    found = []
    for event in data.decode().split("\n\n")[:-1]:
        first, second = event.split("\n")
        found.append((int(first.removeprefix("id: ")), json.loads(second.removeprefix("data: "))))
    return found


def follow(plane: Plane, query: str = "follow", **headers: str) -> tuple[bytes, list[bytes | None], Any]:
    """What there is, where new pieces go, and what ends it."""
    answer = plane.control("GET", f"/journal?{query}", **headers)
    assert (answer.status, answer.header("Content-Type")) == (200, "text/event-stream")
    assert answer.stream is not None
    pieces: list[bytes | None] = []
    return answer.body, pieces, answer.stream(pieces.append)


def test_what_is_there_comes_first_and_then_what_happens(plane: Plane) -> None:
    plane.ask("GET", PROVIDERS)
    there, pieces, leave = follow(plane)
    plane.ask("GET", "/nowhere")
    assert [key for key, _ in events(there)] == [1]
    (piece,) = pieces
    ((key, exchange),) = events(piece or b"")
    assert (key, exchange["response"]["status"]) == (2, 404)
    assert exchange == plane.said("GET", "/journal/2")
    leave()
    plane.ask("GET", PROVIDERS)
    assert len(pieces) == 1


def test_filters_hold_for_what_comes_too(plane: Plane) -> None:
    _, pieces, leave = follow(plane, "follow=true&service=netbird&status=200")
    plane.ask("GET", "/v1/identity-providers")
    plane.ask("GET", PROVIDERS)
    plane.ask("GET", PROVIDERS, token="mock-expired")
    assert [events(piece or b"")[0][0] for piece in pieces] == [2]
    leave()


def test_a_stream_is_taken_up_where_it_broke_off(plane: Plane) -> None:
    plane.statuses(3)
    there, _, leave = follow(plane, "follow", Last_Event_ID="2")
    assert [key for key, _ in events(there)] == [3]
    leave()


def test_secrets_are_masked_in_events_as_in_lists(plane: Plane) -> None:
    _, pieces, leave = follow(plane)
    plane.ask("GET", PROVIDERS, token="hush")
    assert pieces[0] is not None
    assert b"hush" not in pieces[0]
    leave()


def test_a_stream_ends_with_its_world(plane: Plane) -> None:
    _, pieces, leave = follow(plane)
    plane.said("PUT", "", {})
    assert pieces == [None]
    leave()


def test_without_follow_it_is_a_list(plane: Plane) -> None:
    assert plane.said("GET", "/journal?follow=false") == []
