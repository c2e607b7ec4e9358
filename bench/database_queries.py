"""Times of database queries: attainment from raw entries, and from published totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bench import databases
from bench.generate import TODAY
from bench.planning import PreparingDatabase, describe_planning, open_preparing
from bench.results import BenchLine
from bench.timing import Spread, build_timer, take_turns
from kpis.measures.attainment import compute_attainment, compute_from_entries
from kpis.measures.question import Question
from kpis.store import sql

_TURNS = 15


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure rows 6 and 7, in one process, as of the day that the pages show and those before it."""
    return [line for size in sizes for line in _measure_size(size, deadline)]


def _measure_size(size: str, deadline: float) -> list[BenchLine]:
    database = open_preparing(databases.ensure_database(size))
    parameters = {"as_of": TODAY, "year_start": date(TODAY.year, 1, 1)}
    group_by = sql.load("bench", "group_by")
    grouped = sum(int(str(row["entries"])) for row in database.fetch_rows(group_by, parameters))
    attained = sum(int(str(row["entries"])) for row in compute_from_entries(database, Question(TODAY)))
    if grouped != attained:
        raise SystemExit(f"the group-by counts {grouped} entries, attainment {attained}")
    # Each turn asks about another day: what was asked once is kept.
    raw_days, published_days = ((TODAY - timedelta(days=first + ago) for ago in range(30)) for first in (1, 31))
    bare, planned, raw, prepared, published = take_turns(
        [
            build_timer(lambda: database.fetch_table(group_by, parameters)),
            build_timer(lambda: database.fetch_table("select 1")),
            build_timer(lambda: _attain_from_entries(database, next(raw_days))),
            build_timer(database.prepare_statements),
            build_timer(lambda: compute_attainment(database, Question(next(published_days)))),
        ],
        _TURNS,
        warm_up_turns=2,
        deadline=deadline,
    )
    database.close()
    what, against = "attainment from raw entries", "a bare group-by of the same rows"
    return [
        BenchLine(
            6,
            size,
            what,
            against,
            1.3,
            Spread.compute(raw),
            Spread.compute(bare),
            f"{grouped:,} rows counted; `select 1` takes {Spread.compute(planned).median:.2f} ms; "
            + describe_planning(Spread.compute(prepared), Spread.compute(bare)),
        ),
        BenchLine(
            7,
            size,
            "attainment as of now, from published totals",
            "from raw entries",
            0.1 if size == "nation" else None,
            Spread.compute(published),
            Spread.compute(raw),
        ),
    ]


def _attain_from_entries(database: PreparingDatabase, day: date) -> None:
    database.forget_statements()
    compute_from_entries(database, Question(day))
