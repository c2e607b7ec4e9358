"""Moving a database to a lake and back: how long it takes, and that every table is the same afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

from bench import databases
from bench.lake import LakeCopy, find_file_system, serve_postgres
from bench.publication import OneRowPublication
from bench.results import BenchLine
from kpis.language import clock
from kpis.services.moving.move import move_database
from kpis.store.changes.rules import NOT_COMPARED
from kpis.store.database import Database
from kpis.store.moving import FilePlace
from tests.postgres_server import PostgresServer

_ROW = 29


def measure(sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
    """Measure row 29: once for each size."""
    with serve_postgres() as server:
        return [_measure_size(server, size) for size in sizes]


def _measure_size(server: PostgresServer, size: str) -> BenchLine:
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as name:
        folder = Path(name)
        files = FilePlace(OneRowPublication.prepare(size, folder / "files").store.paths.pointer)
        lake, back = LakeCopy.create(server, folder).get_place(), FilePlace(folder / "back" / "kpis.json")
        expected, seconds = read_sums(files.pointer), []
        for source, target in ((files, lake), (lake, back)):
            began, used = perf_counter(), process_time()
            move_database(source, target, clock.get_utc_now())
            seconds.append(f"{perf_counter() - began:,.1f} s ({process_time() - used:,.1f} s of the processor)")
        is_equal = expected == read_sums(lake.paths.pointer) == read_sums(back.pointer)
        verdict = "number and hash of the rows of all" if is_equal else "not the same rows in all"
        note = (
            f"{find_file_system(folder)}; {expected['entries'][0]:,} entries: to the lake {seconds[0]}, back "
            f"{seconds[1]}; {verdict} {len(expected)} tables"
        )
    return BenchLine(
        _ROW, size, "moving a database to a lake and back", "its rows before", None, note=note, goal_met=is_equal
    )


def read_sums(pointer: Path) -> dict[str, tuple[int, str]]:
    """Return, by table, the number of its rows and a sum of their hashes."""
    database = Database.open(pointer)
    if database is None:
        raise RuntimeError(f"{pointer}: nothing is published")
    with closing(database):
        tables = [str(row["name"]) for row in database.fetch_rows("select table_name as name from duckdb_tables()")]
        sums = {}
        for table in sorted(set(tables) - NOT_COMPARED):
            (row,) = database.fetch_rows(f"select count(*) as n, sum(hash(t)) as checksum from {table} as t")  # noqa: S608
            sums[table] = int(str(row["n"])), str(row["checksum"])
    return sums
