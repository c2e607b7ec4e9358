"""The latest entries of a plan, with their evidence: the input behind a status."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, cast

from kpis.measures.query import DatabaseReader
from kpis.store import sql


class LatestEntry(TypedDict):
    """One accepted row of a sheet; `evidence` is a link or a document number, as plain text."""

    target: str
    title_vi: str
    title_en: str
    indicator: str
    measure: str
    unit_vi: str
    unit_en: str
    agency: str
    occurred_on: date
    quantity: int
    denominator: int | None
    content: str | None
    evidence: str | None
    entered_by: str | None
    source: str
    tab: str
    row: int
    recorded_at: datetime


def list_latest_entries(
    db: DatabaseReader,
    plan: str,
    as_of: date,
    target: str | None = None,
    agency: str | None = None,
    limit: int = 50,
) -> list[LatestEntry]:
    """Return at most `limit` current entries of a plan up to a day, the latest first."""
    params = {"plan": plan, "as_of": as_of, "target": target, "agency": agency, "max_rows": limit}
    return cast("list[LatestEntry]", db.fetch_rows(sql.load("kpis.measures", "latest_entries"), params))
