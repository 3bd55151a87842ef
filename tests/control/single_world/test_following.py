"""The stream of a journal: present and future exchanges as server-sent events."""

from __future__ import annotations

import json
from typing import Any

from tests.control.single_world.world import PROVIDERS, ControlledWorld


def events(data: bytes) -> list[tuple[int, Any]]:
    """Returns the id and the data of each event."""
    found = []
    for event in data.decode().split("\n\n")[:-1]:
        first, second = event.split("\n")
        found.append((int(first.removeprefix("id: ")), json.loads(second.removeprefix("data: "))))
    return found


def follow(world: ControlledWorld, query: str = "follow", **headers: str) -> tuple[bytes, list[bytes | None], Any]:
    """Returns the present events, the list that later pieces are added to, and the function that ends the stream."""
    answer = world.control("GET", f"/journal?{query}", **headers)
    assert (answer.status, answer.header("Content-Type")) == (200, "text/event-stream")
    assert answer.stream is not None
    pieces: list[bytes | None] = []
    return answer.body, pieces, answer.stream(pieces.append)


def test_present_exchanges_are_sent_first_and_then_new_ones(world: ControlledWorld) -> None:
    world.ask("GET", PROVIDERS)
    there, pieces, leave = follow(world)
    world.ask("GET", "/nowhere")
    assert [key for key, _ in events(there)] == [1]
    (piece,) = pieces
    ((key, exchange),) = events(piece or b"")
    assert (key, exchange["response"]["status"]) == (2, 404)
    assert exchange == world.control_json("GET", "/journal/2")
    leave()
    world.ask("GET", PROVIDERS)
    assert len(pieces) == 1


def test_filters_apply_to_new_exchanges_too(world: ControlledWorld) -> None:
    _, pieces, leave = follow(world, "follow=true&service=netbird&status=200")
    world.ask("GET", "/v1/identity-providers")
    world.ask("GET", PROVIDERS)
    world.ask("GET", PROVIDERS, token="mock-expired")
    assert [events(piece or b"")[0][0] for piece in pieces] == [2]
    leave()


def test_a_stream_resumes_after_the_last_event_id(world: ControlledWorld) -> None:
    world.statuses(3)
    there, _, leave = follow(world, "follow", Last_Event_ID="2")
    assert [key for key, _ in events(there)] == [3]
    leave()


def test_secrets_are_masked_in_events_as_in_lists(world: ControlledWorld) -> None:
    _, pieces, leave = follow(world)
    world.ask("GET", PROVIDERS, token="hush")
    assert pieces[0] is not None
    assert b"hush" not in pieces[0]
    leave()


def test_a_stream_ends_when_its_world_is_deleted(world: ControlledWorld) -> None:
    _, pieces, leave = follow(world)
    world.control_json("PUT", "", {})
    assert pieces == [None]
    leave()


def test_without_follow_the_response_is_a_list(world: ControlledWorld) -> None:
    assert world.control_json("GET", "/journal?follow=false") == []
