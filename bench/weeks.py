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
from time import perf_counter, process_time

import duckdb

from bench.databases import ENTRY_COUNTS, FOLDER, ensure_database
from kpis.measures.weekly import write_weeks
from kpis.store import versions
from kpis.store.paths import DatabasePaths
from kpis.sync.weeks import FIRST_WEEKS, find_weeks_to_write

_ROUNDS = 2


def main() -> None:
    """Print one line for each size: weeks, rows and seconds."""
    parser = argparse.ArgumentParser(description="Measure the weeks of the trend.")
    parser.add_argument("--sizes", default="sample,100k", help=", ".join(("sample", *ENTRY_COUNTS)))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    for size in options.sizes.split(","):
        walls, processors, rows = measure(ensure_database(size, options.folder))
        print(
            f"{size}: {rows} rows in {FIRST_WEEKS} weeks, {median(processors):.1f} s of processor time "
            f"({1000 * median(processors) / FIRST_WEEKS:.0f} ms a week), {median(walls):.1f} s on the clock"
        )


def measure(pointer: Path) -> tuple[Sequence[float], Sequence[float], int]:
    """Return seconds on the clock and of the processor for the weeks up to the last recording, and their rows."""
    version = versions.find_current_version(pointer) or 1
    walls, processors = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.duckdb"
        shutil.copyfile(DatabasePaths(pointer).get_version_path(version), path)
        with duckdb.connect(path, config={"memory_limit": "512MB"}) as con:
            (text,) = con.execute("select value from meta where key = 'recorded_at'").fetchall()[0]
            weeks = find_weeks_to_write({}, datetime.fromisoformat(text) + timedelta(days=7))
            for _ in range(_ROUNDS):
                con.execute("begin transaction")
                began, used = perf_counter(), process_time()
                write_weeks(con, weeks.sundays)
                walls.append(perf_counter() - began)
                processors.append(process_time() - used)
                ((rows,),) = con.execute("select count(*) from weekly").fetchall()
                con.execute("rollback")
    return walls, processors, int(rows)


if __name__ == "__main__":
    main()
