"""The states of a connection, and how it moves between them.

                                    the client connects
                                            │
                                            ▼
      the body is whole,            ┌──► IDLE ◄──┐         the delay is over
      or refused   ┌────────────────┤    │ │ │   ├───────────────┐
                   │                     │ │ │                   │
               RECEIVING ◄───────────────┘ │ └──────────────► DELAYED
                   │   a head without the  │   a fault delays    │
                   │   end of its body     │   the answer        │
                   │                       ├──────────────► STREAMING
                   │                       │   the answer        │
                   │                       │   has no end        │
                   ▼                       ▼                     ▼
               CLOSING ◄──── the last answer is written, or the client takes too long
                   │
                   ▼
                CLOSED ◄──── the transport is gone; this can happen in any state

Requests are answered in IDLE only. There is no state for answering: the core is synchronous, so nothing can happen
between the end of a request and its answer.
"""

from __future__ import annotations

from enum import Enum, auto


class ConnectionState(Enum):
    """What a connection is doing."""

    __hash__ = object.__hash__  # Enum's own is written in Python

    IDLE = auto()
    """No request is under way. A part of the next head may have arrived."""
    RECEIVING = auto()
    """The head of a request is here and a part of its body is not."""
    DELAYED = auto()
    """An answer waits for its timer. What the client sends meanwhile is neither parsed nor answered."""
    STREAMING = auto()
    """The answer goes on until the client leaves or what it follows ends. What the client sends is ignored."""
    CLOSING = auto()
    """Everything is written and the transport closes. What the client sends is ignored."""
    CLOSED = auto()
    """The transport is gone."""


IDLE, RECEIVING, DELAYED, STREAMING, CLOSING, CLOSED = ConnectionState
# Names of their own, because a request asks for its connection's state several times and a member of an Enum is slow to
# find in its class.

TRANSITIONS: dict[ConnectionState, tuple[ConnectionState, ...]] = {
    IDLE: (RECEIVING, DELAYED, STREAMING, CLOSING, CLOSED),
    RECEIVING: (IDLE, CLOSING, CLOSED),
    DELAYED: (IDLE, CLOSING, CLOSED),
    STREAMING: (CLOSING, CLOSED),
    CLOSING: (CLOSED,),
    CLOSED: (),
}
"""The states that may follow each state."""
