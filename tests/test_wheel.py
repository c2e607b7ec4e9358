"""The wheel holds one package with its data, and its command works in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kpis.store.product_version import get_product_version
from tests.cli.command_runner import run_kpis

ROOT = Path(__file__).parents[1]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

pytestmark = pytest.mark.slow


def _run(command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("KPIS_", "PYTHON"))}
    environ |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env=environ, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with the build backend that requirements-dev.txt pins."""
    folder = tmp_path_factory.mktemp("wheel")
    options: list[str | Path] = ["--no-deps", "--no-build-isolation", "--wheel-dir", folder]
    built = _run([sys.executable, "-m", "pip", "wheel", ROOT, *options], folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `kpis` of a new environment that has the wheel, and sees the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    created = _run([sys.executable, "-m", "venv", "--without-pip", folder], folder)
    assert created.returncode == 0, created.stderr
    python = folder / SCRIPTS / "python"
    purelib = _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder)
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (Path(purelib.stdout.strip()) / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel]
    installed = _run(pip, folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder / SCRIPTS / "kpis"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def _canonical(requirement: Requirement) -> str:
    return f"{canonicalize_name(requirement.name)}{requirement.specifier};{requirement.marker or ''}"


def _read_pins(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as file:
        return set(file.namelist())


def test_the_wheel_holds_one_package_and_what_it_needs_of_the_repository(wheel: Path) -> None:
    names = _names(wheel)
    assert {name.split("/")[0] for name in names} == {"kpis", f"kpis-{get_product_version()}.dist-info"}
    needed = [
        ROOT / "app.py",
        ROOT / ".streamlit" / "config.toml",
        ROOT / "requirements.txt",
        *(ROOT / "pages").rglob("*.py"),
        *(path for path in (ROOT / "data" / "register").rglob("*") if path.is_file()),
        *(path for path in (ROOT / "data" / "sample").rglob("*") if path.suffix in {".toml", ".xlsx"}),
    ]
    bundled = {f"kpis/_bundle/{path.relative_to(ROOT).as_posix()}" for path in needed}
    assert bundled - names == set()


def test_the_wheel_holds_every_file_of_the_package_and_nothing_that_was_made(wheel: Path) -> None:
    names = _names(wheel)
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kpis").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package - names == set()
    assert [name for name in names if "__pycache__" in name or "/var/" in name] == []
    assert [name for name in names if name.startswith("kpis/_bundle/data") and name.endswith(".py")] == []


def test_the_wheel_requires_exactly_the_pins(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        metadata = file.read(f"kpis-{get_product_version()}.dist-info/METADATA").decode("utf-8")
    required = [
        Requirement(line.removeprefix("Requires-Dist: "))
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    extra = [requirement for requirement in required if "extra ==" in str(requirement.marker)]
    plain = [requirement for requirement in required if requirement not in extra]
    assert sorted(map(_canonical, plain)) == sorted(map(_canonical, _read_pins("requirements.txt")))
    assert {_canonical(requirement).partition(";")[0] for requirement in extra} == {
        _canonical(pin).partition(";")[0] for pin in _read_pins("requirements-lake.txt")
    }
    assert [pin for pin in extra if pin.marker is None or not pin.marker.evaluate({"extra": "lake"})] == []
    assert [pin for pin in extra if pin.marker is None or pin.marker.evaluate({"extra": ""})] == []


def test_the_installed_command_says_its_version(command: Path, empty: Path) -> None:
    run = _run([command, "--version"], empty)
    assert (run.returncode, run.stdout, run.stderr) == (0, f"kpis {get_product_version()}\n", "")


def test_the_installed_command_prints_the_same_targets(command: Path, empty: Path) -> None:
    run = _run([command, "targets", "--json"], empty)
    assert (run.returncode, run.stderr) == (0, "")
    expected: Any = run_kpis("targets", "--json").json
    assert json.loads(run.stdout) == expected
    assert list(empty.iterdir()) == []


def test_the_installed_command_hands_its_exit_code_on(command: Path, empty: Path) -> None:
    assert _run([command, "dance"], empty).returncode == 2


def test_the_installed_command_keeps_its_figures_in_the_current_folder(command: Path, empty: Path) -> None:
    run = _run([command, "sync"], empty)
    assert run.returncode == 0, run.stderr
    assert (empty / "var" / "sample" / "kpis.json").is_file()
    package = next(command.parents[1].rglob("_bundle"))
    assert list(package.rglob("var")) == []
