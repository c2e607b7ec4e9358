"""The rules of design.md §5 once more, in plain Python: loops, dates and fractions, from the text alone.

Slow and obvious on purpose: the SQL is compared with it on random registers and entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor as rounded_down

from tests.measures.tiny_database import TinyEntry, TinyTarget

Period = tuple[date, date, date]
HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": lambda actual, floor: actual >= floor,
    ">": lambda actual, floor: actual > floor,
    "<=": lambda actual, floor: actual <= floor,
    "<": lambda actual, floor: actual < floor,
}


@dataclass(frozen=True)
class Figures:
    """What the entries come to on one day."""

    numerator: int
    denominator: int | None
    entries: int
    reporting: frozenset[str]

    @property
    def actual(self) -> Fraction | None:
        """Numerator over denominator; a count has no denominator."""
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class Verdict:
    """One row as the rules have it."""

    figures: Figures
    expected: Fraction | None
    status: str | None


def known(entries: Sequence[TinyEntry], known_at: datetime | None) -> list[TinyEntry]:
    """§4 History: the current set, or recorded_at <= known_at < retired_at."""
    if known_at is None:
        return [entry for entry in entries if entry.retired is None]
    return [
        entry
        for entry in entries
        if entry.recorded_at <= known_at and (entry.retired is None or known_at < entry.retired)
    ]


def counted(target: TinyTarget, period: Period, entries: Sequence[TinyEntry], as_of: date) -> list[TinyEntry]:
    """Only entries with period start <= occurred_on <= min(as of, period end) count."""
    start, end, _ = period
    last = min(as_of, end)
    return [entry for entry in entries if entry.target == target.id and start <= entry.on <= last]


def value_of(target: TinyTarget, entry: TinyEntry) -> tuple[Fraction, int, int]:
    """What makes one entry smaller than another of the same day and sync."""
    denominator = entry.denominator or 0
    if target.measure != "ratio":
        return Fraction(entry.quantity), entry.quantity, -denominator
    share = Fraction(entry.quantity, denominator) if denominator else Fraction(0)
    return share, entry.quantity, -denominator


def latest(target: TinyTarget, entries: Sequence[TinyEntry]) -> TinyEntry:
    """The greatest (occurred_on, recorded_at); on a tie the smaller value counts."""
    newest = max((entry.on, entry.recorded_at) for entry in entries)
    tied = [entry for entry in entries if (entry.on, entry.recorded_at) == newest]
    return min(tied, key=lambda entry: value_of(target, entry))


def latest_of_each(target: TinyTarget, entries: Sequence[TinyEntry]) -> list[TinyEntry]:
    """The latest entry of each agency."""
    agencies = sorted({entry.agency for entry in entries})
    return [latest(target, [entry for entry in entries if entry.agency == agency]) for agency in agencies]


def figures(target: TinyTarget, entries: Sequence[TinyEntry]) -> Figures:
    """actual, by measure."""
    reporting = frozenset(entry.agency for entry in entries)
    denominator = None
    if target.measure == "coverage":
        did = {entry.agency for entry in entries if entry.quantity >= 1}
        numerator, denominator = len(did & set(target.roster)), len(target.roster)
    elif target.measure == "milestone":
        numerator = 1 if any(entry.quantity >= 1 for entry in entries) else 0
    elif target.measure == "ratio":
        last = latest_of_each(target, entries)
        numerator = sum(entry.quantity for entry in last)
        denominator = sum(entry.denominator or 0 for entry in last)
    elif target.accumulation == "level":
        numerator = sum(entry.quantity for entry in latest_of_each(target, entries))
    else:
        numerator = sum(entry.quantity for entry in entries)
    return Figures(numerator, denominator, len(entries), reporting)


def pace(target: TinyTarget, period: Period, as_of: date) -> Fraction:
    """Before the period 0, from due_on the whole; between them linear, on one day, or by quarters."""
    start, end, due_on = period
    if as_of < start:
        return Fraction(0)
    if as_of >= due_on:
        return Fraction(1)
    if target.pace == "linear":
        return Fraction((as_of - start).days, (due_on - start).days)
    if target.pace == "quarterly":
        ends = [day for day in every_day(start, end) if is_quarter_end(day)]
        return Fraction(sum(1 for day in ends if day <= as_of), len(ends))
    month, day = int(target.pace[3:5]), int(target.pace[6:8])
    return Fraction(1 if (as_of.year, as_of.month, as_of.day) >= (end.year, month, day) else 0)


def every_day(start: date, end: date) -> list[date]:
    """The days from start to end, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def is_quarter_end(day: date) -> bool:
    """31 March, 30 June, 30 September, 31 December."""
    return (day.month, day.day) in {(3, 31), (6, 30), (9, 30), (12, 31)}


def expected(target: TinyTarget, period: Period, floor: Fraction, as_of: date) -> Fraction:
    """floor x pace(as of); rounded down to whole numbers for counts and milestones."""
    exact = floor * pace(target, period, as_of)
    return Fraction(rounded_down(exact)) if target.measure in ("count", "milestone") else exact


def is_whole(target: TinyTarget, reached: Figures) -> bool:
    """A ratio or coverage speaks for the whole with its whole roster; a ratio also with its population."""
    if target.measure in ("count", "milestone"):
        return True
    if target.roster and set(target.roster) <= reached.reporting:
        return True
    if target.measure != "ratio" or target.population is None:
        return False
    return (reached.denominator or 0) >= target.population


def judge(target: TinyTarget, period: Period, entries: Sequence[TinyEntry], as_of: date) -> Verdict:
    """The verdict on a whole target, `entries` being those known."""
    return decide(
        target, period, as_of, Fraction(target.floor),
        lambda day: figures(target, counted(target, period, entries, day)),
        lambda reached: is_whole(target, reached),
    )  # fmt: skip


def judge_agency(
    target: TinyTarget, period: Period, entries: Sequence[TinyEntry], as_of: date, agency: str
) -> Verdict:
    """The verdict on one agency's own part in a target."""
    own = [entry for entry in entries if entry.agency == agency]
    floor = floor_of(target, agency)

    def reached(day: date) -> Figures:
        mine = figures(target, counted(target, period, own, day))
        if target.measure != "coverage":
            return mine
        return Figures(mine.numerator, 1 if agency in target.roster else 0, mine.entries, mine.reporting)

    return decide(target, period, as_of, floor, reached, lambda _: True)


def floor_of(target: TinyTarget, agency: str) -> Fraction | None:
    """Its share; else a ratio's floor, or a coverage's for those on the roster. Other counts have none."""
    if agency in target.shares:
        return Fraction(target.shares[agency])
    if target.measure == "ratio" or (target.measure == "coverage" and agency in target.roster):
        return Fraction(target.floor)
    return None


def decide(
    target: TinyTarget,
    period: Period,
    as_of: date,
    floor: Fraction | None,
    reached: Callable[[date], Figures],
    whole: Callable[[Figures], bool],
) -> Verdict:
    """The first status that holds."""
    start, _, due_on = period
    now = reached(as_of)
    if floor is None:
        return Verdict(now, None, None)
    goal = floor
    due = expected(target, period, floor, as_of)

    def holds(day: Figures) -> bool:
        return day.actual is not None and HOLDS[target.comparator](day.actual, goal)

    def met(day: Figures) -> bool:
        return day.entries > 0 and holds(day) and whole(day)

    ceiling = target.comparator in ("<=", "<")
    judged = not ceiling or as_of >= due_on
    actual = Fraction(0) if now.actual is None else now.actual
    if as_of < start:
        status = "not_started"
    elif target.measure == "ratio" and now.entries and now.denominator == 0:
        status = "not_applicable"
    elif judged and met(reached(min(as_of, due_on))):
        status = "attained"
    elif judged and met(now):
        status = "attained_late"
    elif as_of > due_on:
        status = "overdue"
    elif not now.entries:
        status = "no_data"
    elif ceiling:
        status = "on_track" if holds(now) else "behind"
    elif actual >= due:
        status = "on_track"
    elif actual >= Fraction(3, 4) * due:
        status = "at_risk"
    else:
        status = "behind"
    return Verdict(now, due, status)


def agencies_of(target: TinyTarget, period: Period, entries: Sequence[TinyEntry], as_of: date) -> set[str]:
    """Leads, roster, share-holders and whoever has an entry."""
    reported = {entry.agency for entry in counted(target, period, entries, as_of)}
    return {target.lead, *target.roster, *target.shares} | reported
