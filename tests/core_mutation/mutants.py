"""The mutants of a module: its source code with one small edit each."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .operators import conditions, replacements

UNTOUCHED_FIELDS = {
    "annotation",
    "returns",
    "decorator_list",
    "bases",
    "type_params",
    "format_spec",
    "ctx",
    "op",
    "ops",
}


@dataclass(frozen=True)
class Place:
    """A node of a syntax tree and where it hangs: `owner.field`, or the item `index` of that list.

    `scope` is the qualified name of the function or class around it, `in_function` says whether it is in a function.
    """

    node: ast.AST
    owner: ast.AST
    field: str
    index: int | None
    scope: str
    in_function: bool

    def put(self, node: ast.AST) -> None:
        """Hangs another node in this place."""
        if self.index is None:
            setattr(self.owner, self.field, node)
        else:
            getattr(self.owner, self.field)[self.index] = node


@dataclass(frozen=True)
class SourceMutant:
    """One edit: another node in a place of a module's syntax tree.

    `name` says where it is and what it changes, without line numbers, so that it stays the same when code around it
    changes.
    """

    name: str
    module: ast.Module
    place: Place
    replacement: ast.AST

    @property
    def source(self) -> str:
        """The whole module with the edit."""
        self.place.put(self.replacement)
        try:
            return ast.unparse(ast.fix_missing_locations(self.module))
        finally:
            self.place.put(self.place.node)


def mutants(module: str, source: str) -> Iterator[SourceMutant]:
    """Yields all mutants of a module, in the order of its code. `module` is the name that people know it by."""
    tree = ast.parse(source)
    repeated: Counter[str] = Counter()
    for place in _places(tree, "", False):
        for new in _edits(place):
            name = f"{module} {place.scope or 'module'}: {_line(place.node)} -> {_line(new)}"
            repeated[name] += 1
            yield SourceMutant(name if repeated[name] == 1 else f"{name} ({repeated[name]})", tree, place, new)


def _edits(place: Place) -> Iterator[ast.AST]:
    for new in replacements(place.node):
        if place.in_function or not isinstance(new, ast.Pass):
            yield new
    for condition in conditions(place.owner):
        if place.node is condition:
            yield ast.UnaryOp(ast.Not(), condition)


def _places(owner: ast.AST, scope: str, in_function: bool) -> Iterator[Place]:
    for field, value in ast.iter_fields(owner):
        if field in UNTOUCHED_FIELDS:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _untouched(node, owner):
                yield Place(node, owner, field, index, scope, in_function)
                yield from _places(node, *_inside(node, scope, in_function))


def _inside(node: ast.AST, scope: str, in_function: bool) -> tuple[str, bool]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"{scope}.{node.name}".lstrip("."), True
    if isinstance(node, ast.ClassDef):
        return f"{scope}.{node.name}".lstrip("."), in_function
    return scope, in_function


def _untouched(node: ast.AST, owner: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant(str())) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.AnnAssign(annotation=ast.Name("TypeAlias")) | ast.AnnAssign(value=None):
            return True
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.Assign(value=ast.Call(ast.Name("TypeVar" | "ParamSpec"))):
            return True
        case ast.Assign([ast.Name("__slots__" | "__all__")]):
            return True
        case ast.Constant(str()):
            return isinstance(owner, ast.JoinedStr)
    return False


def _line(node: ast.AST) -> str:
    """Returns the code of a node as one line, shortened where it is long."""
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 90 else f"{text[:60]} ... {text[-25:]}"
