"""docs/architecture.md holds the packages that exist, in the order of the import contract."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import grimp
import pytest

from tests.paths import DOCS, ROOT

PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")
DIAGRAM = PAGE.partition("```mermaid\n")[2].partition("```")[0]
NODES = re.findall(r"^ +(\w+)\[", DIAGRAM, re.MULTILINE)
ARROWS = re.findall(r"^ +(\w+) --> (\w+)$", DIAGRAM, re.MULTILINE)
TABLE = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)
"""Package and its tests, by row."""


@pytest.fixture(scope="module")
def contract() -> dict[str, list[str]]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (contract for contract in linter["contracts"] if contract.get("containers") == ["kpis"])
    return dict(layers)


def _find_reachable(arrows: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows and every pair that follows from them."""
    pairs = set(arrows)
    while True:
        longer = {(start, end) for start, middle in pairs for other, end in pairs if middle == other} - pairs
        if not longer:
            return pairs
        pairs |= longer


def _list_package_imports() -> set[tuple[str, str]]:
    graph = grimp.build_graph("kpis", cache_dir=None)
    modules = [(module, module.split(".")[1]) for module in graph.modules if "." in module]
    pairs = {
        (package, imported.split(".")[1])
        for module, package in modules
        if package != "__main__"
        for imported in graph.find_modules_directly_imported_by(module)
        if "." in imported
    }
    return {(package, imported) for package, imported in pairs if package != imported}


def test_the_diagram_holds_every_package_once(contract: dict[str, list[str]]) -> None:
    names = {path.stem for path in (ROOT / "kpis").glob("*.py")}
    names |= {path.parent.name for path in (ROOT / "kpis").glob("*/__init__.py")}
    assert sorted(NODES) == sorted(names - {"__init__", *contract["exhaustive_ignores"]})


def test_the_diagram_and_the_table_have_the_order_of_the_contract(contract: dict[str, list[str]]) -> None:
    layers = [name.strip() for layer in contract["layers"] for name in re.split(r"[|:]", layer)]
    assert layers == NODES
    assert layers == [package for package, _ in TABLE]


def test_every_arrow_points_downward() -> None:
    assert [(start, end) for start, end in ARROWS if NODES.index(start) >= NODES.index(end)] == []


def test_the_arrows_are_the_imports() -> None:
    imports = _list_package_imports()
    assert sorted(set(ARROWS) - imports) == [], "arrows without an import"
    assert sorted(imports - _find_reachable(ARROWS)) == [], "imports that follow from no arrow"


def test_the_tests_of_every_package_are_where_the_table_says() -> None:
    paths = {package: tests.strip("`") for package, tests in TABLE if tests.startswith("`")}
    assert [package for package, path in paths.items() if not (ROOT / path).exists()] == []
    assert {package for package, _ in TABLE} - set(paths) == {"errors"}
