"""A sync of one province against a bulk load of the same cells; an unchanged source."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow

from bench import databases, sheet_files
from bench.results import Line
from bench.timing import Spread, in_turns, timed
from kpis.language.clock import parse_moment
from kpis.measures.publish import compute
from kpis.register.load import load
from kpis.register.model import Register
from kpis.sheet.model import RawSheet, Source
from kpis.sources.config import SourcesFile
from kpis.sources.read import read_source
from kpis.store.files import copy
from kpis.store.paths import Place
from kpis.store.versions import current
from kpis.sync import sync
from kpis.sync.result import SyncResult

PLAN = "ha-noi"
ROWS = {"sample": 2_000, "100k": 50_000, "nation": 100_000}
"""How large a province's sheet is beside each size of database."""

_NOW = parse_moment("2026-11-21 09:00")
_COLUMNS = 8


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Row 8: a first sync of one province, as a workbook and as CSV, each against a bulk load, in turns."""
    register = load()
    found = []
    for size in sizes:
        rows = ROWS[size]
        copied = _copy(databases.pointer(size))
        for kind, make in (("workbook", sheet_files.workbook), ("CSV", sheet_files.folder_of_csv)):
            source = make(databases.FOLDER / "sheets", register, PLAN, rows)
            found.append(_line(size, kind, source, rows, register, copied, until))
    return found


def _line(
    size: str, kind: str, source: Source, rows: int, register: Register, copied: str, until: float
) -> Line:
    def synced() -> float:
        with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
            return timed(lambda: run(source, Path(folder) / "kpis.json", register))()

    def loaded() -> float:
        with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
            return timed(lambda: bulk_load(source, Path(folder) / "cells.duckdb"))()

    base, own = in_turns([loaded, synced], 5, until=until)
    return Line(
        8,
        size,
        f"sync of a province's {kind} of {rows:,} rows",
        "reading and bulk-loading the same cells",
        1.5 if rows >= 50_000 else 3.0,
        Spread.of(own),
        Spread.of(base),
        f"copying this size's version file: {copied}",
    )


def run(source: Source, pointer: Path, register: Register, now: datetime = _NOW) -> SyncResult:
    """One sync of one source."""
    return sync.run(SourcesFile((source,)), pointer, register, now, compute)


def bulk_load(source: Source, file: Path) -> None:
    """The least that could be done with a source: its cells read, and put into a database file as text."""
    collecting = gc.isenabled()
    gc.disable()  # as a sync does
    try:
        rows = cells(read_source(source, _NOW))
        with duckdb.connect(file) as connection:
            connection.register("incoming", rows)
            connection.execute("create table cells as select * from incoming")
            connection.execute("checkpoint")
    finally:
        if collecting:
            gc.enable()


def cells(sheet: RawSheet) -> pyarrow.Table:
    """Every cell's text, a column of the sheet as a column."""
    padded = [
        [*(cell.text for cell in row.cells), *[None] * (_COLUMNS - len(row.cells))]
        for tab in sheet.tabs
        for row in tab.rows
    ]
    columns = list(zip(*padded, strict=True))
    return pyarrow.table({f"c{at}": pyarrow.array(column) for at, column in enumerate(columns)})


def _copy(pointer: Path) -> str:
    number = current(pointer)
    if number is None:
        raise SystemExit(f"{pointer}: nothing is published")
    file = Place(pointer).version(number)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
        [times] = in_turns([timed(lambda: copy(file, Path(folder) / "copy"))], 3)
    return f"{Spread.of(times).median:,.0f} ms for {file.stat().st_size / 2**20:,.0f} MiB"


def unchanged(sizes: Sequence[str], _until: float) -> list[Line]:
    """Row 9: how often a source that has not changed is read, and what is written beside the journal."""
    register = load()
    return [_unchanged(size, register) for size in sizes]


def _unchanged(size: str, register: Register) -> Line:
    source = sheet_files.folder_of_csv(databases.FOLDER / "sheets", register, PLAN, ROWS[size])
    reads: list[str] = []

    def read(one: Source, now: datetime) -> RawSheet:
        reads.append(one.id)
        return read_source(one, now)

    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
        pointer = Path(folder) / "kpis.json"
        run(source, pointer, register)
        before = _files(pointer)
        again = sync.run(
            SourcesFile((source,)), pointer, register, _NOW + timedelta(hours=1), compute, read=read
        )
        written = sorted(name for name, file in _files(pointer).items() if before.get(name) != file)
    met = len(reads) == 1 and not written and again.sources[0].outcome == "unchanged"
    said = f"{len(reads)} read, {len(written)} files written beside the journal's line"
    return Line(9, size, "an unchanged source", "one read, no write", None, said=said, met=met)


def _files(pointer: Path) -> dict[str, tuple[int, int, int]]:
    """Every file's identity, size and time of writing, the journal's apart."""
    journal = Place(pointer).journal
    found = ((path, path.stat()) for path in pointer.parent.iterdir() if path != journal)
    return {path.name: (at.st_ino, at.st_size, at.st_mtime_ns) for path, at in found}
