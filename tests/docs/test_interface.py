"""docs/interface.md is true: every path, module and function that it names exists."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import kpis.charts
import kpis.ui.shared
import kpis.wording
from kpis.ui import pages
from kpis.ui.shared.filters import Filters
from kpis.ui.shared.page_view import PageView
from tests.paths import ROOT

TEXT = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.S)
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.S))
VIEW_NAMES = {*dir(PageView), *PageView.__annotations__, *Filters.__annotations__}


def load_modules(*packages: ModuleType) -> dict[str, ModuleType]:
    """Return every module directly in the packages, by its last name."""
    names = [
        f"{package.__name__}.{module.name}" for package in packages for module in pkgutil.iter_modules(package.__path__)
    ]
    return {name.rpartition(".")[2]: importlib.import_module(name) for name in names}


MODULES = {**load_modules(kpis.wording, kpis.charts, kpis.ui.shared), "pages": pages}
FUNCTIONS = {name for module in MODULES.values() for name in vars(module)}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:kpis|pages|docs)/[\w./*-]+|app\.py)`", TEXT))))
def test_every_path_exists(path: str) -> None:
    assert list(ROOT.glob(path))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[-1])
def test_every_import_of_the_examples_works(block: str) -> None:
    tree = ast.parse(block)
    tree.body = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert tree.body
    exec(compile(tree, "docs/interface.md", "exec"), {})  # noqa: S102 - imports only


@pytest.mark.parametrize("code", [*BLOCKS, *INLINE])
def test_every_module_function_exists(code: str) -> None:
    for module, name in re.findall(r"(?<![\w./])([a-z_]+)\.(\w+)(?![\w/])", code):
        if module in MODULES and name != "py":
            assert hasattr(MODULES[module], name), f"{module}.{name}"


@pytest.mark.parametrize("code", INLINE)
def test_every_plain_function_exists(code: str) -> None:
    match = re.match(r"([a-z]\w+)\(", code)
    if match and match[1] not in {"function", "render_agency"}:
        assert match[1] in FUNCTIONS | {"translate"}


def test_every_name_of_the_view_exists() -> None:
    names = re.findall(r"\bview\.(?:filters\.)?(\w+)", TEXT)
    assert [name for name in names if name not in VIEW_NAMES | {"filters"}] == []


def test_every_call_of_the_examples_fits_its_function() -> None:
    calls = 0
    for node in (node for block in BLOCKS for node in ast.walk(ast.parse(block))):
        match = re.fullmatch(r"([a-z_]+)\.(\w+)", ast.unparse(node.func)) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and match and match[1] in MODULES:
            keywords = {str(keyword.arg): keyword.value for keyword in node.keywords}
            inspect.signature(getattr(MODULES[match[1]], match[2])).bind(*node.args, **keywords)
            calls += 1
    assert calls > 10


def test_every_class_is_used() -> None:
    root = ROOT / "kpis" / "ui"
    code = "".join(path.read_text(encoding="utf-8") for path in (*root.rglob("*.py"), *root.rglob("*.css")))
    assert [name for name in re.findall(r"`(kpis-[a-z]+)`", TEXT) if name not in code] == []


def test_every_package_of_the_pages_has_a_page() -> None:
    folders = {path.parent.name for path in Path(pages.__file__).parent.glob("*/page.py")} | {"pack"}
    assert folders == {page.slug.replace("-", "_") for page in pages.PAGES}
