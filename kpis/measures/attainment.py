"""Attainment: every target's actual against its floor and pace, as of a day (design.md §5, §6)."""

from __future__ import annotations

from datetime import date, datetime

from kpis.measures.query import KNOWN_NOW, Database, Step, ask, statement
from kpis.measures.rows import Attainment, attainment_row

_ORDER = "plan_position, position, period_start, agency nulls first"
_FROM_CURVE: list[Step] = [("totals", "totals_from_curve"), "subjects"]
_FROM_ENTRIES: list[Step] = ["agency_totals", ("totals", "totals_from_entries"), "subjects"]
_OF_AGENCIES: list[Step] = [
    "agency_totals",
    ("totals", "totals_of_agencies"),
    ("subjects", "agency_subjects"),
]


def attainment(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> list[Attainment]:
    """One row per target whose period contains `year` (default: the as-of day's), in the register's order.

    `known_at` (naive UTC) asks for what had been read by that moment and is counted from the entries; without
    it the current figures come from what was computed at publication. `province` leaves out its wards.
    """
    totals = _FROM_CURVE if known_at is None else _FROM_ENTRIES
    return _judged(db, totals, as_of, known_at, year, province, plan)


def by_agency(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> list[Attainment]:
    """The same per agency that leads, stands on the roster, holds a share or has an entry (design.md §5).

    A count or milestone without a share of the agency's own has no floor, expected or status: they are None.
    The agencies' `numerator` add up to the target's.
    """
    return _judged(db, _OF_AGENCIES, as_of, known_at, year, province, plan)


def _judged(
    db: Database,
    totals: list[Step],
    as_of: date,
    known_at: datetime | None,
    year: int | None,
    province: str | None,
    plan: str | None,
) -> list[Attainment]:
    text = statement(["asked", *totals, "expected", "verdicts", "described"], _ORDER)
    asked = {
        "as_of": as_of,
        "known_at": known_at or KNOWN_NOW,
        "year": as_of.year if year is None else year,
        "province": province,
        "plan": plan,
    }
    return [attainment_row(row) for row in ask(db, text, asked)]
