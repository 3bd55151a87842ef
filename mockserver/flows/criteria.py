"""Success criteria: whether what a step got is what it should get. The only importer of `jsonpath`.

A simple condition compares literals and expressions by `== != < <= > >=` and joins comparisons by `! && ||` and
parentheses. Strings are compared without regard to case, as Arazzo 1.0 wants. An expression that stands for nothing is
equal to nothing. A regular expression is searched for in the text of its context; a JSONPath holds if it selects
anything of its context.
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
_NOTHING = object()


def holds(criterion: Criterion, scope: Scope) -> bool:
    """Whether a criterion is met. Raises InvalidFlow for one that can not be read."""
    if criterion.kind == "simple":
        return _Simple(criterion.condition, scope).result()
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
    import jsonpath  # slow to import, and few flows need it

    if not isinstance(context, (dict, list)):
        return False
    try:
        return bool(jsonpath.findall(path, context))
    except jsonpath.JSONPathError as error:
        raise InvalidFlow(f"JSONPath {path}: {error}") from None


class _Simple:
    """Reads a simple condition and computes it on the way: or of ands of nots of comparisons."""

    def __init__(self, condition: str, scope: Scope) -> None:
        self._condition = condition
        self._scope = scope
        self._tokens = self._cut(condition)

    def result(self) -> bool:
        value = self._either()
        if self._tokens:
            raise self._unreadable()
        return value

    def _either(self) -> bool:
        value = self._both()
        while self._take("||"):
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._comparison()
        while self._take("&&"):
            value = self._comparison() and value
        return value

    def _comparison(self) -> bool:
        if self._take("!"):
            return not self._comparison()
        if self._take("("):
            value = self._either()
            if not self._take(")"):
                raise self._unreadable()
            return value
        left = self._operand()
        sign = next((it for it in _COMPARISONS if self._take(it)), None)
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
            raise self._unreadable()
        try:
            return evaluate(token, self._scope)
        except Undefined:
            return _NOTHING

    def _take(self, sign: str) -> bool:
        if self._tokens[:1] != [("sign", sign)]:
            return False
        del self._tokens[0]
        return True

    def _cut(self, condition: str) -> list[tuple[str, str]]:
        tokens = []
        at = 0
        while at < len(condition.rstrip()):
            found = _TOKEN.match(condition, at)
            if found is None:
                raise self._unreadable()
            tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            at = found.end()
        return tokens

    def _unreadable(self) -> InvalidFlow:
        return InvalidFlow(f"condition that can not be read: {self._condition}")


def _compare(sign: str, left: Json, right: Json) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.casefold(), right.casefold()
    if isinstance(left, bool) != isinstance(right, bool):  # to Python, true is 1
        return sign == "!="
    try:
        return _COMPARISONS[sign](left, right)
    except TypeError:  # no order between a text and a number, or with nothing
        return False
