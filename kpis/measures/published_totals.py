"""What is computed once, at publication: running totals, agencies' totals, what may be in doubt (§8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter

from kpis.measures.connection_reader import ConnectionReader
from kpis.measures.doubtful_entries import build_unmarked_row
from kpis.measures.query import KNOWN_NOW, DatabaseWriter, QueryStep, build_statement, select_parameters
from kpis.measures.same_events import list_similar_rows
from kpis.measures.shared_events import load_event_changes
from kpis.store import sql

_load = partial(sql.load, "kpis.measures")
_PUBLISHED = {
    "curve": build_statement(["known_entries", ("published", "curve")], "period_start, period_end, target, day"),
    "standings": build_statement(
        [
            ("requested_periods", "all_periods"),
            "known_entries",
            "agency_totals",
            ("published", "agency_totals_published"),
        ],
        "target, period_start, period_end, agency",
    ),
}
"""By table, the statement that computes its rows."""

_ALL_PERIODS: QueryStep = ("requested_periods", "all_periods")
_PERIOD_ORDER = "target, period_start, period_end"
_CANDIDATES = build_statement([_ALL_PERIODS, "doubtful_periods"], _PERIOD_ORDER)
_SIMILAR_ENTRIES = build_statement([_ALL_PERIODS, "similar_entries"], f"{_PERIOD_ORDER}, occurred_on, agency")

_BATCH_ROWS = 10_000
_MAX_COPIED_ROWS = 500_000
"""So many entries at most are copied; where the changed periods have more, they are read where they are."""


def compute_totals(con: DatabaseWriter, since: datetime | None = None) -> None:
    """Fill `curve`, `standings`, `doubtful_periods`, `similar_rows` from the register and the current entries.

    `since`: all that changed after this moment are entries that were recorded or retired. Then only the rows of their
    periods are computed: a row depends on the register and on the entries of its target in the years of its period
    alone (of a table of yearly amounts, in every year), never on the day. Runs in the caller's transaction.
    """
    with nullcontext(True) if since is None else _narrow(con, since) as has_changes:
        if not has_changes:
            return
        params: dict[str, object] = {"known_at": KNOWN_NOW}
        params["event_changes"] = load_event_changes(ConnectionReader(con), params, _ALL_PERIODS)
        for table in (*_PUBLISHED, "doubtful_periods", "similar_rows"):
            con.execute(f"delete from {table}" if since is None else _load("delete_published", table=table))  # noqa: S608
        for table, text in _PUBLISHED.items():
            con.execute(f"insert into {table} by name\n{text}", select_parameters(text, params))
        _publish_doubtful_periods(con, params)


def _publish_doubtful_periods(con: DatabaseWriter, params: Mapping[str, object]) -> None:
    """Fill `similar_rows`, and `doubtful_periods`: where only such rows may be a reason, with those that have some."""
    con.execute(f"create temp table doubt_candidates as\n{_CANDIDATES}", select_parameters(_CANDIDATES, params))
    similar = list(_list_similar_rows(con, params))
    for first in range(0, len(similar), _BATCH_ROWS):
        con.execute(_load("insert_similar_rows"), {"similar": similar[first : first + _BATCH_ROWS]})
    con.execute(_load("copy_doubtful_periods"))
    con.execute("drop table temp.doubt_candidates")


def _list_similar_rows(con: DatabaseWriter, params: Mapping[str, object]) -> Iterator[dict[str, object]]:
    result = con.execute(_SIMILAR_ENTRIES, select_parameters(_SIMILAR_ENTRIES, params))
    records = (record for batch in iter(lambda: result.fetchmany(_BATCH_ROWS), []) for record in batch)
    for (target, start, end, is_joint, plan), group in groupby(records, key=itemgetter(0, 1, 2, 3, 4)):
        rows = [build_unmarked_row(*record[5:]) for record in group]
        for row in list_similar_rows(rows, is_joint=is_joint):
            yield {
                "plan": plan, "target": target, "period_start": start, "period_end": end,
                "agency": row.agency, "source": row.source, "row_hash": row.row_hash,
            }  # fmt: skip


@contextmanager
def _narrow(con: DatabaseWriter, since: datetime) -> Iterator[bool]:
    """Let statements inside read the periods that changed, and their entries, from copies under the tables' names.

    They read entries twenty times: of ten million that costs more than all else. Yields False if no period changed.
    """
    ((periods,),) = con.execute(_load("copy_periods"), {"since": since}).fetchall()
    is_copied = bool(periods) and _copy_entries(con)
    yield bool(periods)
    for table in ("periods", *(["entries"] if is_copied else [])):
        con.execute(f"drop table temp.{table}")


def _copy_entries(con: DatabaseWriter) -> bool:
    ((first_day, last_day),) = con.execute(_load("copied_days")).fetchall()
    params = {"first_day": first_day, "last_day": last_day, "max_rows": _MAX_COPIED_ROWS + 1}
    ((rows,),) = con.execute(_load("copy_entries"), params).fetchall()
    if rows > _MAX_COPIED_ROWS:
        con.execute("drop table temp.entries")
    return bool(rows <= _MAX_COPIED_ROWS)
