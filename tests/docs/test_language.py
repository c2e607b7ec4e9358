"""Names are standard engineering English: a name says what its value is, a function's begins with a verb."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

REFUSED_WORDS = frozenset(
    {
        "one", "found", "said", "told", "asked", "kept", "made", "own", "whole", "before", "there", "shown",
        "held", "taken", "beside", "anew", "again", "whoever", "then", "hands", "known",
    }
)  # fmt: skip
"""Words that do not say what a value is; refused as a whole name, in any case and after underscores."""

REFUSED_FIRST_WORDS = REFUSED_WORDS - {"known"}
"""Refused as the first word of a function's name too; of a test's, as the first word after `test_`."""

ROOTS = ("kpis", "app.py", "pages", "bench", "data", "scripts", "tests")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _list_bindings(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case (
            ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):  # fmt: skip
            yield name
        case _:
            pass


def _get_first_word(function: Function) -> str:
    return function.name.removeprefix("test_").strip("_").partition("_")[0].lower()


def _is_typed_dict(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "TypedDict" for base in node.bases)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, without the fields of a TypedDict: they are the keys of a document."""
    yield node
    for child in () if _is_typed_dict(node) else ast.iter_child_nodes(node):
        yield from _walk(child)


def find_offences(source: str) -> list[str]:
    """Return "line: name" for every refused name that a module's text binds."""
    offences = []
    for node in _walk(ast.parse(source)):
        names = [name for name in _list_bindings(node) if name.strip("_").lower() in REFUSED_WORDS]
        if not names and isinstance(node, Function) and _get_first_word(node) in REFUSED_FIRST_WORDS:
            names = [node.name]
        offences += [f"{getattr(node, 'lineno', 0)}: {name}" for name in names]
    return offences


@pytest.mark.parametrize("root", ROOTS)
def test_names_avoid_the_refused_words(root: str) -> None:
    top = ROOT / root
    files: list[Path] = [top] if top.is_file() else sorted(top.rglob("*.py"))
    offences = [
        f"{path.relative_to(ROOT)}:{offence}"
        for path in files
        for offence in find_offences(path.read_text(encoding="utf-8"))
    ]
    assert not offences, f"{len(offences)} names:\n" + "\n".join(offences)


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "async def _kept_rows(): ...",
        "class Known: ...",
        "def count(one, *, lang): ...",
        "lambda one: one",
        "BEFORE = 1",
        "before, after = 1, 2",
        "self.held = 1",
        "import json as own",
        "from json import loads as shown",
        "[one for one in ()]",
        "for again in (): ...",
        "with open('x') as found: ...",
        "try: ...\nexcept OSError as said: ...",
        "match 1:\n    case made: ...",
        "(found := 1)",
        "class Row:\n    held: int",
        "def test_there_is_a_row(): ...",
    ],
)
def test_a_refused_name_is_found(source: str) -> None:
    assert find_offences(source)


@pytest.mark.parametrize(
    "source",
    [
        "known_at = 1",
        "def known_at(): ...",
        "rows_made = 1",
        "translate(known=1)",
        "row['held'] = 1",
        "row.held = 1",
        "class Document(TypedDict):\n    held: int",
        "def test_the_rows_before_a_day_are_read_again(): ...",
    ],
)
def test_other_names_are_accepted(source: str) -> None:
    assert find_offences(source) == []
