"""The smallest thing still owed beside every verdict, as figures; faces make the sentence (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil, floor

from kpis.measures.attainment import agency_totals, asked_for
from kpis.measures.attainment_rows import PRESSING, STATUSES, Attainment
from kpis.measures.query import Database, ask, statement

_PER_WEEK = 7
_A_YEAR = 366  # days
_NOTHING_OWED = ("attained", "attained_late", "not_started", "not_applicable")
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


def owed(rows: Iterable[Attainment], as_of: date) -> list[Owed]:
    """What each of these still owes, the most pressing first; what is met, not begun or void owes nothing.

    Most pressing: the worst status, then the least time left, then the more binding, in the register's order.
    """
    found = [owes(row, as_of) for row in rows]
    return sorted((one for one in found if one is not None), key=_pressing)


def pressing(found: Iterable[Owed]) -> list[Owed]:
    """Of what comes most pressing first, what is late, without figures or at risk: what is to be done now.

    What is due in years comes after all that is due within one.
    """
    late = [one for one in found if one.row["status"] in PRESSING]
    return sorted(late, key=lambda one: one.days_left > _A_YEAR)


def owes(row: Attainment, as_of: date) -> Owed | None:
    """What one target still owes; None where it owes nothing, or has no floor of its own.

    A ceiling that holds owes nothing once everybody has spoken; until then, who has not.
    """
    if row["status"] is None or row["status"] in _NOTHING_OWED:
        return None
    missing, excess = _gap(row)
    if row["comparator"] in ("<=", "<") and not excess and row["entries"] and is_whole(row):
        return None
    days_left = (row["due_on"] - as_of).days
    weeks_gone = max(Fraction((as_of - row["period_start"]).days + 1, 7), Fraction(1))
    return Owed(
        row=row,
        missing=missing,
        excess=excess,
        agencies_missing=_agencies_missing(row),
        agencies_silent=_agencies_silent(row),
        uncounted=max(_population(row) - (row["denominator"] or 0), 0),
        no_roster=is_open(row),
        days_left=days_left,
        needed_per_week=_needed(missing, days_left),
        current_per_week=floor(row["numerator"] / weeks_gone * 10) / 10,
    )


def missing_agencies(
    db: Database,
    as_of: date,
    known_at: datetime | None = None,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> dict[str, list[str]]:
    """The roster agencies of each target that have not done their part, in the plan's order, by target."""
    asked = asked_for(as_of, known_at, year, province, plan)
    text = statement(["requested_periods", agency_totals(db, asked), "missing_agencies"], _MISSING_ORDER)
    found: dict[str, list[str]] = {}
    for row in ask(db, text, asked):
        found.setdefault(str(row["target"]), []).append(str(row["agency"]))
    return found


_MISSING_ORDER = "target, position nulls last, agency"


def _in_parts(row: Attainment) -> bool:
    return row["measure"] in ("ratio", "coverage")


def is_open(row: Attainment) -> bool:
    """Whether nobody has said yet who makes up the whole; an agency's own part is whole by itself."""
    return _in_parts(row) and row["agency"] is None and not row["roster_size"] and row["population"] is None


def is_whole(row: Attainment) -> bool:
    """Whether all have spoken that make up the whole: the roster, or a ratio's population (design.md §5)."""
    if not _in_parts(row) or row["agency"] is not None:
        return True
    if _has_whole_roster(row):
        return True
    population = row["population"] if _is_ratio(row) else None
    return population is not None and (row["denominator"] or 0) >= population


def _has_whole_roster(row: Attainment) -> bool:
    return row["roster_size"] > 0 and row["roster_reported"] == row["roster_size"]


def _is_ratio(row: Attainment) -> bool:
    return row["measure"] == "ratio"


def _population(row: Attainment) -> int:
    """Whom the whole counts, until its roster has; an agency's own part counts its own people alone."""
    if not _is_ratio(row) or row["agency"] is not None or _has_whole_roster(row):
        return 0
    return row["population"] or 0


def _gap(row: Attainment) -> tuple[int | None, int | None]:
    """How many units are missing, and by how many a ceiling is broken, in whole units."""
    goal = Fraction(row["floor_exact"] or 0)
    done = row["numerator"]
    is_ceiling = row["comparator"] in ("<=", "<")
    if _in_parts(row):
        # A ceiling is broken by what has been counted; whoever is in no report yet breaks nothing.
        base = max(row["denominator"] or 0, 0 if is_ceiling else _population(row))
        if not base:
            return None, None
        goal *= base
    if is_ceiling:
        allowed = floor(goal) if row["comparator"] == "<=" else ceil(goal) - 1
        return None, max(done - allowed, 0)
    enough = ceil(goal) if row["comparator"] == ">=" else floor(goal) + 1
    return max(enough - done, 0), None


def _agencies_missing(row: Attainment) -> int:
    if row["measure"] == "coverage":
        return row["roster_size"] - row["numerator"] if row["agency"] is None else 0
    return _agencies_silent(row) if _is_ratio(row) else 0


def _agencies_silent(row: Attainment) -> int:
    if not _in_parts(row) or row["agency"] is not None:
        return 0
    return row["roster_size"] - row["roster_reported"]


def _needed(missing: int | None, days_left: int) -> float | None:
    if missing is None or days_left < 0:
        return None
    weeks = max(Fraction(days_left, _PER_WEEK), Fraction(1))
    return ceil(missing / weeks * 10) / 10


def _pressing(one: Owed) -> tuple[int, int, int, int, int, str]:
    row = one.row
    worst = STATUSES.index(row["status"]) if row["status"] else len(STATUSES)
    forces = _FORCES.index(row["force"])
    return worst, one.days_left, forces, row["plan_position"], row["position"], row["agency"] or ""
