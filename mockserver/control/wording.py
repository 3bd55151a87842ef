"""How the control plane explains that a request breaks its document: which member, what it must be, what was meant.

What a member must be is the schema's `x-rule`, or else it follows from the schema's other keywords.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockserver.core.problems import InvalidInput, Violation
from mockserver.core.suggestions import nearest, shortened, suggestion
from mockserver.documents.document import Document
from mockserver.documents.schemas import CLOSING, Schemas
from mockserver.documents.spec import Operation

MOST_VIOLATIONS = 20
"""Violations that a refusal explains."""
DEEPEST = 3
"""Levels of members in which the nearest name is looked for."""


class Wording:
    """Explains violations of one document."""

    def __init__(self, name: str, document: Document) -> None:
        self._schemas = Schemas(name, document)

    def explained(self, refusal: InvalidInput, operation: Operation) -> str:
        """Returns the message of a refusal."""
        unknown = [Violation("body", pointer, CLOSING[0], "", "") for pointer in refusal.undescribed]
        violations = [*refusal.violations, *unknown][:MOST_VIOLATIONS]
        return "; ".join(dict.fromkeys(self._sentence(violation, operation) for violation in violations))

    def _sentence(self, violation: Violation, operation: Operation) -> str:
        parameters = self._parameters(operation)
        if violation.where != "body":
            if violation.keyword in CLOSING:
                known = [name for name, entry in parameters.items() if entry["in"] == violation.where]
                return f"{shortened(violation.name)} is no {violation.where} parameter of {operation.id}" + (
                    suggestion(violation.name, known)
                )
            rule = _rule(self._schemas.resolve(parameters[violation.name]["schema"]))
            return f"{violation.name} must be {rule}" if rule and violation.keyword != "required" else violation.message
        parts = violation.pointer.split("/")[1:]
        body = self._body(operation)
        if violation.keyword in CLOSING:
            return self._unknown_member(parts, body)
        label = "/".join(parts) or "the body"
        around = self._member(body, parts[:-1])
        if violation.keyword == "required":
            return f"{label} is required" if "x-rule" not in around else f"{_label(parts[:-1])} must be {_rule(around)}"
        rule = _rule(self._member(body, parts))
        return f"{label} must be {rule}" if rule else violation.message

    def _unknown_member(self, parts: Sequence[str], body: Mapping[str, Any]) -> str:
        around = self._member(body, parts[:-1])
        known = list(around.get("properties", {}))
        name = parts[-1]
        if nearest(name, known) is None:
            elsewhere = dict(self._names(body))
            near = nearest(name, elsewhere)
            if near is not None:
                return f'{shortened("/".join(parts))} is no known member; did you mean "{elsewhere[near]}"?'
        return f"{shortened('/'.join(parts))} is no known member{suggestion(name, known)}"

    def _names(self, schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
        """Yields the names of all members with their paths (`match/operation`), the deepest first."""
        for name, member in schema.get("properties", {}).items():
            if depth < DEEPEST:
                yield from self._names(self._schemas.resolve(member), f"{prefix}{name}/", depth + 1)
        yield from ((name, prefix + name) for name in schema.get("properties", {}))

    def _member(self, schema: Mapping[str, Any], parts: Sequence[str]) -> Mapping[str, Any]:
        """Returns the schema of a member; an empty one if the document has none."""
        for part in parts:
            further = schema.get("items") if part.isdecimal() else None
            entry = schema.get("properties", {}).get(part) or further or schema.get("additionalProperties") or {}
            schema = self._schemas.resolve(entry)
            if not isinstance(schema, Mapping):
                return {}
        return schema

    def _body(self, operation: Operation) -> Mapping[str, Any]:
        media: Any = next(iter(self._schemas.resolve(operation.definition["requestBody"])["content"].values()))
        schema: Mapping[str, Any] = self._schemas.resolve(media["schema"])
        return schema

    def _parameters(self, operation: Operation) -> dict[str, Any]:
        item = self._schemas.document["paths"].get(operation.path, {})
        entries = [*item.get("parameters", ()), *operation.definition.get("parameters", ())]
        return {entry["name"]: entry for entry in map(self._schemas.resolve, entries)}


def _label(parts: Sequence[str]) -> str:
    return "/".join(parts) or "the body"


def _rule(schema: Mapping[str, Any]) -> str:
    """Returns what a value with this schema must be; empty if the schema does not say it in a few words."""
    if "x-rule" in schema:
        return str(schema["x-rule"])
    if "enum" in schema:
        return f"one of {', '.join(str(value) or 'nothing' for value in schema['enum'])}"
    kind = schema.get("type")
    if kind == "boolean":
        return "true or false"
    if kind in ("integer", "number"):
        return _number_rule(schema)
    if kind == "string":
        return "a text" + (f" of at most {schema['maxLength']} characters" if "maxLength" in schema else "")
    return {"object": "an object", "array": "a list"}.get(str(kind), "")


def _number_rule(schema: Mapping[str, Any]) -> str:
    kind = "a whole number" if schema["type"] == "integer" else "a number"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f"{kind} from {least} to {most}"
    return f"{kind} of at least {least}" if least is not None else kind
