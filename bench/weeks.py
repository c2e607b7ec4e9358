"""How long a publication takes to write the twelve weeks before it: `python -m bench.weeks --sizes sample,100k`.

That is what the first sync after an upgrade adds; a later one writes one week. Each size is a copy of its database, in
which nothing is published: the weeks are written in a transaction that is rolled back.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from bench.databases import ENTRY_COUNTS, FOLDER, ensure_database
from kpis.measures.weekly import write_weeks
from kpis.store import versions
from kpis.store.paths import DatabasePaths
from kpis.sync.weeks import FIRST_WEEKS, find_weeks_to_write

_ROUNDS = 3


def main() -> None:
    """Print one line for each size: weeks, rows and seconds."""
    parser = argparse.ArgumentParser(description="Measure the weeks of the trend.")
    parser.add_argument("--sizes", default="sample,100k", help=", ".join(("sample", *ENTRY_COUNTS)))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    for size in options.sizes.split(","):
        seconds, rows = measure(ensure_database(size, options.folder))
        each = median(seconds) / FIRST_WEEKS
        print(f"{size}: {rows} rows in {FIRST_WEEKS} weeks, {median(seconds):.2f} s, {each * 1000:.0f} ms a week")


def measure(pointer: Path) -> tuple[Sequence[float], int]:
    """Return how long the twelve weeks after the last recording took, several times, and how many rows they have."""
    version, seconds = versions.find_current_version(pointer) or 1, []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.duckdb"
        shutil.copyfile(DatabasePaths(pointer).get_version_path(version), path)
        with duckdb.connect(path, config={"memory_limit": "512MB"}) as con:
            (text,) = con.execute("select value from meta where key = 'recorded_at'").fetchall()[0]
            weeks = find_weeks_to_write({}, datetime.fromisoformat(text) + timedelta(days=7))
            for _ in range(_ROUNDS):
                con.execute("begin transaction")
                began = perf_counter()
                write_weeks(con, weeks.sundays)
                seconds.append(perf_counter() - began)
                ((rows,),) = con.execute("select count(*) from weekly").fetchall()
                con.execute("rollback")
    return seconds, int(rows)


if __name__ == "__main__":
    main()
