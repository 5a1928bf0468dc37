"""The changes that are tried: each is one slip of a pen."""

import ast
from collections.abc import Iterator
from copy import deepcopy

from msgspec import Struct

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Change(Struct, frozen=True, order=True):
    """One change in one file: the `place`-th that could be made there, its line, and what it does."""

    path: str
    place: int
    line: int
    what: str


def changes(path: str, source: str) -> list[Change]:
    """Return every change that could be made to a file."""
    found = []
    for place, (node, what, _) in enumerate(_sites(ast.parse(source))):
        found.append(Change(path, place, node.lineno, what))
    return found


def changed(source: str, place: int) -> ast.Module:
    """Return a file's syntax with one change made."""
    tree = ast.parse(source)
    node, _, new = list(_sites(tree))[place]
    _Replace(node, new).visit(tree)
    return ast.fix_missing_locations(tree)


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, ast.copy_location(new, old)

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the new node in the place of the old one."""
        return self._new if node is self._old else super().generic_visit(node)


def _sites(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.AST]]:
    """Yield what may be changed within functions, how, and what stands there then."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                yield from _within(statement)
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(value, ast.Constant | ast.Call | ast.Tuple):
            yield from _numbers(value)


def _within(statement: ast.stmt) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.AST]]:
    if not isinstance(statement, ast.FunctionDef):
        for node in ast.walk(statement):
            yield from _decided(node)
            yield from _worked_out(node)
        yield from _numbers(statement)


def _decided(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            yield node, f"{_name(op)} → {_name(_COMPARED[type(op)]())}", _with(node, ops=[_COMPARED[type(op)]()])
        case ast.BoolOp(op=ast.And()):
            yield node, "and → or", _with(node, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield node, "or → and", _with(node, op=ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield node, "not is gone", node.operand
        case ast.IfExp(test=test, body=body, orelse=other):
            yield node, "the two of an if change places", ast.IfExp(test=test, body=other, orelse=body)
        case ast.If() | ast.While():
            negated = ast.UnaryOp(op=ast.Not(), operand=node.test)
            yield node, "if → if not", _with(node, test=ast.copy_location(negated, node.test))


def _worked_out(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.AST]]:
    match node:
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            yield node, f"{_name(op)} → {_name(_COMPUTED[type(op)]())}", _with(node, op=_COMPUTED[type(op)]())
        case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
            yield node, f"{name} → {_CALLED[name]}", _with(node, func=ast.Name(id=_CALLED[name], ctx=ast.Load()))
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield node, "returns None", ast.Return(value=ast.Constant(None))


def _numbers(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.AST]]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=bool() as value):
                yield node, f"{value} → {not value}", ast.Constant(not value)
            case ast.Constant(value=int() as value):
                yield node, f"{value} → {value + 1}", ast.Constant(value + 1)


def _with(node: ast.AST, **parts: object) -> ast.AST:
    new = deepcopy(node)
    for name, part in parts.items():
        setattr(new, name, part)
    return new


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _name(operator: ast.AST) -> str:
    return type(operator).__name__
