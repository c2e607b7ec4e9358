"""DuckDB's extensions for a lake: from the registry's wheels, of one version and known bytes, never downloaded."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from kpis.errors import StoreError

EXTENSION_VERSION = "1.5.5"
"""The version of both wheels in requirements-lake.txt, and the only one of duckdb that they belong to."""

EXTENSION_HASHES: Mapping[str, Mapping[str, str]] = {
    "x86_64": {
        "postgres_scanner": "b1ced4cfc6311313e117c2afb3eac76508718778dde0716421503c7dbfb5605c",
        "ducklake": "e51bf9e8d933d0e83780ae096455501b542cf962569a2ce5613532d702c08302",
    },
    "aarch64": {
        "postgres_scanner": "e2469cce1e855e8c842a1487dd8168cf27904c03baaf1f2c227529403315d819",
        "ducklake": "d0b57c8e261b89a1ae367c7224f0857cfde72ab6cf2609f188e0de9b897b1088",
    },
}
"""Machine -> extension -> SHA-256 of its file, in the order of loading: DuckLake's catalog uses PostgreSQL's."""

MISSING_MESSAGE = "What a lake needs is not installed: {package} is missing. Run: pip install kpis[lake]"
_SETTINGS = ("set autoinstall_known_extensions = false", "set autoload_known_extensions = false")


def load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load both extensions into the database of a connection; StoreError where they are not exactly the pinned ones.

    Call it before the connection's configuration is locked. DuckDB checks their signatures too.
    """
    paths = find_extensions()
    try:
        for statement in _SETTINGS:
            connection.execute(statement)
        for path in paths:
            connection.load_extension(str(path))
    except duckdb.Error as error:
        text = "DuckDB could not load its extensions for the lake: {reason}"
        raise StoreError(text, reason=str(error).partition("\n")[0]) from error


@cache
def find_extensions() -> tuple[Path, ...]:
    """Return the files of the extensions in the order of loading; they are checked once in a process."""
    if platform.system() != "Linux":
        raise StoreError("The lake needs Linux; this machine runs {system}.", system=platform.system() or "?")
    hashes = EXTENSION_HASHES.get(platform.machine())
    if hashes is None:
        text = "The lake needs Linux on x86_64 or aarch64; this machine is {machine}."
        raise StoreError(text, machine=platform.machine() or "?")
    if duckdb.__version__ != EXTENSION_VERSION:
        text = "The lake needs duckdb {version}; {installed} is installed. Run: pip install kpis[lake]"
        raise StoreError(text, version=EXTENSION_VERSION, installed=duckdb.__version__)
    paths = {name: _find_file(name) for name in hashes}
    for name, path in paths.items():
        if _compute_hash(path) != hashes[name]:
            text = "{path} is not the file of this release. Run: pip install --force-reinstall kpis[lake]"
            raise StoreError(text, path=path)
    return tuple(paths.values())


def _find_file(name: str) -> Path:
    spec = find_spec(f"duckdb_extension_{name}")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / "extensions" / f"v{EXTENSION_VERSION}" / f"{name}.duckdb_extension"
        if path.is_file():
            return path
    package = f"duckdb-extension-{name.replace('_', '-')}=={EXTENSION_VERSION}"
    raise StoreError(MISSING_MESSAGE, package=package)


def _compute_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        text = "{path} could not be read: {reason}"
        raise StoreError(text, path=path, reason=error.strerror or str(error)) from error
