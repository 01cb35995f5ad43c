"""Mutants of what stands outside functions, where mutmut makes none: boundaries, points, lists, defaults."""

import ast
import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.mutants import scope
from tests.mutants.copies import ROOT, is_noticed, prepare
from tests.mutants.verdict import Mutation, Outcome, between

TOLD_EVERY = 100
DISPLAYS = (ast.Tuple, ast.List, ast.Set)
COMPARISONS: Mapping[type[ast.cmpop], ast.cmpop] = {
    ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(),
    ast.In: ast.NotIn(),
    ast.NotIn: ast.In(),
}


def run(folder: Path, tell: Callable[[str], None]) -> Outcome:
    """Try every mutant on copies below ``folder``, one for each processor."""
    workers = os.cpu_count() or 1
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(workers):
        prepare(folder / str(number))
        copies.put(folder / str(number))
    mutants = [(module, text) for module in scope.sources() for text in mutated(module)]
    tried = count(1)

    def survives(mutant: tuple[str, str]) -> bool:
        copy = copies.get()
        try:
            return _survives(copy, *mutant)
        finally:
            copies.put(copy)
            if (number := next(tried)) % TOLD_EVERY == 0:
                tell(f"  outside functions: {number} of {len(mutants)}")

    with ThreadPoolExecutor(workers) as pool:
        alive = list(pool.map(survives, mutants))
    survivors = [_mutation(*mutant) for mutant, is_alive in zip(mutants, alive, strict=True) if is_alive]
    return Outcome("Outside functions", len(mutants), tuple(survivors))


def _survives(copy: Path, module: str, text: str) -> bool:
    path = copy / module
    original = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    try:
        return not is_noticed(copy)
    finally:
        path.write_bytes(original)


def _mutation(module: str, text: str) -> Mutation:
    return between(module, (ROOT / module).read_text(encoding="utf-8"), text)


def mutated(module: str) -> Iterator[str]:
    """The texts of a module with one small fault each, in what it and its classes assign."""
    name = module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    yield from mutants((ROOT / module).read_text(encoding="utf-8"), vars(importlib.import_module(name)))


def mutants(source: str, names: Mapping[str, Any]) -> Iterator[str]:
    """The same for this text; ``names`` are those that its module knows."""
    lines = source.encode().splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column

    whole = source.encode()
    for value in _assigned(ast.parse(source).body):
        for node in _mutable(value):
            start = offset(node.lineno, node.col_offset)
            end = offset(node.end_lineno or 0, node.end_col_offset or 0)
            for changed in _changed(node, names):
                yield (whole[:start] + changed.encode() + whole[end:]).decode()


def _assigned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _assigned(statement.body)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            yield statement.value


def _mutable(node: ast.AST) -> Iterator[ast.expr]:
    """This node and those within it, save types and the names that types give themselves."""
    if isinstance(node, ast.Subscript) or (isinstance(node, ast.Call) and ast.unparse(node.func) == "TypeVar"):
        return
    if isinstance(node, ast.expr):
        yield node
    if isinstance(node, ast.JoinedStr | ast.Attribute):
        return
    for child in ast.iter_child_nodes(node):
        # A text in a list is left out of it: that says as much as to change it.
        if not (isinstance(node, DISPLAYS) and isinstance(child, ast.Constant) and isinstance(child.value, str)):
            yield from _mutable(child)


def _changed(node: ast.expr, names: Mapping[str, Any]) -> Iterator[str]:
    match node:
        case ast.Constant() | ast.JoinedStr():
            yield from _other_constants(node)
        case ast.Tuple() | ast.List() | ast.Set():
            for left_out in node.elts:
                yield ast.unparse(type(node)([each for each in node.elts if each is not left_out]))
        case ast.Dict():
            pairs = list(zip(node.keys, node.values, strict=True))
            for pair in pairs:
                kept = [each for each in pairs if each is not pair]
                yield ast.unparse(ast.Dict([key for key, _ in kept], [value for _, value in kept]))
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield ast.unparse(ast.Compare(node.left, [COMPARISONS[type(operator)]], node.comparators))
        case ast.BinOp():
            yield from (ast.unparse(node.left), ast.unparse(node.right))
        case ast.Name() | ast.Attribute():
            yield from _member_before(node, names)


def _other_constants(node: ast.Constant | ast.JoinedStr) -> Iterator[str]:
    match node:
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield from (str(value + 1), str(value - 1))
        case ast.Constant(value=None):
            yield "0"
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield f'{ast.unparse(node)} + "XX"'


def _member_before(node: ast.expr, names: Mapping[str, Any]) -> Iterator[str]:
    """The member before this one in its enumeration: "no" for "not known"."""
    try:
        value = eval(ast.unparse(node), dict(names))
    except NameError:
        # A name within a comprehension.
        return
    if isinstance(value, Enum):
        members = list(type(value))
        yield f"{type(value).__name__}.{members[members.index(value) - 1].name}"
