"""What is computed once, when a version is published: every target's running curve (design.md §8)."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from kpis.store import sql

_PACKAGE = "kpis.measures"


def compute(con: duckdb.DuckDBPyConnection, plans: Collection[str] | None = None) -> None:
    """Fill `curve` from the register and the current entries; with `plans`, those plans' part of it alone.

    `plans` is for a sync that changed some plans' sources and no register. Runs in the caller's transaction.
    """
    chosen = {"plans": None if plans is None else sorted(plans)}
    con.execute(sql.load(_PACKAGE, "forget_curve"), chosen)
    con.execute(f"insert into curve\n{sql.load(_PACKAGE, 'curve')}", chosen)
