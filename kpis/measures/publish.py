"""What is computed once, at publication: running totals, and each agency's totals (design.md §8)."""

from __future__ import annotations

from collections.abc import Collection

from kpis.measures.query import KNOWN_NOW, DatabaseWriter, build_statement, select_parameters
from kpis.store import sql

_PUBLISHED = (
    ("curve", sql.load("kpis.measures", "curve")),
    (
        "standings",
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
"""Table, and the statement that computes its rows."""


def publish_totals(con: DatabaseWriter, plans: Collection[str] | None = None) -> None:
    """Fill `curve` and `standings` from the register and the current entries.

    With `plans`, only the rows of those plans: for a sync that changed their sources but not the register.
    Runs in the caller's transaction.
    """
    params: dict[str, object] = {"plans": None if plans is None else sorted(plans), "known_at": KNOWN_NOW}
    for table, text in _PUBLISHED:
        deletion = sql.load("kpis.measures", "delete_published", table=table)
        con.execute(deletion, select_parameters(deletion, params))
        con.execute(f"insert into {table} by name\n{text}", select_parameters(text, params))
