"""Databases as earlier releases wrote them: the tables of each format, and rows of a small plan in them."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from kpis.store.paths import DatabasePaths

FOLDER = Path(__file__).parent
EDITIONS_1 = FOLDER / "edition_1"
"""A folder of editions that was sealed from the database of format 1."""

VERSION = 3


def write_database(pointer: Path, number: int = 1) -> DatabasePaths:
    """Write the database of a format, as version 3, with the pointer that names it."""
    paths = DatabasePaths(pointer)
    paths.folder.mkdir(parents=True, exist_ok=True)
    path = paths.get_version_path(VERSION)
    with duckdb.connect(path) as connection:
        for name in (f"format_{number}.sql", f"format_{number}_rows.sql"):
            connection.execute((FOLDER / name).read_text(encoding="utf-8"))
    content = {"version": VERSION, "file": path.name, "size": path.stat().st_size}
    pointer.write_text(json.dumps(content), encoding="utf-8")
    return paths
