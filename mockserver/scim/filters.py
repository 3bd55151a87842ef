"""The filter language of RFC 7644, section 3.4.2.2: parses a text into a syntax tree, and prints the tree.

The tree does not depend on schemas; `matching` applies it to resources. Beyond the RFC, Microsoft Entra's form
`emails[type eq "work"].value eq "x"` is parsed as `emails[type eq "work" and value eq "x"]`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from mockserver.scim.errors import invalid_filter
from mockserver.scim.locations import AttributePath, read_attribute_path

Literal = str | int | float | bool | None

MAX_DEPTH: Final = 40
"""How deep parentheses may nest. The limit keeps hostile filters from exhausting the stack; no client comes near it."""

OPERATORS: Final = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})


@dataclass(frozen=True, slots=True)
class Present:
    """`title pr`"""

    path: AttributePath

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`userName eq "ann"`"""

    path: AttributePath
    operator: str
    value: Literal

    def __str__(self) -> str:
        return f"{self.path} {self.operator} {json.dumps(self.value)}"


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`emails[type eq "work"]`: a single value of the attribute meets the whole condition."""

    path: AttributePath
    condition: Node

    def __str__(self) -> str:
        return f"{self.path}[{self.condition}]"


@dataclass(frozen=True, slots=True)
class Not:
    """`not (title pr)`"""

    operand: Node

    def __str__(self) -> str:
        return f"not ({self.operand})"


@dataclass(frozen=True, slots=True)
class And:
    """`active eq true and title pr`"""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.operands)


@dataclass(frozen=True, slots=True)
class Or:
    """`title pr or nickName pr`"""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.operands)


Node = Present | Comparison | ValuePath | Not | And | Or

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<string>\"(?:[^\"\\\x00-\x1f]|\\.)*\")"
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![^\s()\[\]])"
    r"|(?P<mark>[()\[\]])"
    r"|(?P<word>[^\s\"()\[\]]+)"
    r")"
)
_EQUALITY = re.compile(r"\s*([^\s\"()\[\]]+)\s+[eE][qQ]\s+\"([^\"\\\x00-\x1f]*)\"\s*")
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "its end")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise invalid_filter(f"The filter can't be read at character {position + 1}.")
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind]))
        position = match.end()
    tokens.append(_END)
    return tokens


class Parser:
    """Parses a filter, or the condition in the brackets of a PATCH path, token by token."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0

    def take(self) -> _Token:
        """Returns the next token and moves past it; at the end, returns the end token every time."""
        token = self._tokens[self._next]
        if token is not _END:
            self._next += 1
        return token

    def peek(self) -> _Token:
        """Returns the next token without moving past it."""
        return self._tokens[self._next]

    def expect(self, mark: str) -> None:
        """Moves past this mark. Raises the SCIM error `invalidFilter` if the next token is another one."""
        token = self.take()
        if token.text.lower() != mark or token.kind == "string":
            raise invalid_filter(f"The filter has {token.text} where {mark} should be.")

    def disjunction(self, *, bracketed: bool) -> Node:
        """Parses one or more conditions joined by `or`, the operator that binds least.

        Within brackets (`bracketed`) no further brackets may follow.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise invalid_filter(f"The filter nests deeper than {MAX_DEPTH} levels.")
        operands = [self._conjunction(bracketed)]
        while self._keyword("or"):
            operands.append(self._conjunction(bracketed))
        self._depth -= 1
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _conjunction(self, bracketed: bool) -> Node:
        operands = [self._condition(bracketed)]
        while self._keyword("and"):
            operands.append(self._condition(bracketed))
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _condition(self, bracketed: bool) -> Node:
        token = self.take()
        if token.text == "(":
            inner = self.disjunction(bracketed=bracketed)
            self.expect(")")
            return inner
        if token.kind == "word" and token.text.lower() == "not" and self.peek().text == "(":
            self.take()
            inner = self.disjunction(bracketed=bracketed)
            self.expect(")")
            return Not(inner)
        path = read_attribute_path(token.text) if token.kind == "word" else None
        if path is None:
            raise invalid_filter(f"The filter has {token.text} where an attribute should be.")
        if self.peek().text == "[" and not bracketed:
            return self._value_path(path)
        return self._comparison(path)

    def _value_path(self, path: AttributePath) -> Node:
        self.take()
        condition = self.disjunction(bracketed=True)
        self.expect("]")
        if not self.peek().text.startswith("."):
            return ValuePath(path, condition)
        sub = read_attribute_path(self.take().text[1:])
        if sub is None:
            raise invalid_filter("The filter names no attribute after the bracket.")
        return ValuePath(path, And((condition, self._comparison(sub))))

    def _comparison(self, path: AttributePath) -> Node:
        operator = self.take().text.lower()
        if operator == "pr":
            return Present(path)
        if operator not in OPERATORS:
            raise invalid_filter(f"The filter has {operator} where an operator should be.")
        return Comparison(path, operator, self._literal())

    def _literal(self) -> Literal:
        token = self.take()
        if token.kind == "string" or token.kind == "number":
            try:
                value: Literal = json.loads(token.text)
            except ValueError:
                raise invalid_filter(f"The filter has {token.text} where a JSON value should be.") from None
            return value
        if token.kind == "word" and token.text.lower() in _CONSTANTS:
            return _CONSTANTS[token.text.lower()]
        raise invalid_filter(f"The filter has {token.text} where a value should be; texts stand in double quotes.")

    def _keyword(self, word: str) -> bool:
        token = self.peek()
        if token.kind != "word" or token.text.lower() != word:
            return False
        self.take()
        return True


def parse_filter(text: str) -> Node:
    """Returns the syntax tree of a filter.

    Raises the SCIM error `invalidFilter`, whose message names the position or the token that can't be parsed.
    """
    # Almost all filters of identity providers are a single equality. One regular expression is three times as fast.
    equality = _EQUALITY.fullmatch(text)
    path = read_attribute_path(equality[1]) if equality else None
    if equality is not None and path is not None:
        return Comparison(path, "eq", equality[2])
    return _parse(text)


def _parse(text: str) -> Node:
    parser = Parser(text)
    node = parser.disjunction(bracketed=False)
    rest = parser.take()
    if rest is not _END:
        raise invalid_filter(f"The filter goes on with {rest.text} after its end.")
    return node
