"""The hash of the rules changes with every file that decides how a row is judged, and with no other."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from kpis.sync.rules import DISPLAY_FILES, RULE_FILES, compute_rules_hash, hash_rules, list_rule_files
from tests.paths import ROOT

PACKAGE = ROOT / "kpis"
RULE_NAMES = [path.relative_to(PACKAGE).as_posix() for path in list_rule_files(PACKAGE)]
ENTRY_POINTS = (
    "checks/source_check.py",
    "measures/published_totals.py",
    "register/load.py",
    "register/tables.py",
    "sync/history.py",
    "sync/reading.py",
)
NON_DECIDING_MODULES = {
    "errors.py": "sentences about failures",
    "settings.py": "where files are",
    "language/clock.py": "the Vietnamese day of a moment",
    "language/messages.py": "translates sentences",
    "measures/connection_reader.py": "reads rows as they are",
    "store/__init__.py": "only a docstring",
    "store/answers.py": "keeps what was read",
    "store/attempts_to_keep.py": "which attempts of reading are kept",
    "store/changes/comparison.py": "which plans a version changed",
    "store/changes/rules.py": "whose plan a row is",
    "store/changes/totals.py": "counts rows as they are",
    "store/database.py": "reads rows as they are",
    "store/duckdb_errors.py": "sentences about failures",
    "store/files.py": "writes files",
    "store/formats.py": "which versions can be read",
    "store/journal.py": "attempts of reading, not their rows",
    "store/lock.py": "who may write",
    "store/move_marks.py": "where versions are written",
    "store/paths.py": "where files are",
    "store/orders.py": "what pages ask for",
    "store/positions.py": "where findings are shown",
    "store/schema_columns.py": "compares with schema.sql, which is covered",
    "store/scopes/rules.py": "which rows a viewer sees",
    "store/scopes/scope.py": "whom a viewer stands for",
    "store/scopes/scoped_versions.py": "what a viewer sees of a published version",
    "store/sql.py": "reads .sql files, which are covered",
    "store/staged_version.py": "writes rows as they are",
    "store/staging.py": "writes rows as they are",
    "store/version_store.py": "where versions are written",
    "store/versions.py": "which version is current",
    "sync/__init__.py": "only a docstring",
    "sync/state.py": "counts and times of a source, not its rows",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package that a test may change and restore."""
    copy = tmp_path_factory.mktemp("rules") / "kpis"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def hash_with_comment(tree: Path, name: str) -> str:
    """Return the hash after one more line at the end of a file, which is then restored."""
    path = tree / name
    content = path.read_bytes()
    path.write_bytes(content + b"# x\n")
    try:
        return hash_rules(tree)
    finally:
        path.write_bytes(content)


def list_imports(name: str) -> set[str]:
    """Return the files of the package that a file imports, at its top or inside a function."""
    imports = set[str]()
    for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imports |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    paths = (ROOT / module.replace(".", "/") for module in imports if module.startswith("kpis."))
    files = (file for path in paths for file in (path.with_suffix(".py"), path / "__init__.py"))
    return {file.relative_to(PACKAGE).as_posix() for file in files if file.is_file()}


@pytest.mark.parametrize("name", RULE_NAMES)
def test_a_change_in_a_deciding_file_changes_the_hash(tree: Path, name: str) -> None:
    assert hash_with_comment(tree, name) != hash_rules(tree)


@pytest.mark.parametrize("folder", ["cli", "feedback", "pack", "report", "services", "sources/google", "ui", "wording"])
def test_a_comment_in_another_file_does_not_change_the_hash(tree: Path, folder: str) -> None:
    names = [path.relative_to(tree).as_posix() for path in (tree / folder).rglob("*.py")]
    assert names
    assert {hash_with_comment(tree, name) for name in names} == {hash_rules(tree)}


@pytest.mark.parametrize("name", ["sources/google/transport.py", *sorted(DISPLAY_FILES)])
def test_transport_and_display_files_do_not_change_the_hash(tree: Path, name: str) -> None:
    assert (tree / name).is_file()
    assert hash_with_comment(tree, name) == hash_rules(tree)


def test_line_endings_do_not_change_the_hash_but_versions_do(tree: Path) -> None:
    expected = hash_rules(tree, "duckdb 1")
    for path in list_rule_files(tree):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert hash_rules(tree, "duckdb 1") == expected != hash_rules(tree, "duckdb 2")
    for path in list_rule_files(tree):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert compute_rules_hash() != hash_rules(tree)


@pytest.mark.parametrize("pattern", RULE_FILES)
def test_every_pattern_matches_a_file(pattern: str) -> None:
    assert any(PACKAGE.glob(pattern))


def test_every_module_that_a_deciding_module_imports_is_covered_or_listed_with_a_reason() -> None:
    names, queue = set[str](), list(ENTRY_POINTS)
    while queue:
        name = queue.pop()
        if name not in names:
            names.add(name)
            queue += list_imports(name)
    covered = set(RULE_NAMES)
    assert names - covered == set(NON_DECIDING_MODULES)
    assert not names & DISPLAY_FILES
