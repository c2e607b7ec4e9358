"""What is computed once, at publication: running curves, and where each agency stands (design.md §8)."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from kpis.measures.query import KNOWN_NOW, build_statement, select_parameters
from kpis.store import sql

_PUBLISHED = (
    ("curve", sql.load("kpis.measures", "delete_curve"), sql.load("kpis.measures", "curve")),
    (
        "standings",
        sql.load("kpis.measures", "delete_agency_totals_published"),
        build_statement(
            [
                ("requested_periods", "all_periods"),
                "agency_totals",
                ("published", "agency_totals_published"),
            ],
            "target, period_start, agency",
        ),
    ),
)
"""Table, the statement that deletes the part computed again, the statement that computes it."""


def publish_totals(con: duckdb.DuckDBPyConnection, plans: Collection[str] | None = None) -> None:
    """Fill `curve` and `standings` from the register and the current entries.

    With `plans`, those plans' part alone: for a sync that changed some plans' sources and no register. Runs
    in the caller's transaction.
    """
    chosen: dict[str, object] = {"plans": None if plans is None else sorted(plans), "known_at": KNOWN_NOW}
    for table, deletion, text in _PUBLISHED:
        con.execute(deletion, select_parameters(deletion, chosen))
        con.execute(f"insert into {table} by name\n{text}", select_parameters(text, chosen))
