"""Attainment: every target's actual against its floor and pace, as of a day (design.md §5, §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from kpis.measures.attainment_rows import Attainment, attainment_row
from kpis.measures.query import KNOWN_NOW, Database, Step, ask, parameters, statement

_ORDER = "plan_position, position, period_start, agency nulls first"
_FROM_CURVE: list[Step] = [("totals", "totals_from_curve"), "subjects"]
_FROM_ENTRIES: list[Step] = ["agency_totals", ("totals", "totals_from_entries"), "subjects"]
OF_AGENCIES: list[Step] = [("totals", "totals_by_agency"), ("subjects", "agency_subjects")]
_JUDGED: list[Step] = ["expected_values", "attainment_statuses", "attainment_rows"]
_COUNTED: Step = "agency_totals"
_PUBLISHED: Step = ("agency_totals", "agency_totals_from_published")
_KNOWN_OTHERWISE = statement(["changed_targets"])
_LATER_ENTRIES = statement(["requested_periods", "later_entries"])


def attainment(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> list[Attainment]:
    """One row per target whose period contains `year` (default: the as-of day's), in the register's order.

    `known_at` (naive UTC) asks for what had been read by that moment. Current figures come from what was
    computed at publication; only targets that were known otherwise then are counted from their entries.
    `province` leaves out the wards inside it.
    """
    if known_at is None:
        return _judged(db, _FROM_CURVE, asked_for(as_of, None, year, province, plan))
    return then_and_now(db, as_of, known_at, year, province, plan)[0]


def then_and_now(
    db: Database,
    as_of: date,
    known_at: datetime,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> tuple[list[Attainment], list[Attainment]]:
    """A day's rows as known at a moment, and the same rows as known now."""
    rows = _judged(db, _FROM_CURVE, asked_for(as_of, None, year, province, plan))
    otherwise = {
        str(row["target"]) for row in ask(db, _KNOWN_OTHERWISE, {"as_of": as_of, "known_at": known_at})
    }
    if not otherwise:
        return rows, rows
    then = from_entries(db, as_of, known_at, year, province, plan, otherwise)
    counted = {(row["target"], row["period_start"]): row for row in then}
    return [counted.get((row["target"], row["period_start"]), row) for row in rows], rows


def from_entries(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    targets: Collection[str] | None = None,
) -> list[Attainment]:
    """The same rows as `attainment`, counted from the entries one by one, of `targets` alone if given."""
    return _judged(db, _FROM_ENTRIES, asked_for(as_of, known_at, year, province, plan, targets))


def by_agency(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
    agency: str | None = None,
) -> list[Attainment]:
    """The same per agency that leads, stands on the roster, holds a share or has an entry (design.md §5).

    A count or milestone without a share of the agency's own has no floor, expected or status: they are None.
    The agencies' `numerator` add up to the target's. `agency` asks for one of them.
    """
    asked = {**asked_for(as_of, known_at, year, province, plan), "agency": agency}
    return [attainment_row(row) for row in ask(db, _by_agency(db, asked), asked)]


def each_by_agency(db: Database, as_of: date, plan: str | None = None) -> Iterator[Attainment]:
    """The same rows for the day's year as known now, made one after the other, plan after plan."""
    asked = asked_for(as_of, None, None, None, plan)
    text = _by_agency(db, asked)
    return (attainment_row(row) for row in db.each(text, parameters(text, asked)))


def _by_agency(db: Database, asked: Mapping[str, object]) -> str:
    return statement(["requested_periods", agency_totals(db, asked), *OF_AGENCIES, *_JUDGED], _ORDER)


def agency_totals(db: Database, asked: Mapping[str, object]) -> Step:
    """The step that says what each agency has brought: as published if that holds for the day asked for.

    It holds while no entry is later than the day, and nothing was known otherwise then.
    """
    differing = asked["known_at"] != KNOWN_NOW and ask(db, _KNOWN_OTHERWISE, asked)
    return _COUNTED if differing or ask(db, _LATER_ENTRIES, asked) else _PUBLISHED


def _judged(db: Database, totals: list[Step], asked: Mapping[str, object]) -> list[Attainment]:
    rows = ask(db, statement(["requested_periods", *totals, *_JUDGED], _ORDER), asked)
    return [attainment_row(row) for row in rows]


def asked_for(
    as_of: date,
    known_at: datetime | None,
    year: int | None,
    province: str | None,
    plan: str | None,
    targets: Collection[str] | None = None,
) -> dict[str, object]:
    """The parameters of `requested_periods.sql` and of what is counted for it."""
    return {
        "as_of": as_of,
        "known_at": known_at or KNOWN_NOW,
        "year": as_of.year if year is None else year,
        "province": province,
        "plan": plan,
        "targets": None if targets is None else sorted(targets),
        "agency": None,
    }
