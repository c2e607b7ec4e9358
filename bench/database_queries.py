"""What a question to the database costs: attainment from raw entries, and from what was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bench import databases
from bench.generate import TODAY
from bench.results import Line
from bench.timing import Spread, in_turns, timed
from kpis.measures.attainment import attainment, from_entries
from kpis.store import sql
from kpis.store.database import Database

_TIMES = 15


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Rows 6 and 7, in one process, as of the day that the pages show."""
    return [line for size in sizes for line in _lines(size, until)]


def _lines(size: str, until: float) -> list[Line]:
    database = Database.open(databases.pointer(size))
    if database is None:
        raise SystemExit(f"the database “{size}” is gone")
    asked = {"as_of": TODAY, "year_start": date(TODAY.year, 1, 1)}
    group_by = sql.load("bench", "group_by")
    counted = sum(int(str(row["entries"])) for row in database.rows(group_by, asked))
    judged = sum(int(str(row["entries"])) for row in from_entries(database, TODAY))
    if counted != judged:
        raise SystemExit(f"the group-by counts {counted} entries, attainment {judged}")
    bare, raw, published = in_turns(
        [
            timed(lambda: database.table(group_by, asked)),
            timed(lambda: from_entries(database, TODAY)),
            timed(lambda: attainment(database, TODAY)),
        ],
        _TIMES,
        warm=2,
        until=until,
    )
    database.close()
    what, against = "attainment from raw entries", "a bare group-by of the same rows"
    return [
        Line(6, size, what, against, 1.3, Spread.of(raw), Spread.of(bare), f"{counted:,} rows counted"),
        Line(
            7,
            size,
            "attainment as of now, from what was published",
            "from raw entries",
            0.1 if size == "nation" else None,
            Spread.of(published),
            Spread.of(raw),
        ),
    ]
