"""Demonstrates a flow in a terminal: plays it step by step, prints each exchange, and on a mock goes back on
request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.core.messages import Json
from mockserver.engine.service import CONTROL
from mockserver.flows.arazzo import ArazzoDocument
from mockserver.flows.demo_server import DemoServer
from mockserver.flows.player import Player, Position, StepResult
from mockserver.flows.rendering import ExchangeRenderer


@dataclass(frozen=True)
class Terminal:
    """Where a demonstration takes place.

    `write` prints a line; `prompt` shows a text and returns the answer, and is None to play without asking; `sleep`
    waits for a number of seconds.
    """

    write: Callable[[str], None]
    prompt: Callable[[str], str] | None
    sleep: Callable[[float], None]


def demonstrate(
    flow: ArazzoDocument, inputs: Mapping[str, Json], server: DemoServer, renderer: ExchangeRenderer, terminal: Terminal
) -> bool:
    """Plays a flow. Returns whether every step met its criteria. Raises what `Player` and `DemoServer` raise."""
    terminal.write(renderer.paint("bold", flow.title))
    terminal.write(flow.summary)
    player = Player(flow, inputs)
    history: list[tuple[Position, Json]] = []  # the steps played so far, each with the world's state before it
    position: Position | None = player.start()
    while position is not None and not position.over:
        _announce(position, history, renderer, terminal)
        choice = _choice(terminal, can_go_back=bool(history) and server.world is not None)
        if choice == "q":
            return True
        if choice == "b":
            position, snapshot = history.pop()
            server.restore(snapshot)
            continue
        history.append((position, server.snapshot() if terminal.prompt else None))
        result = player.play(position, server.carry)
        for line in renderer.lines(result, _changes(result, server)):
            terminal.write(line)
        if result.next is None:
            return result.passed
        terminal.sleep(result.pause)
        position = result.next
    return True


def _announce(
    position: Position, history: list[tuple[Position, Json]], renderer: ExchangeRenderer, terminal: Terminal
) -> None:
    workflow, step = position.workflow, position.step
    if not history or history[-1][0].workflow is not workflow:
        terminal.write("")
        terminal.write(renderer.paint("bold", f"{workflow.id}: {workflow.summary}"))
    terminal.write("")
    terminal.write(renderer.paint("bold", f"{len(history) + 1}. {step.id}"))
    terminal.write(f"  {step.description}")


def _choice(terminal: Terminal, can_go_back: bool) -> str:
    if terminal.prompt is None:
        return ""
    question = "  [Enter] play" + ("  [b] back" if can_go_back else "") + "  [q] quit: "
    while True:
        choice = terminal.prompt(question).strip().lower()
        if choice in ("", "q") or (choice == "b" and can_go_back):
            return choice


def _changes(result: StepResult, server: DemoServer) -> list[Json]:
    """Returns what a step changed. Calls of the control plane change records, too, but are in no world's journal."""
    operation = result.step.operation
    return [] if operation is None or operation.service == CONTROL else server.changes(result.response)
