"""The smallest thing still owed beside every verdict, as figures; faces make the sentence (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil, floor

from kpis.measures.attainment import build_parameters, choose_agency_totals
from kpis.measures.attainment_rows import STATUSES, URGENT_STATUSES, Attainment
from kpis.measures.query import DatabaseReader, build_statement, run_query

_DAYS_PER_WEEK = 7
_DAYS_PER_YEAR = 366  # days
_STATUSES_OWING_NOTHING = ("attained", "attained_late", "not_started", "not_applicable")
_FORCES = ("binding", "aspirational", "tentative", "conditional")


@dataclass(frozen=True)
class Owed:
    """What one target's period, or one agency's part in it, still owes as of a day.

    `missing` counts the target's unit: things, for a ratio people, for a coverage agencies; None where a
    ratio has nothing to count from yet. Where a ceiling is broken it is None, and `excess` says by how much
    of what has been counted.
    `agencies_missing` is how many of the roster have not reported (coverage: have done nothing);
    `agencies_silent` how many have not reported, whatever is measured: none may be missing, yet one silent.
    `uncounted` how many of the population no denominator covers yet. Either completed makes a ratio whole.
    `no_roster`: the register holds neither, so that the target cannot be met yet ("chưa chốt danh sách").
    `days_left` runs to the due day, below 0 after it; rates are per week, needed rounded up and current down
    to a tenth, `needed_per_week` None after the due day.
    """

    row: Attainment
    missing: int | None
    excess: int | None
    agencies_missing: int
    agencies_silent: int
    uncounted: int
    no_roster: bool
    days_left: int
    needed_per_week: float | None
    current_per_week: float

    @property
    def weeks_left(self) -> int:
        """Whole weeks to the due day; 0 in the last week and after it."""
        return max(self.days_left, 0) // 7


def list_owed(rows: Iterable[Attainment], as_of: date) -> list[Owed]:
    """What each of these still owes, the most pressing first; what is met, not begun or void owes nothing.

    Most pressing: the worst status, then the least time left, then the more binding, in the register's order.
    """
    found = [compute_owed(row, as_of) for row in rows]
    return sorted((one for one in found if one is not None), key=_get_urgency_key)


def select_urgent(owed_items: Iterable[Owed]) -> list[Owed]:
    """Of what comes most pressing first, what is late, without figures or at risk: what is to be done now.

    What is due in years comes after all that is due within one.
    """
    late = [one for one in owed_items if one.row["status"] in URGENT_STATUSES]
    return sorted(late, key=lambda one: one.days_left > _DAYS_PER_YEAR)


def compute_owed(row: Attainment, as_of: date) -> Owed | None:
    """What one target still owes; None where it owes nothing, or has no floor of its own.

    A ceiling that holds owes nothing once everybody has spoken; until then, who has not.
    """
    if row["status"] is None or row["status"] in _STATUSES_OWING_NOTHING:
        return None
    missing, excess = _compute_gap(row)
    if row["comparator"] in ("<=", "<") and not excess and row["entries"] and is_fully_reported(row):
        return None
    days_left = (row["due_on"] - as_of).days
    weeks_gone = max(Fraction((as_of - row["period_start"]).days + 1, 7), Fraction(1))
    return Owed(
        row=row,
        missing=missing,
        excess=excess,
        agencies_missing=_count_missing_agencies(row),
        agencies_silent=_count_silent_agencies(row),
        uncounted=max(_get_uncovered_population(row) - (row["denominator"] or 0), 0),
        no_roster=has_unknown_base(row),
        days_left=days_left,
        needed_per_week=_compute_needed_rate(missing, days_left),
        current_per_week=floor(row["numerator"] / weeks_gone * 10) / 10,
    )


def list_missing_agencies(
    db: DatabaseReader,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> dict[str, list[str]]:
    """The roster agencies of each target that have not done their part, in the plan's order, by target."""
    asked = build_parameters(as_of, known_at, year, province, plan)
    text = build_statement(
        ["requested_periods", choose_agency_totals(db, asked), "missing_agencies"], _MISSING_ORDER
    )
    found: dict[str, list[str]] = {}
    for row in run_query(db, text, asked):
        found.setdefault(str(row["target"]), []).append(str(row["agency"]))
    return found


_MISSING_ORDER = "target, position nulls last, agency"


def _is_proportion(row: Attainment) -> bool:
    return row["measure"] in ("ratio", "coverage")


def has_unknown_base(row: Attainment) -> bool:
    """Whether nobody has said yet who makes up the whole; an agency's own part is whole by itself."""
    return (
        _is_proportion(row) and row["agency"] is None and not row["roster_size"] and row["population"] is None
    )


def is_fully_reported(row: Attainment) -> bool:
    """Whether all have spoken that make up the whole: the roster, or a ratio's population (design.md §5)."""
    if not _is_proportion(row) or row["agency"] is not None:
        return True
    if _has_full_roster(row):
        return True
    population = row["population"] if _is_ratio(row) else None
    return population is not None and (row["denominator"] or 0) >= population


def _has_full_roster(row: Attainment) -> bool:
    return row["roster_size"] > 0 and row["roster_reported"] == row["roster_size"]


def _is_ratio(row: Attainment) -> bool:
    return row["measure"] == "ratio"


def _get_uncovered_population(row: Attainment) -> int:
    """Whom the whole counts, until its roster has; an agency's own part counts its own people alone."""
    if not _is_ratio(row) or row["agency"] is not None or _has_full_roster(row):
        return 0
    return row["population"] or 0


def _compute_gap(row: Attainment) -> tuple[int | None, int | None]:
    """How many units are missing, and by how many a ceiling is broken, in whole units."""
    goal = Fraction(row["floor_exact"] or 0)
    done = row["numerator"]
    is_ceiling = row["comparator"] in ("<=", "<")
    if _is_proportion(row):
        # A ceiling is broken by what has been counted; whoever is in no report yet breaks nothing.
        base = max(row["denominator"] or 0, 0 if is_ceiling else _get_uncovered_population(row))
        if not base:
            return None, None
        goal *= base
    if is_ceiling:
        allowed = floor(goal) if row["comparator"] == "<=" else ceil(goal) - 1
        return None, max(done - allowed, 0)
    enough = ceil(goal) if row["comparator"] == ">=" else floor(goal) + 1
    return max(enough - done, 0), None


def _count_missing_agencies(row: Attainment) -> int:
    if row["measure"] == "coverage":
        return row["roster_size"] - row["numerator"] if row["agency"] is None else 0
    return _count_silent_agencies(row) if _is_ratio(row) else 0


def _count_silent_agencies(row: Attainment) -> int:
    if not _is_proportion(row) or row["agency"] is not None:
        return 0
    return row["roster_size"] - row["roster_reported"]


def _compute_needed_rate(missing: int | None, days_left: int) -> float | None:
    if missing is None or days_left < 0:
        return None
    weeks = max(Fraction(days_left, _DAYS_PER_WEEK), Fraction(1))
    return ceil(missing / weeks * 10) / 10


def _get_urgency_key(owed: Owed) -> tuple[int, int, int, int, int, str]:
    row = owed.row
    worst = STATUSES.index(row["status"]) if row["status"] else len(STATUSES)
    forces = _FORCES.index(row["force"])
    return worst, owed.days_left, forces, row["plan_position"], row["position"], row["agency"] or ""
