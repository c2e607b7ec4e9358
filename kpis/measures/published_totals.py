"""What is computed once, at publication: running totals, agencies' totals, what may be in doubt (§8)."""

from __future__ import annotations

from collections.abc import Collection

from kpis.measures.connection_reader import ConnectionReader
from kpis.measures.query import KNOWN_NOW, DatabaseWriter, build_statement, select_parameters
from kpis.measures.shared_events import load_event_changes
from kpis.store import sql

_PUBLISHED = (
    ("curve", build_statement(["known_entries", ("published", "curve")], "period_start, period_end, target, day")),
    (
        "standings",
        build_statement(
            [
                ("requested_periods", "all_periods"),
                "known_entries",
                "agency_totals",
                ("published", "agency_totals_published"),
            ],
            "target, period_start, period_end, agency",
        ),
    ),
    (
        "doubtful_periods",
        build_statement([("requested_periods", "all_periods"), "doubtful_periods"], "target, period_start, period_end"),
    ),
)
"""Table, and the statement that computes its rows."""


def compute_totals(con: DatabaseWriter, plans: Collection[str] | None = None) -> None:
    """Fill `curve`, `standings` and `doubtful_periods` from the register and the current entries.

    With `plans`, only the rows of those plans: for a sync that changed their sources but not the register.
    Runs in the caller's transaction.
    """
    params: dict[str, object] = {"plans": None if plans is None else sorted(plans), "known_at": KNOWN_NOW}
    reader = ConnectionReader(con)
    params["event_changes"] = load_event_changes(reader, params, ("requested_periods", "all_periods"))
    for table, text in _PUBLISHED:
        deletion = sql.load("kpis.measures", "delete_published", table=table)
        con.execute(deletion, select_parameters(deletion, params))
        con.execute(f"insert into {table} by name\n{text}", select_parameters(text, params))
