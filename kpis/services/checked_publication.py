"""The totals of a publication that somebody has to be allowed: asked once all is read, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from kpis.measures.publish import publish_totals
from kpis.store.staged_version import ComputeMeasures, Connection

RightCheck = Callable[[], object]
"""Raises where the right is gone."""


def build_computation(check_right: RightCheck | None) -> ComputeMeasures:
    """Return what computes the totals of a version, after `check_right`; what that raises, nothing is published of."""
    if check_right is None:
        return publish_totals

    def compute(con: Connection, since: datetime | None, sundays: Sequence[date]) -> None:
        check_right()
        publish_totals(con, since, sundays)

    return compute
