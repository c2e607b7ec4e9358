"""The smallest thing still owed for a target, as figures; `kpis.wording` words it (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import get_args

from kpis.measures.attainment import choose_agency_totals, has_changed_entries
from kpis.measures.attainment_rows import (
    LATE_STATUSES,
    MET_STATUSES,
    STATUSES,
    URGENT_STATUSES,
    Attainment,
    MeasureValue,
)
from kpis.measures.open_doubts import to_number
from kpis.measures.query import DatabaseReader, build_statement, run_query
from kpis.measures.question import Question
from kpis.register.model import Force

DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 366
_STATUSES_OWING_NOTHING = (*MET_STATUSES, "not_started", "not_applicable", "carried")
_FORCES: tuple[str, ...] = get_args(Force)  # the most binding first
_MISSING_ORDER = "target, position nulls last, agency"


@dataclass(frozen=True)
class Owed:
    """What one target's period, or one agency's part in it, still owes as of a day.

    `missing` is counted in the target's unit (for a ratio people, for a coverage agencies); None for a
    ceiling and for a ratio without a base to count from. `excess` is how far a ceiling is exceeded by
    what was counted; None for other targets.
    `agencies_missing`: roster agencies that have not reported (coverage: have done nothing).
    `agencies_silent`: roster agencies that have not reported, for ratio and coverage alike.
    `uncounted`: how many of the population no denominator covers yet.
    `no_roster`: a floor for which the register has neither roster nor population, so it cannot be met yet.
    `unmet_spans` names the quarters, months or half-years of a year that have ended and are not met; what is missing is
    then that of the running one.
    `days_left` counts to the due day and is negative after it. Rates are units per week to one decimal,
    `needed_per_week` rounded up (None after the due day), `current_per_week` rounded down.
    """

    row: Attainment
    missing: MeasureValue | None
    excess: MeasureValue | None
    agencies_missing: int
    agencies_silent: int
    uncounted: int
    no_roster: bool
    unmet_spans: tuple[str, ...]
    days_left: int
    needed_per_week: float | None
    current_per_week: float

    @property
    def has_rate(self) -> bool:
        """True for what adds up from week to week."""
        return self.row["measure"] == "count" or (
            self.row["measure"] in ("amount", "change") and self.row["accumulation"] == "increment"
        )

    @property
    def weeks_left(self) -> int:
        """Whole weeks to the due day; 0 in the last week and after it."""
        return max(self.days_left, 0) // DAYS_PER_WEEK


def list_owed(rows: Iterable[Attainment], as_of: date) -> list[Owed]:
    """Return what these rows still owe, the most urgent first; rows that owe nothing are left out.

    Most urgent: the worst status, then the fewest days left, the most binding, the register's order.
    """
    owed_items = (compute_owed(row, as_of) for row in rows)
    return sorted((owed for owed in owed_items if owed is not None), key=_get_urgency_key)


def select_urgent(owed_items: Iterable[Owed]) -> list[Owed]:
    """Return the items with an urgent status in the given order.

    One due in more than a year is left out unless it is late now, behind its pace; it comes last.
    """
    urgent = [
        owed
        for owed in owed_items
        if owed.row["status"] in (LATE_STATUSES if owed.days_left > DAYS_PER_YEAR else URGENT_STATUSES)
    ]
    return sorted(urgent, key=lambda owed: owed.days_left > DAYS_PER_YEAR)


def compute_owed(row: Attainment, as_of: date) -> Owed | None:
    """Return what a row still owes; None if nothing, or if it has no floor of its own.

    A ceiling that holds owes nothing once all reports are in; until then it owes the missing reports.
    """
    if _owes_nothing_by_status(row):
        return None
    if row["has_spans"]:
        return _compute_owed_of_year(row, as_of)
    missing, excess = _compute_gap(row)
    if row["is_ceiling"] and not excess and row["entries"] and row["is_complete"]:
        return None
    days_left = (row["due_on"] - as_of).days
    return Owed(
        row=row,
        missing=missing,
        excess=excess,
        agencies_missing=_count_missing_agencies(row),
        agencies_silent=_count_silent_agencies(row),
        uncounted=max(get_open_population(row) - (row["denominator"] or 0), 0),
        no_roster=has_unknown_base(row) and not row["is_ceiling"],
        unmet_spans=(),
        days_left=days_left,
        needed_per_week=_compute_needed_rate(missing, days_left),
        current_per_week=floor(_compute_rate(row["numerator"], (as_of - row["period_start"]).days + 1) * 10) / 10,
    )


def owes_something(row: Attainment, as_of: date) -> bool:
    """Return whether `compute_owed` returns something, without computing how much where that is not needed."""
    if row["is_ceiling"] or row["has_spans"]:
        return compute_owed(row, as_of) is not None
    return not _owes_nothing_by_status(row)


def _owes_nothing_by_status(row: Attainment) -> bool:
    return row["status"] is None or row["status"] in _STATUSES_OWING_NOTHING


def _compute_owed_of_year(row: Attainment, as_of: date) -> Owed | None:
    """Return what the running span of a year owes, and which spans before it are not met."""
    unmet = tuple(
        str(span["span"])
        for span in row["span_rows"]
        if span["period_end"] < as_of and span["status"] not in _STATUSES_OWING_NOTHING
    )
    running = next((span for span in row["span_rows"] if span["period_start"] <= as_of <= span["period_end"]), None)
    owed = None if running is None else compute_owed(running, as_of)
    if owed is not None:
        return replace(owed, row=row, unmet_spans=unmet)
    if not unmet:
        return None
    end = (row if running is None else running)["period_end"]
    return Owed(
        row=row, missing=None, excess=None, agencies_missing=0, agencies_silent=0, uncounted=0, no_roster=False,
        unmet_spans=unmet, days_left=(end - as_of).days, needed_per_week=None, current_per_week=0.0,
    )  # fmt: skip


def list_missing_agencies(db: DatabaseReader, question: Question) -> dict[str, list[str]]:
    """Return by target the roster agencies that have not done their part, in the plan's order."""
    params: Mapping[str, object] = question.to_parameters()
    steps, params = choose_agency_totals(db, params, has_changed=has_changed_entries(db, params))
    text = build_statement(["requested_periods", *steps, "missing_agencies"], _MISSING_ORDER)
    missing: dict[str, list[str]] = {}
    for row in run_query(db, text, params):
        missing.setdefault(str(row["target"]), []).append(str(row["agency"]))
    return missing


def has_unknown_base(row: Attainment) -> bool:
    """True if the register has neither roster nor population for a ratio or coverage as a whole."""
    return row["is_proportion"] and row["agency"] is None and not row["roster_size"] and row["population"] is None


def get_open_population(row: Attainment) -> int:
    """Return the population of a ratio that the reports do not cover completely yet; 0 for other rows."""
    return (row["population"] or 0) if row["measure"] == "ratio" and not row["is_complete"] else 0


def compute_goal(row: Attainment) -> Fraction | None:
    """Return the figure that a change has to reach, or must not be above; None without a base."""
    if row["baseline"] is None:
        return None
    return Fraction(str(row["baseline"])) * (1 + Fraction(row["floor_exact"] or 0))


def _compute_gap(row: Attainment) -> tuple[MeasureValue | None, MeasureValue | None]:
    """Return (missing, excess): `excess` for a ceiling, `missing` for other targets; whole but for an amount."""
    goal = Fraction(row["floor_exact"] or 0)
    is_ceiling = row["is_ceiling"]
    if row["measure"] == "change":
        return _compute_amount_gap(row, compute_goal(row) or Fraction(0))
    if row["measure"] == "amount":
        return _compute_amount_gap(row, goal)
    reached = int(row["numerator"])
    if row["is_proportion"]:
        # Only what has been counted can exceed a ceiling: its base never includes uncounted people.
        base = max(row["denominator"] or 0, 0 if is_ceiling else get_open_population(row))
        if not base:
            return None, None
        goal *= base
    if is_ceiling:
        allowed = floor(goal) if row["comparator"] == "<=" else ceil(goal) - 1
        return None, max(reached - allowed, 0)
    required = ceil(goal) if row["comparator"] == ">=" else floor(goal) + 1
    return max(required - reached, 0), None


def _compute_amount_gap(row: Attainment, goal: Fraction) -> tuple[MeasureValue | None, MeasureValue | None]:
    """Return (missing, excess) of an amount or a change; over or under its limit, it lacks at least a millionth."""
    gap = Fraction(str(row["numerator"])) - goal if row["is_ceiling"] else goal - Fraction(str(row["numerator"]))
    if row["comparator"] in (">", "<") and gap == 0:
        gap = Fraction(1, 1_000_000)
    amount = to_number(max(gap, Fraction(0)))
    return (None, amount) if row["is_ceiling"] else (amount, None)


def _count_missing_agencies(row: Attainment) -> int:
    if row["measure"] == "coverage":
        return row["roster_size"] - int(row["numerator"]) if row["agency"] is None else 0
    return _count_silent_agencies(row)


def _count_silent_agencies(row: Attainment) -> int:
    if not (row["is_proportion"] or row["measure"] == "change") or row["agency"] is not None:
        return 0
    return row["roster_size"] - row["roster_reported"]


def _compute_needed_rate(missing: MeasureValue | None, days_left: int) -> float | None:
    if missing is None or days_left < 0:
        return None
    return ceil(_compute_rate(missing, days_left) * 10) / 10


def _compute_rate(value: MeasureValue, days: int) -> Fraction:
    """Return a value per week, exactly; fewer days than a week count as one."""
    days = max(days, DAYS_PER_WEEK)
    if isinstance(value, int):  # most values are: reading a fraction from a text takes five times as long
        return Fraction(value * DAYS_PER_WEEK, days)
    return Fraction(str(value)) * DAYS_PER_WEEK / days


def _get_urgency_key(owed: Owed) -> tuple[int, int, int, int, int, str]:
    row = owed.row
    severity = STATUSES.index(row["status"]) if row["status"] else len(STATUSES)
    force = _FORCES.index(row["force"])
    return severity, owed.days_left, force, row["plan_position"], row["position"], row["agency"] or ""
