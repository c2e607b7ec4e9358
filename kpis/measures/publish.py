"""What a publication computes: the totals of the current entries, and the weeks that have ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kpis.measures.published_totals import compute_totals
from kpis.measures.query import DatabaseWriter
from kpis.measures.weekly import write_weeks


def publish_totals(con: DatabaseWriter, since: datetime | None = None, sundays: Sequence[date] = ()) -> None:
    """Compute the totals, and add the weeks that end on `sundays`; runs in the caller's transaction.

    `since`: only the totals that entries recorded or retired after this moment change, where nothing else changed.
    """
    compute_totals(con, since)
    write_weeks(con, sundays)
