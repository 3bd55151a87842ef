"""Options of a world: those of the server, and those that services declare.

    strict                 of the server
    auth                   of the server
    <service>.profile      of every service
    <service>.<name>       what `Service.options` declares

An option that nobody declares is refused wherever a client or an operator sets it: it would have no effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockserver.core.messages import Json
from mockserver.core.suggestions import nearest, shortened, suggestion


@dataclass(frozen=True, slots=True)
class WorldOption:
    """One option: its name, without that of its service, and its values.

    `choices` lists the texts that it can have. An option without choices is true or false if `kind` is bool, a whole
    number if it is int, and any text if it is str.
    """

    name: str
    choices: tuple[str, ...] = ()
    kind: type[bool] | type[int] | type[str] = str

    def refusal(self, value: Json) -> str | None:
        """Returns what a value must be, if it is not that."""
        if self.choices:
            if value in self.choices:
                return None
            near = nearest(value, self.choices) if isinstance(value, str) else None
            return f"one of {', '.join(self.choices)}" + (f'; did you mean "{near}"?' if near else "")
        wanted = {bool: "true or false", int: "a whole number", str: "a text"}[self.kind]
        return None if type(value) is self.kind else wanted

    def read(self, text: str) -> Json:
        """Returns the value that a text of the command line stands for. Any other text is left for `refusal`."""
        if self.kind is bool and not self.choices:
            return {"true": True, "false": False}.get(text.lower(), text)
        if self.kind is int and text.removeprefix("-").isdecimal() and len(text) < 20:
            return int(text)
        return text


SERVER_OPTIONS = (WorldOption("strict", kind=bool), WorldOption("auth", ("lenient", "strict", "off")))

Declared = Mapping[str, WorldOption]
"""All options of a server by their full names."""


def declared(options: Mapping[str, Iterable[WorldOption]]) -> Declared:
    """Returns all options by full name; `options` holds those of each service by the service's name."""
    own = {option.name: option for option in SERVER_OPTIONS}
    return own | {f"{service}.{option.name}": option for service, them in options.items() for option in them}


def fault_in(known: Declared, options: Mapping[str, Json]) -> str | None:
    """Returns what is wrong with the first wrong one of these options, as a sentence; None if all are right."""
    for name, value in options.items():
        if name not in known:
            return f"no option {shortened(name)}{suggestion(name, known)}"
        wanted = known[name].refusal(value)
        if wanted:
            return f"the option {name} must be {wanted}"
    return None
