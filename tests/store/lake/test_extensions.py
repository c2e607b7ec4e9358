"""The extensions are loaded from the pinned files or not at all, and nothing is downloaded."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.lake import extensions
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.extensions import EXTENSION_HASHES, EXTENSION_VERSION, find_extensions, load_extensions
from tests.paths import ROOT


@pytest.fixture(autouse=True)
def _forget_checked_files() -> Iterator[None]:
    find_extensions.cache_clear()
    yield
    find_extensions.cache_clear()


@pytest.fixture
def empty_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for packages of this test, which stand before the installed ones."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def _write_package(folder: Path, name: str, content: bytes | None) -> None:
    files = folder / f"duckdb_extension_{name}" / "extensions" / f"v{EXTENSION_VERSION}"
    files.mkdir(parents=True)
    (files.parents[1] / "__init__.py").touch()
    if content is not None:
        (files / f"{name}.duckdb_extension").write_bytes(content)


def test_both_extensions_are_loaded_with_signatures_checked_and_downloads_off() -> None:
    with closing(duckdb.connect()) as connection:
        load_extensions(connection)
        loaded = connection.execute(
            "select extension_name, install_mode from duckdb_extensions() where loaded order by extension_name"
        ).fetchall()
        off = connection.execute(
            "select current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions'), "
            "current_setting('allow_unsigned_extensions')"
        ).fetchone()
    assert {("ducklake", "NOT_INSTALLED"), ("postgres_scanner", "NOT_INSTALLED")} <= set(loaded)
    assert off == (False, False, False)


def test_the_pins_are_those_of_the_requirements() -> None:
    pins = (ROOT / "requirements-lake.txt").read_text(encoding="utf-8")
    assert version("duckdb") == EXTENSION_VERSION
    for name in EXTENSION_HASHES["x86_64"]:
        package = f"duckdb-extension-{name.replace('_', '-')}"
        assert f"{package}=={EXTENSION_VERSION} ; " in pins
        assert version(package) == EXTENSION_VERSION


def test_a_lake_is_written_and_read(lake_address: LakeAddress, lake_folder: Path) -> None:
    with closing(duckdb.connect()) as connection:
        load_extensions(connection)
        target = sql.quote_text(f"ducklake:postgres:{lake_address.conninfo}")
        connection.execute(f"attach {target} as lake (data_path {sql.quote_text(f'{lake_folder}/')})")
        connection.execute("create table lake.numbers as select range as number from range(1000)")
        assert connection.execute("select count(*), sum(number) from lake.numbers").fetchall() == [(1000, 499500)]
        connection.execute("detach lake")


def test_the_files_are_checked_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.stem.partition(".")[0] for path in find_extensions()] == ["postgres_scanner", "ducklake"]
    monkeypatch.setattr(extensions, "_compute_hash", lambda _: pytest.fail("read twice"))
    with closing(duckdb.connect()) as connection:
        load_extensions(connection)


@pytest.mark.parametrize(
    ("system", "machine", "sentence"),
    [
        ("Windows", "AMD64", "The lake needs Linux; this machine runs Windows."),
        ("Darwin", "arm64", "The lake needs Linux; this machine runs Darwin."),
        ("", "", "The lake needs Linux; this machine runs ?."),
        ("Linux", "riscv64", "The lake needs Linux on x86_64 or aarch64; this machine is riscv64."),
    ],
)
def test_another_machine_is_told_in_words(
    system: str, machine: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with closing(duckdb.connect()) as connection, pytest.raises(StoreError) as caught:
        load_extensions(connection)
    assert str(caught.value) == sentence


def test_another_release_of_duckdb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "__version__", "1.5.6")
    with pytest.raises(StoreError, match=r"The lake needs duckdb 1\.5\.5; 1\.5\.6 is installed"):
        find_extensions()


def test_missing_wheels_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"duckdb-extension-postgres-scanner==1\.5\.5 is missing.*kpis\[lake\]"):
        find_extensions()


def test_a_wheel_of_another_version_is_missing(empty_packages: Path) -> None:
    _write_package(empty_packages, "ducklake", None)
    with pytest.raises(StoreError, match=r"duckdb-extension-ducklake==1\.5\.5 is missing"):
        find_extensions()


@pytest.mark.parametrize("name", ["postgres_scanner", "ducklake"])
def test_a_changed_file_is_refused_before_duckdb_sees_it(name: str, empty_packages: Path) -> None:
    original = dict(zip(EXTENSION_HASHES["x86_64"], find_extensions(), strict=True))[name].read_bytes()
    find_extensions.cache_clear()
    _write_package(empty_packages, name, original[:-1] + bytes([original[-1] ^ 1]))
    with closing(duckdb.connect()) as connection, pytest.raises(StoreError, match="is not the file of this release"):
        load_extensions(connection)


def test_a_file_that_duckdb_refuses_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "ducklake.duckdb_extension"
    path.write_bytes(b"no extension" * 1000)
    monkeypatch.setattr(extensions, "find_extensions", lambda: (path,))
    with closing(duckdb.connect()) as connection, pytest.raises(StoreError, match="could not load its extensions"):
        load_extensions(connection)


def test_what_does_without_a_lake_imports_nothing_of_it() -> None:
    code = (
        "import sys, kpis.cli.main, kpis.access.enforcement, kpis.services.refresh\n"
        "import kpis.store.lake.address as address\n"
        "assert address.parse_address('var/kpis.json') is None\n"
        "print([name for name in sys.modules if name.startswith(('psycopg', 'duckdb_extension'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
