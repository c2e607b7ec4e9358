"""What is computed once, at publication: running curves, and where each agency stands (design.md §8)."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from kpis.measures.query import KNOWN_NOW, parameters, statement
from kpis.store import sql

_STANDINGS = statement(
    [("asked", "all_periods"), "agency_totals", ("published", "standings")], "target, period_start, agency"
)


def compute(con: duckdb.DuckDBPyConnection, plans: Collection[str] | None = None) -> None:
    """Fill `curve` and `standings` from the register and the current entries.

    With `plans`, those plans' part alone: for a sync that changed some plans' sources and no register. Runs
    in the caller's transaction.
    """
    chosen: dict[str, object] = {"plans": None if plans is None else sorted(plans), "known_at": KNOWN_NOW}
    for table, text in (("curve", sql.load("kpis.measures", "curve")), ("standings", _STANDINGS)):
        forget = sql.load("kpis.measures", f"forget_{table}")
        con.execute(forget, parameters(forget, chosen))
        con.execute(f"insert into {table} by name\n{text}", parameters(text, chosen))
