"""The small edits of source code that a good test suite should notice.

    comparison      <  becomes <=, == becomes !=, is becomes is not, in becomes not in, and the reverse
    condition       if x  becomes if not x
    and, or         each operand is left out in turn
    arithmetic      + becomes -, * becomes //, | becomes &, << becomes >>, and the reverse
    sign, not       is left out
    constant        a number grows by one, True becomes False, a string without spaces gets an X in front
    max, any        become min, all, and the reverse
    statement       an assignment, a call, a raise, a break or a continue is left out; a function returns None

Annotations, docstrings, imports, `assert`, `__slots__`, `__all__` and type aliases stay as they are: an edit of them
changes nothing that a program does. So do strings with spaces, which are messages for people.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

OPERATORS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
FUNCTIONS = {"max": "min", "min": "max", "any": "all", "all": "any"}
LEFT_OUT = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Expr, ast.Raise, ast.Break, ast.Continue)
"""Statements that a function can do without and still be a function."""


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Yields each node that may stand in place of this one."""
    match node:
        case ast.Compare(left, operators, comparators):
            for place, operator in enumerate(operators):
                others = [*operators[:place], OPERATORS[type(operator)](), *operators[place + 1 :]]
                yield ast.Compare(left, others, comparators)
        case ast.BoolOp(operator, operands):
            for place in range(len(operands)):
                rest = operands[:place] + operands[place + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(operator)](), right)
        case ast.AugAssign(target, operator, value) if type(operator) in OPERATORS:
            yield ast.AugAssign(target, OPERATORS[type(operator)](), value)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Constant(value):
            yield from _constants(value)
        case ast.Call(ast.Name(name), arguments, keywords) if name in FUNCTIONS:
            yield ast.Call(ast.Name(FUNCTIONS[name], ast.Load()), arguments, keywords)
    yield from _statements(node)


def _constants(value: Any) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, (str, bytes)) and b" " not in (value.encode() if isinstance(value, str) else value):
        yield ast.Constant("X" + value if isinstance(value, str) else b"X" + value)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, LEFT_OUT):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Return) and node.value is None:
        yield ast.Pass()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def conditions(node: ast.AST) -> Iterator[ast.expr]:
    """Yields the conditions of a statement, a conditional expression or a comprehension, which can be negated."""
    match node:
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            yield test
        case ast.comprehension(ifs=tests):
            yield from tests
