"""The play itself: flow after flow, step by step, forth and, on a mock, back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.core.messages import Json
from mockserver.engine.engine import CONTROL
from mockserver.flows.arazzo import ArazzoDocument
from mockserver.flows.demo_server import DemoServer
from mockserver.flows.player import Player, Position, StepResult
from mockserver.flows.rendering import ExchangeRenderer


@dataclass(frozen=True)
class Terminal:
    """Who watches. `tell` prints a line; `ask` gives what is answered to a prompt, None to play without asking;
    `wait` lets seconds pass."""

    tell: Callable[[str], None]
    ask: Callable[[str], str] | None
    wait: Callable[[float], None]


def demonstrate(
    flow: ArazzoDocument, inputs: Mapping[str, Json], stage: DemoServer, rendering: ExchangeRenderer, audience: Terminal
) -> bool:
    """Plays a flow; tells whether every step got what it should. Raises what `Player` and `DemoServer` raise."""
    audience.tell(rendering.paint("bold", flow.title))
    audience.tell(flow.summary)
    player = Player(flow, inputs)
    history: list[tuple[Position, Json]] = []
    position: Position | None = player.start()
    while position is not None and not position.over:
        _announce(position, history, rendering, audience)
        wish = _wish(audience, back=bool(history) and stage.world is not None)
        if wish == "q":
            return True
        if wish == "b":
            position, kept = history.pop()
            stage.take_back(kept)
            continue
        history.append((position, stage.keep() if audience.ask else None))
        played = player.play(position, stage.carry)
        for line in rendering.played(played, _changes(played, stage)):
            audience.tell(line)
        if played.next is None:
            return played.passed
        audience.wait(played.pause)
        position = played.next
    return True


def _announce(
    position: Position, history: list[tuple[Position, Json]], rendering: ExchangeRenderer, audience: Terminal
) -> None:
    workflow, step = position.workflow, position.step
    if not history or history[-1][0].workflow is not workflow:
        audience.tell("")
        audience.tell(rendering.paint("bold", f"{workflow.id}: {workflow.summary}"))
    audience.tell("")
    audience.tell(rendering.paint("bold", f"{len(history) + 1}. {step.id}"))
    audience.tell(f"  {step.description}")


def _wish(audience: Terminal, back: bool) -> str:
    if audience.ask is None:
        return ""
    prompt = "  [Enter] play" + ("  [b] back" if back else "") + "  [q] quit: "
    while True:
        wish = audience.ask(prompt).strip().lower()
        if wish in ("", "q") or (wish == "b" and back):
            return wish


def _changes(played: StepResult, stage: DemoServer) -> list[Json]:
    """What a step changed. The control plane's own calls are in no world's journal."""
    operation = played.step.operation
    return [] if operation is None or operation.service == CONTROL else stage.changes(played.response)
