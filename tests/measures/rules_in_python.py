"""The rules of design.md §5 a second time, in plain Python: loops, dates and fractions, from the text alone.

Slow and obvious on purpose: the SQL is compared with it on random registers and entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor as rounded_down
from typing import Protocol

from tests.measures import doubts_in_python as doubts
from tests.measures import mergers_in_python as mergers
from tests.measures.tiny_database import TinyEntry, TinyTarget

PeriodDates = tuple[date, date, date]
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": lambda actual, floor: actual >= floor,
    ">": lambda actual, floor: actual > floor,
    "<=": lambda actual, floor: actual <= floor,
    "<": lambda actual, floor: actual < floor,
}


@dataclass(frozen=True)
class RuleFigures:
    """What the entries come to on one day."""

    numerator: Fraction
    denominator: int | None
    entries: int
    reporting_agencies: frozenset[str]
    is_carried: bool = False
    is_change: bool = False
    base: Fraction | None = None
    """With what a change is compared; None for nothing, 0 for what is not certain."""

    @property
    def actual(self) -> Fraction | None:
        """Numerator over denominator; a count has no denominator, what is carried no figure."""
        if self.is_carried:
            return None
        if self.is_change:
            return self.numerator / self.base - 1 if self.base and self.entries else None
        if self.denominator is None:
            return self.numerator
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class RuleResult:
    """One row according to the rules."""

    figures: RuleFigures
    expected: Fraction | None
    status: str | None
    weak: RuleFigures | None = None


def select_known(entries: Sequence[TinyEntry], known_at: datetime | None) -> list[TinyEntry]:
    """Return the current entries, or those with recorded_at <= known_at < retired_at (design.md §4)."""
    if known_at is None:
        return [entry for entry in entries if entry.retired is None]
    return [
        entry
        for entry in entries
        if entry.recorded_at <= known_at and (entry.retired is None or known_at < entry.retired)
    ]


def select_counted(
    target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], as_of: date
) -> list[TinyEntry]:
    """Return the entries with period start <= occurred_on <= min(as of, period end)."""
    start, end, _ = period
    last = min(as_of, end)
    return [entry for entry in entries if entry.target == target.id and start <= entry.occurred_on <= last]


def select_series(
    target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], day: date, as_of: date
) -> doubts.Series | None:
    """Return the rest of the series through which a running total may go on, up to the day asked.

    It goes through the spans of a year, and through the years of a table of yearly amounts.
    """
    is_span = target.recurrence in ("quarterly", "monthly", "half_yearly")
    if not is_span and target.counting != "each_year":
        return None
    counted = {id(entry) for entry in select_counted(target, period, entries, day)}
    return doubts.Series(
        period[0],
        [
            entry
            for entry in entries
            if entry.target == target.id
            and entry.occurred_on <= as_of
            and (not is_span or entry.occurred_on.year == period[0].year)
            and id(entry) not in counted
        ],
    )


def get_tie_break_key(target: TinyTarget, entry: TinyEntry) -> tuple[Fraction, Fraction, int]:
    """Return the sort key by which an entry is worse than another of its day and sync: smaller, of a ceiling larger."""
    denominator = entry.denominator or 0
    sign = -1 if target.comparator in ("<=", "<") else 1
    if target.measure != "ratio":
        return sign * Fraction(entry.quantity), Fraction(entry.quantity), -denominator
    share = Fraction(entry.quantity) / denominator if denominator else Fraction(0)
    return sign * share, Fraction(entry.quantity), -denominator


def find_latest(target: TinyTarget, entries: Sequence[TinyEntry]) -> TinyEntry:
    """Return the entry with the greatest (occurred_on, recorded_at); on a tie, the worse one."""
    newest = max((entry.occurred_on, entry.recorded_at) for entry in entries)
    tied = [entry for entry in entries if (entry.occurred_on, entry.recorded_at) == newest]
    return min(tied, key=lambda entry: get_tie_break_key(target, entry))


def find_latest_by_agency(target: TinyTarget, entries: Sequence[TinyEntry]) -> list[TinyEntry]:
    """Return the latest entry of each agency."""
    agencies = sorted({entry.agency for entry in entries})
    return [find_latest(target, [entry for entry in entries if entry.agency == agency]) for agency in agencies]


def select_confirmed(entries: Sequence[TinyEntry]) -> list[TinyEntry]:
    """Return the entries whose row is confirmed: a later 0 of the agency does not withdraw them."""
    return [entry for entry in entries if entry.confirmed]


def compute_figures(
    target: TinyTarget, entries: Sequence[TinyEntry], among: Sequence[TinyEntry] | None = None
) -> RuleFigures:
    """Return the figures of the entries, by measure; of a rate, those of the lead alone count.

    `among`: all entries of the target, where these are one agency's.
    """
    if not target.adds_up:
        entries = [entry for entry in entries if mergers.is_of_lead(target, entry)]
        among = [entry for entry in among or entries if mergers.is_of_lead(target, entry)]
    reporting = frozenset(mergers.get_answering(target, entry) for entry in entries)
    standing = mergers.select_standing(target, entries, entries if among is None else among)
    numerator: Fraction | int | Decimal
    denominator = None
    if target.measure == "coverage":
        sums = {
            agency: sum(entry.quantity for entry in entries if mergers.get_answering(target, entry) == agency)
            for agency in reporting
        }
        done = [agency for agency in target.roster if sums.get(agency, 0) >= target.each]
        numerator, denominator = len(done), len(target.roster)
    elif target.measure == "carried":
        numerator = 0
    elif target.measure == "milestone":
        latest = find_latest_by_agency(target, standing)
        numerator = 1 if any(entry.quantity >= 1 for entry in [*latest, *select_confirmed(entries)]) else 0
    elif target.measure == "ratio":
        latest = find_latest_by_agency(target, standing)
        numerator = sum(entry.quantity for entry in latest)
        denominator = sum(entry.denominator or 0 for entry in latest)
    elif target.accumulation == "level":
        numerator = sum(entry.quantity for entry in find_latest_by_agency(target, standing))
    else:
        numerator = sum(entry.quantity for entry in entries)
    return RuleFigures(
        Fraction(numerator),
        denominator,
        len(entries),
        reporting,
        target.measure == "carried",
        target.measure == "change",
    )


def compute_pace(target: TinyTarget, period: PeriodDates, as_of: date) -> Fraction:
    """Return the pace: 0 before the period, 1 from due_on or its end; between them linear, on one day or quarterly."""
    start, end, due_on = period
    due_on = min(due_on, end)
    start = get_first_day(target, period)
    if as_of < start:
        return Fraction(0)
    if as_of >= due_on:
        return Fraction(1)
    if target.pace == "linear":
        return Fraction((as_of - start).days, (due_on - start).days)
    if target.pace == "quarterly":
        ends = [day for day in list_days(start, end) if is_quarter_end(day)]
        return Fraction(sum(1 for day in ends if day <= as_of), len(ends))
    month, day = int(target.pace[3:5]), int(target.pace[6:8])
    return Fraction(1 if (as_of.year, as_of.month, as_of.day) >= (end.year, month, day) else 0)


def get_first_day(target: TinyTarget, period: PeriodDates) -> date:
    """Return the first day of a period on which anything is owed."""
    return min(max(period[0], target.from_day), period[1])


def list_days(start: date, end: date) -> list[date]:
    """Return the days from start to end, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def is_quarter_end(day: date) -> bool:
    """True for 31 March, 30 June, 30 September, 31 December."""
    return (day.month, day.day) in {(3, 31), (6, 30), (9, 30), (12, 31)}


def compute_expected(target: TinyTarget, period: PeriodDates, floor: Fraction, as_of: date) -> Fraction:
    """Return floor x pace(as of); rounded down to whole numbers for counts and milestones."""
    pace = compute_pace(target, period, as_of)
    if target.measure == "change" and target.accumulation == "increment":
        return (1 + floor) * pace - 1  # a sum begins at nothing
    start = get_start(target, period)
    exact = start + (floor - start) * pace
    return Fraction(rounded_down(exact)) if target.measure in ("count", "milestone") else exact


def get_start(target: TinyTarget, period: PeriodDates) -> Fraction:
    """Return where the way to the floor begins: at the baseline, which is no change of itself; else at nothing."""
    return Fraction(0 if target.measure == "change" else target.get_baseline(period[0]) or 0)


def is_paced_from_baseline(target: TinyTarget, period: PeriodDates) -> bool:
    """True if the way to the floor begins at a figure of an earlier year."""
    if target.measure == "change":
        return target.accumulation == "level"
    return target.get_baseline(period[0]) is not None


def has_unknown_base(target: TinyTarget) -> bool:
    """True for a ratio or coverage of which neither roster nor population is known."""
    return target.measure in ("ratio", "coverage") and not target.roster and target.population is None


def is_fully_reported(target: TinyTarget, figures: RuleFigures) -> bool:
    """True if the whole roster of a ratio or coverage has reported, or a ratio covers its population."""
    if target.measure == "change":  # silence is no reduction
        return set(target.reporters) <= figures.reporting_agencies
    if target.measure not in ("ratio", "coverage"):
        return True
    if target.measure == "coverage" and target.comparator in (">=", ">"):
        return bool(target.roster)  # a silent agency has not done its part
    if target.measure == "ratio" and target.comparator in ("<=", "<") and has_unknown_base(target):
        return True
    if target.roster and set(target.roster) <= figures.reporting_agencies:
        return True
    if target.measure != "ratio" or target.population is None:
        return False
    return (figures.denominator or 0) >= target.population


def summarize_spans(
    target: TinyTarget, spans: Sequence[tuple[PeriodDates, RuleResult]], as_of: date, floor: Fraction | None, base: int
) -> tuple[str | None, int, int, int]:
    """Return the status of a year of spans, how many are met, how many have ended, and how many it has.

    `floor`: of the target or of an agency's part; `base`: how many agencies a coverage is about.
    """
    if floor is None:
        return None, 0, 0, 0
    applicable = [(period, result) for period, result in spans if result.status != "not_applicable"]
    met = [period for period, result in applicable if result.status in ("attained", "attained_late")]
    ended = [period for period, _ in applicable if as_of >= period[1]]
    counts = len(met), len(ended), len(applicable)
    if not applicable:
        return "not_applicable", *counts
    if as_of < min(get_first_day(target, period) for period, _ in applicable):
        return "not_started", *counts
    if len(met) == len(applicable) and as_of >= applicable[-1][0][1]:
        return "attained", *counts
    grace = timedelta(days=target.due_after_days)
    if any(period not in met and as_of >= period[1] + grace and as_of > period[1] for period, _ in applicable):
        return "overdue", *counts
    running = [(period, result) for period, result in spans if period[0] <= as_of <= period[1]]
    if not running:
        return "behind", *counts
    ((period, result),) = running
    if result.status in ("attained", "attained_late", "not_applicable"):
        return "on_track", *counts
    if result.status == "no_data" and rounded_down(count_expected_units(target, period, as_of, floor, base)) == 0:
        return "on_track", *counts
    return result.status, *counts


def count_expected_units(target: TinyTarget, period: PeriodDates, as_of: date, floor: Fraction, base: int) -> Fraction:
    """Return what has to be done by now, in units; of a ratio, whose whole is not known, whether anything is."""
    pace = compute_pace(target, period, as_of)
    if target.measure == "ratio":
        return Fraction(1 if pace else 0)
    return floor * pace * (base if target.measure == "coverage" else 1)


def is_carried(target: TinyTarget) -> bool:
    """True for what is kept in words, and for a period without a floor."""
    return target.measure == "carried" or target.floor is None


def evaluate_target(target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], as_of: date) -> RuleResult:
    """Return the result for a whole target; `entries` are those known."""
    named_target, target = target, mergers.merge_target(target, period, as_of)
    if is_carried(target):
        counted = doubts.read_entries(target, select_counted(target, period, entries, as_of), as_of, is_weak=False)
        figures = compute_figures(target, counted)
        return RuleResult(figures, None, "carried", figures)
    base, base_in_doubt = find_bases(named_target, period, entries, as_of)

    def compute_reading(day: date, *, is_weak: bool) -> RuleFigures:
        counted = select_counted(target, period, entries, day)
        series = select_series(target, period, entries, day, as_of)
        figures = compute_figures(
            target, doubts.read_entries(target, counted, day, is_weak=is_weak, base=base, series=series)
        )
        if not is_weak:
            return replace(figures, base=base)
        # figure and base are in doubt each by itself: the worst of all readings counts
        worst = max if target.comparator in ("<=", "<") else min
        if target.measure == "change":
            full = compute_reading(day, is_weak=False)
            figures = replace(figures, numerator=worst(figures.numerator, full.numerator))
        return replace(figures, base=base_in_doubt)

    result = decide_status(
        target, period, as_of, Fraction(target.floor or 0), compute_reading,
        lambda figures: is_fully_reported(target, figures),
    )  # fmt: skip
    is_floor, due_on = target.comparator in (">=", ">"), period[2]
    if result.status == "on_track" and is_floor and has_unknown_base(target) and (due_on - as_of).days <= 60:
        return replace(result, status="at_risk")
    return result


def find_bases(
    target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], as_of: date
) -> tuple[Fraction | None, Fraction | None]:
    """Return with what a change is compared, and the worst reading of it; None for nothing to compare with.

    That is the baseline, or the final figure of the year before; 0 is what may not be complete.
    """
    baseline = target.get_baseline(period[0])
    if target.measure != "change" or baseline is not None:
        return (None, None) if baseline is None else (Fraction(baseline), Fraction(baseline))
    previous = [other for other in target.periods if other[0].year == period[0].year - 1]
    if not previous or as_of < get_first_day(target, period):
        return None, None
    end = previous[0][1]
    target = mergers.merge_target(target, previous[0], end)

    def compute_final(*, is_weak: bool) -> Fraction | None:
        counted = select_counted(target, previous[0], entries, end)
        series = select_series(target, previous[0], entries, end, end)
        read = doubts.read_entries(target, counted, end, is_weak=is_weak, is_previous_year=True, series=series)
        figures = compute_figures(target, read)
        return figures.numerator if is_fully_reported(target, figures) and figures.numerator > 0 else None

    full, doubted = compute_final(is_weak=False), compute_final(is_weak=True)
    if full is None:
        return None, None
    if doubted is None:
        return full, Fraction(0)
    return full, min(full, doubted) if target.comparator in ("<=", "<") else max(full, doubted)


def evaluate_agency(
    target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], as_of: date, agency: str
) -> RuleResult:
    """Return the result for one agency's own part in a target."""
    base, _ = find_bases(target, period, entries, as_of)
    target = mergers.merge_target(target, period, as_of)
    floor = get_agency_floor(target, agency)
    target = replace(target, baseline=None)  # an agency has none of its own

    def compute_reading(day: date, *, is_weak: bool) -> RuleFigures:
        counted = select_counted(target, period, entries, day)
        is_doubted = is_weak and not is_carried(target)
        series = select_series(target, period, entries, day, as_of)
        read = doubts.read_entries(target, counted, day, is_weak=is_doubted, agency=agency, base=base, series=series)
        figures = compute_figures(
            target, [entry for entry in read if mergers.get_answering(target, entry) == agency], read
        )
        if target.measure != "coverage":
            return figures
        return replace(figures, denominator=1 if agency in target.roster else 0)

    return decide_status(target, period, as_of, floor, compute_reading, lambda _: True)


def get_agency_floor(target: TinyTarget, agency: str) -> Fraction | None:
    """Return its share; else a ratio's floor, or a coverage's for those on the roster; else None."""
    if is_carried(target):
        return None
    if agency in target.shares:
        return Fraction(target.shares[agency])
    if target.measure == "ratio" or (target.measure == "coverage" and agency in target.roster):
        return Fraction(target.floor or 0)
    return None


class ComputeReading(Protocol):
    """Computes the figures as of a day in one reading."""

    def __call__(self, day: date, *, is_weak: bool) -> RuleFigures:
        """Return all rows as they stand, or with every open doubt applied."""


def decide_status(
    target: TinyTarget,
    period: PeriodDates,
    as_of: date,
    floor: Fraction | None,
    compute_reading: ComputeReading,
    is_complete: Callable[[RuleFigures], bool],
) -> RuleResult:
    """Return the first status that applies; a target is attained only if both readings meet it."""
    due_on = period[2]
    current, doubted = (compute_reading(as_of, is_weak=is_weak) for is_weak in (False, True))
    weak = choose_weaker(target, current, doubted)
    if floor is None:
        return RuleResult(current, None, None, weak)
    required = floor
    expected: Fraction | None = compute_expected(target, period, floor, as_of)
    if target.measure == "change" and current.base is None:
        expected = None

    def is_met(day: date, *, is_weak: bool) -> bool:
        figures = compute_reading(day, is_weak=is_weak)
        return figures.entries > 0 and meets_floor(target, required, figures) and is_complete(figures)

    def is_met_in_both(day: date) -> bool:
        can_be_met = target.comparator not in ("<=", "<") or as_of >= due_on
        return can_be_met and all(is_met(day, is_weak=is_weak) for is_weak in (False, True))

    holds_now = target.measure != "milestone" or is_met_in_both(as_of)
    statuses = [get_unmet_status(target, period, as_of, required, expected, current)]
    if as_of >= due_on:  # before it, a doubt does no more than withhold "attained"
        statuses.append(get_unmet_status(target, period, as_of, required, expected, doubted))
    if period[1] < target.from_day:
        status = "not_applicable"
    elif as_of < get_first_day(target, period):
        status = "not_started"
    elif target.measure == "change" and current.base is None:
        return RuleResult(current, None, "carried", weak)
    elif is_not_applicable(target, current) and (as_of < due_on or is_not_applicable(target, doubted)):
        status = "not_applicable"
    elif is_met_in_both(min(as_of, due_on)) and holds_now:
        status = "attained"
    elif is_met_in_both(as_of):
        status = "attained_late"
    else:
        status = min(statuses, key=["overdue", "behind", "no_data", "at_risk", "on_track"].index)
    return RuleResult(current, expected, status, weak)


def choose_weaker(target: TinyTarget, full: RuleFigures, doubted: RuleFigures) -> RuleFigures:
    """Return the worse of both readings by the comparator; nothing to divide by is the worst of a floor."""
    is_ceiling = target.comparator in ("<=", "<")
    if target.measure == "change":
        if doubted.base == 0 and full.base:
            return doubted
        doubted = replace(doubted, entries=full.entries)
    if full.actual is None or doubted.actual is None:
        return full if (full.actual is None) != is_ceiling else doubted
    if is_ceiling:
        return doubted if doubted.actual > full.actual else full
    return doubted if doubted.actual < full.actual else full


def is_not_applicable(target: TinyTarget, figures: RuleFigures) -> bool:
    """True for a ratio with entries, all of whose counted denominators are 0."""
    return target.measure == "ratio" and figures.entries > 0 and figures.denominator == 0


def meets_floor(target: TinyTarget, floor: Fraction, figures: RuleFigures) -> bool:
    """True if the comparator holds."""
    return figures.actual is not None and COMPARISONS[target.comparator](figures.actual, floor)


def get_unmet_status(
    target: TinyTarget,
    period: PeriodDates,
    as_of: date,
    floor: Fraction,
    expected: Fraction | None,
    figures: RuleFigures,
) -> str:
    """Return the status of one reading if the target is not met."""
    actual = Fraction(0) if figures.actual is None else figures.actual
    expected = expected or Fraction(0)
    if as_of > period[2]:
        return "overdue"
    if not figures.entries:
        return "no_data"
    is_ceiling = target.comparator in ("<=", "<")
    is_silent = target.measure == "change" and is_ceiling and not is_fully_reported(target, figures)
    if target.measure == "change" and figures.base == 0:
        return "behind"
    if is_ceiling and not is_paced_from_baseline(target, period):
        if not meets_floor(target, floor, figures):
            return "behind"
        return "at_risk" if is_silent else "on_track"
    start = Fraction(-1)  # a sum begins at nothing, a whole less than its base
    if target.measure != "change" or target.accumulation == "level":
        start = get_start(target, period)
    covered, due = actual - start, expected - start
    if is_ceiling:
        covered, due = -covered, -due
    if covered >= due:
        return "at_risk" if is_silent else "on_track"
    return "at_risk" if covered >= Fraction(3, 4) * due else "behind"


def list_agencies(target: TinyTarget, period: PeriodDates, entries: Sequence[TinyEntry], as_of: date) -> set[str]:
    """Return the lead, the roster, and the agencies with a share or an entry."""
    target = mergers.merge_target(target, period, as_of)
    counted = select_counted(target, period, entries, as_of)
    reporting = {mergers.get_answering(target, entry) for entry in counted}
    return {target.lead, *target.roster, *target.shares} | reporting
