"""The file of the current version, opened to be looked into or damaged."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version


def open_current_file(pointer: Path) -> duckdb.DuckDBPyConnection:
    """Open the file of the current version for writing."""
    version = find_current_version(pointer)
    assert version is not None
    return duckdb.connect(DatabasePaths(pointer).get_version_path(version))
