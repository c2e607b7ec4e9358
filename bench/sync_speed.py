"""A sync of one province against a bulk load of the same cells; a sync of an unchanged source."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import python_calamine

from bench import databases, sheet_files
from bench.results import BenchLine
from bench.timing import Spread, build_timer, take_turns
from kpis.language.clock import parse_moment
from kpis.measures.publish import publish_totals
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import RawSheet, Source
from kpis.sources.config import SourcesFile
from kpis.sources.file_parser import FileParser
from kpis.sources.read_source import read_source
from kpis.store.files import copy_file
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version
from kpis.sync import sync
from kpis.sync.result import SyncResult

PLAN = "ha-noi"
SHEET_ROWS = {"sample": 2_000, "100k": 50_000, "nation": 100_000}
"""Rows of a province's sheet for each size of database."""

_NOW = parse_moment("2026-11-21 09:00")
_COLUMNS = 8
_MANY_ROWS = 50_000


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 8: a first sync of a workbook and of CSV, each against a bulk load, in turns."""
    register = load_register()
    lines = []
    for size in sizes:
        rows = SHEET_ROWS[size]
        copy_note = _measure_copy(databases.ensure_database(size))
        for kind, write in (("workbook", sheet_files.write_workbook), ("CSV", sheet_files.write_csv_folder)):
            source = write(databases.FOLDER / "sheets", register, PLAN, rows)
            lines.append(_measure_source(size, kind, source, rows, register, copy_note, deadline))
    return lines


def _measure_source(
    size: str, kind: str, source: Source, rows: int, register: Register, copy_note: str, deadline: float
) -> BenchLine:
    def time_sync() -> float:
        with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
            return build_timer(lambda: run_sync(source, Path(folder) / "kpis.json", register))()

    def time_bulk_load() -> float:
        with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
            return build_timer(lambda: bulk_load(source, Path(folder) / "cells.duckdb"))()

    bulk_loads, syncs = _take_turns([time_bulk_load, time_sync], rows, deadline)
    reader = "calamine" if source.kind == "workbook" else "our CSV reader"
    return BenchLine(
        8,
        size,
        f"sync of a province's {kind} of {rows:,} rows",
        f"reading by {reader} and bulk-loading the same cells",
        2.0 if rows >= _MANY_ROWS else 3.0,
        Spread.compute(syncs),
        Spread.compute(bulk_loads),
        f"copying this size's version file: {copy_note}",
    )


def _take_turns(timers: Sequence[Callable[[], float]], rows: int, deadline: float) -> list[list[float]]:
    """Take fewer turns, and none to warm up, where one takes many seconds."""
    if rows >= _MANY_ROWS:
        return take_turns(timers, 3, warm_up_turns=0, deadline=deadline)
    return take_turns(timers, 5, deadline=deadline)


def measure_reading(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 24: a workbook, from the start of the parsing process to the read sheet, against calamine."""
    register = load_register()
    lines = []
    for size in sizes:
        rows = SHEET_ROWS[size]
        source = sheet_files.write_workbook(databases.FOLDER / "sheets", register, PLAN, rows)
        timers = [build_timer(partial(work, source)) for work in (_read_with_calamine, _read_in_child)]
        calamine, ours = _take_turns(timers, rows, deadline)
        subject, against = f"reading a workbook of {rows:,} rows", "calamine reading the same file"
        note = "from the start of the reading process to the read sheet"
        goal = 4.0 if rows >= 2 * _MANY_ROWS else None
        lines.append(BenchLine(24, size, subject, against, goal, Spread.compute(ours), Spread.compute(calamine), note))
    return lines


def _read_in_child(source: Source) -> None:
    with FileParser() as parser:
        parser.parse(source, _NOW)


def _read_with_calamine(source: Source) -> list[list[Any]]:
    """Return the values of the first tab, header included."""
    return python_calamine.CalamineWorkbook.from_path(source.location).get_sheet_by_index(0).to_python()


def run_sync(source: Source, pointer: Path, register: Register, now: datetime = _NOW) -> SyncResult:
    """Sync one source."""
    return sync.run(SourcesFile((source,)), pointer, register, now, publish_totals)


def bulk_load(source: Source, file: Path) -> None:
    """Do the minimum with a source: read its cells and store them in a database file as text.

    A workbook is read by calamine, which tells values alone.
    """
    collecting = gc.isenabled()
    gc.disable()  # as a sync does
    try:
        if source.kind == "workbook":
            rows = build_text_table([list(map(str, row)) for row in _read_with_calamine(source)])
        else:
            texts = [[cell.text for cell in row.cells] for tab in read_source(source, _NOW).tabs for row in tab.rows]
            rows = build_text_table(texts)
        with duckdb.connect(file) as connection:
            connection.register("incoming", rows)
            connection.execute("create table cells as select * from incoming")
            connection.execute("checkpoint")
    finally:
        if collecting:
            gc.enable()


def build_text_table(rows: Sequence[Sequence[str]]) -> pyarrow.Table:
    """Return the text of every cell, one table column per column of the sheet."""
    width = max(_COLUMNS, *map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    columns = list(zip(*padded, strict=True))
    return pyarrow.table({f"c{number}": pyarrow.array(column) for number, column in enumerate(columns)})


def _measure_copy(pointer: Path) -> str:
    number = find_current_version(pointer)
    if number is None:
        raise SystemExit(f"{pointer}: nothing is published")
    file = DatabasePaths(pointer).get_version_path(number)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
        [times] = take_turns([build_timer(lambda: copy_file(file, Path(folder) / "copy"))], 3)
    return f"{Spread.compute(times).median:,.0f} ms for {file.stat().st_size / 2**20:,.0f} MiB"


def measure_unchanged(sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
    """Measure row 9: how often an unchanged source is read, and the files written besides the journal."""
    register = load_register()
    return [_check_unchanged(size, register) for size in sizes]


def _check_unchanged(size: str, register: Register) -> BenchLine:
    source = sheet_files.write_csv_folder(databases.FOLDER / "sheets", register, PLAN, SHEET_ROWS[size])
    reads: list[str] = []

    def read_and_count(source: Source, now: datetime) -> RawSheet:
        reads.append(source.id)
        return read_source(source, now)

    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder:
        pointer = Path(folder) / "kpis.json"
        run_sync(source, pointer, register)
        old_stats = _stat_files(pointer)
        result = sync.run(
            SourcesFile((source,)),
            pointer,
            register,
            _NOW + timedelta(hours=1),
            publish_totals,
            read=read_and_count,
        )
        written = sorted(name for name, file in _stat_files(pointer).items() if old_stats.get(name) != file)
    met = len(reads) == 1 and not written and result.sources[0].outcome == "unchanged"
    note = f"{len(reads)} read, {len(written)} files written besides the journal"
    return BenchLine(9, size, "an unchanged source", "one read, no write", None, note=note, goal_met=met)


def _stat_files(pointer: Path) -> dict[str, tuple[int, int, int]]:
    """Return the inode, size and modification time of every file except the journal, by name."""
    journal = DatabasePaths(pointer).journal
    stats = {path.name: path.stat() for path in pointer.parent.iterdir() if path != journal}
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}
