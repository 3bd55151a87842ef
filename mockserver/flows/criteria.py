"""Success criteria: decides whether a response meets a criterion. The only importer of `jsonpath`.

A simple condition compares literals and expressions by `== != < <= > >=`, and joins comparisons by `! && ||` and
parentheses. Strings are compared without regard to case, as Arazzo 1.0 requires. An expression that has no value equals
nothing, not even null. A regular expression is searched for in the text of its context. A JSONPath criterion is met if
the path selects at least one node of its context.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from mockserver.core.messages import Json
from mockserver.flows.arazzo import Criterion, InvalidFlow
from mockserver.flows.expressions import Scope, Undefined, evaluate, text

_TOKEN = re.compile(
    r"\s*(?:(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()])|(?P<string>'(?:[^']|'')*')|(?P<expression>\$[^\s()=!<>&|]+)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>true|false|null)\b)"
)
_WORDS = {"true": True, "false": False, "null": None}
_COMPARISONS: dict[str, Callable[[Json, Json], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NO_VALUE = object()
"""The operand for an expression without a value."""


def holds(criterion: Criterion, scope: Scope) -> bool:
    """Returns whether a criterion is met. Raises InvalidFlow for a criterion that cannot be parsed."""
    if criterion.kind == "simple":
        return _ConditionParser(criterion.condition, scope).result()
    try:
        context = evaluate(criterion.context, scope)
    except Undefined:
        return False
    return (_matches if criterion.kind == "regex" else _selects)(criterion.condition, context)


def _matches(pattern: str, context: Json) -> bool:
    try:
        return re.search(pattern, text(context)) is not None
    except re.error as error:
        raise InvalidFlow(f"regular expression {pattern}: {error}") from None


def _selects(path: str, context: Json) -> bool:
    import jsonpath  # imported here because the import is slow and few flows need it

    if not isinstance(context, (dict, list)):
        return False
    try:
        return bool(jsonpath.findall(path, context))
    except jsonpath.JSONPathError as error:
        raise InvalidFlow(f"JSONPath {path}: {error}") from None


class _ConditionParser:
    """A recursive-descent parser that evaluates a simple condition while it parses it. The grammar:

    disjunction = conjunction { "||" conjunction }
    conjunction = comparison { "&&" comparison }
    comparison  = "!" comparison | "(" disjunction ")" | operand [ sign operand ]
    """

    def __init__(self, condition: str, scope: Scope) -> None:
        self._condition = condition
        self._scope = scope
        self._tokens = self._tokenize(condition)

    def result(self) -> bool:
        value = self._disjunction()
        if self._tokens:
            raise self._error()
        return value

    def _disjunction(self) -> bool:
        value = self._conjunction()
        while self._take("||"):
            value = self._conjunction() or value  # the right side first: it must be parsed whatever the left side is
        return value

    def _conjunction(self) -> bool:
        value = self._comparison()
        while self._take("&&"):
            value = self._comparison() and value
        return value

    def _comparison(self) -> bool:
        if self._take("!"):
            return not self._comparison()
        if self._take("("):
            value = self._disjunction()
            if not self._take(")"):
                raise self._error()
            return value
        left = self._operand()
        sign = next((sign for sign in _COMPARISONS if self._take(sign)), None)
        return left is True if sign is None else _compare(sign, left, self._operand())

    def _operand(self) -> Json:
        kind, token = self._tokens.pop(0) if self._tokens else ("", "")
        if kind == "string":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return float(token)
        if kind == "word":
            return _WORDS[token]
        if kind != "expression":
            raise self._error()
        try:
            return evaluate(token, self._scope)
        except Undefined:
            return _NO_VALUE

    def _take(self, sign: str) -> bool:
        """Removes the next token if it is this sign, and returns whether it was."""
        if self._tokens[:1] != [("sign", sign)]:
            return False
        del self._tokens[0]
        return True

    def _tokenize(self, condition: str) -> list[tuple[str, str]]:
        tokens = []
        position = 0
        while position < len(condition.rstrip()):
            match = _TOKEN.match(condition, position)
            if match is None:
                raise self._error()
            tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            position = match.end()
        return tokens

    def _error(self) -> InvalidFlow:
        return InvalidFlow(f"cannot parse the condition: {self._condition}")


def _compare(sign: str, left: Json, right: Json) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.casefold(), right.casefold()
    if isinstance(left, bool) != isinstance(right, bool):  # in Python, True == 1
        return sign == "!="
    try:
        return _COMPARISONS[sign](left, right)
    except TypeError:  # a string and a number, or a missing value, have no order
        return False
