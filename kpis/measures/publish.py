"""What a publication computes: the totals of the current entries, and the weeks that have ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from kpis.measures.published_totals import compute_totals
from kpis.measures.query import DatabaseWriter
from kpis.measures.weekly import write_weeks


def publish_totals(con: DatabaseWriter, plans: Collection[str] | None = None, sundays: Sequence[date] = ()) -> None:
    """Compute the totals of some plans, or of all (None), and add the weeks that end on `sundays`.

    Runs in the caller's transaction.
    """
    compute_totals(con, plans)
    write_weeks(con, sundays)
