"""What changed since last week: newly met, newly late, lowered, silent agencies (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypedDict, cast

from kpis.language import clock
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import (
    AGENCY_STEPS,
    build_parameters,
    choose_agency_totals,
    compute_attainment,
    compute_known_and_current,
)
from kpis.measures.attainment_rows import LATE_STATUSES, MET_STATUSES, URGENT_STATUSES, Attainment
from kpis.measures.data_availability import get_data_availability
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, run_query
from kpis.measures.status_overview import StatusCounts, count_statuses
from kpis.measures.task_status import SILENT_DAYS, compute_task_status

_KNOWN_PLANS_QUERY = build_statement(["known_plans"])


class SilentAgency(TypedDict):
    """An agency that still owes something and has reported nothing for `days_silent` days.

    `last_report_on` is None where it never did; its silence then counts from when it began to owe.
    """

    plan: str
    province: str
    place: str
    kind: str
    agency: str
    last_report_on: date | None
    days_silent: int


@dataclass(frozen=True)
class LoweredFigure:
    """A figure of the earlier day that is less as known now (`now`) than it was as known then (`then`).

    `lost`: it was attained then and is not on the day asked for.
    """

    known_row: Attainment
    current_row: Attainment
    lost_attainment: bool


@dataclass(frozen=True)
class BaselineRows:
    """An earlier day's rows, as known at a moment (`known_at`, naive UTC) and as known now.

    `unread` are the plans first read since that moment; `then` holds what is known of them now.
    """

    day: date
    known_at: datetime
    known_rows: list[Attainment]
    current_rows: list[Attainment]
    unread_plans: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """This day as known now, against an earlier day (`since`) as known at a moment (`known_then`, UTC).

    `unread_then`: the plans first read since that moment, compared as known now. `counts_now` and
    `counts_then` say how many targets stand at each status; `newly_silent` are those of the `silent` who were
    not yet so on the earlier day. The longest silence comes first, and of the `lowered` those that were lost.
    In the first week of a year the newly met and late hold the periods that ended with the year before. Of
    plans that were never read nothing is new; `late_unread` is how many of theirs would be newly late.
    """

    baseline_day: date
    baseline_known_at: datetime
    unread_plans: tuple[str, ...]
    current_counts: StatusCounts
    baseline_counts: StatusCounts
    newly_met: list[Attainment]
    newly_late: list[Attainment]
    newly_late_unread_count: int
    lowered_figures: list[LoweredFigure]
    silent_agencies: list[SilentAgency]
    newly_silent_agencies: list[SilentAgency]


def find_last_sunday(as_of: date) -> date:
    """The end of the week before the one that holds the day: its Sunday."""
    return as_of - timedelta(days=as_of.isoweekday())


def compute_baseline_rows(
    db: DatabaseReader,
    day: date,
    known_at: datetime,
    year: int | None = None,
    province: str | None = None,
    plan: str | None = None,
) -> BaselineRows:
    """What is known of a day, and what was known of it at a moment (naive UTC)."""
    then, now = compute_known_and_current(db, day, known_at, year, province, plan)
    read, read_since = (
        {str(row["plan"]) for row in run_query(db, _KNOWN_PLANS_QUERY, {"known_at": moment})}
        for moment in (known_at, KNOWN_NOW)
    )
    # (nothing was known of them, which is not to say that nothing was done)
    then = [old if old["plan"] in read else known for old, known in zip(then, now, strict=True)]
    return BaselineRows(
        day, known_at, then, now, tuple(sorted({row["plan"] for row in now} & read_since - read))
    )


def compare_with_last_week(
    db: DatabaseReader,
    as_of: date,
    province: str | None = None,
    plan: str | None = None,
    current_rows: Sequence[Attainment] | None = None,
    baseline: BaselineRows | None = None,
) -> Changes:
    """Last Sunday, as known at its end, against this day, as known now; `now` and `before` as in `since`."""
    sunday = find_last_sunday(as_of)
    return compare_with_baseline(
        db, as_of, sunday, clock.get_end_of_day(sunday), province, plan, current_rows, baseline
    )


def compare_with_baseline(
    db: DatabaseReader,
    as_of: date,
    baseline_day: date,
    baseline_known_at: datetime,
    province: str | None = None,
    plan: str | None = None,
    current_rows: Sequence[Attainment] | None = None,
    baseline: BaselineRows | None = None,
    own_year_baseline: BaselineRows | None = None,
    last_year_rows: Sequence[Attainment] | None = None,
) -> Changes:
    """The same since any day and moment: in a pack, the sealing of the previous edition.

    Where they are at hand, `now`: the day's own rows, `before`: the earlier day's of the same year, `own`:
    the earlier day's of its own year, `last_year`: the rows of that year as of the day. A plan of which
    nothing had been read by then is held against that day as it is known now.
    """
    current_rows = (
        compute_attainment(db, as_of, None, None, province, plan) if current_rows is None else current_rows
    )
    baseline = baseline or compute_baseline_rows(
        db, baseline_day, baseline_known_at, as_of.year, province, plan
    )
    # in the first week of a year the day before belongs to other periods
    same_year = baseline_day.year == as_of.year
    if own_year_baseline is None or same_year:
        own_year_baseline = (
            baseline
            if same_year
            else compute_baseline_rows(db, baseline_day, baseline_known_at, None, province, plan)
        )
    status_then = {
        _get_period_key(row): row["status"] for row in (*baseline.known_rows, *own_year_baseline.known_rows)
    }
    # What ended with the year is news too: no later week would tell of it.
    if last_year_rows is None or same_year:
        last_year_rows = (
            () if same_year else compute_attainment(db, as_of, None, baseline_day.year, province, plan)
        )
    known = {_get_period_key(row): row for row in (*last_year_rows, *current_rows)}
    read = get_data_availability(db).plans_read
    heard = [row for row in known.values() if row["plan"] in read]
    late = _select_newly_late(list(known.values()), status_then)
    newly_late = [row for row in late if row["plan"] in read]
    silent = list_silent_agencies(db, as_of, current_rows, province, plan)
    return Changes(
        baseline_day=baseline_day,
        baseline_known_at=baseline_known_at,
        unread_plans=baseline.unread_plans,
        current_counts=count_statuses(current_rows),
        baseline_counts=count_statuses(baseline.known_rows),
        newly_met=_select_newly_in(MET_STATUSES, heard, status_then),
        newly_late=newly_late,
        newly_late_unread_count=len(late) - len(newly_late),
        lowered_figures=_find_lowered_figures(
            own_year_baseline.current_rows, own_year_baseline.known_rows, current_rows
        ),
        silent_agencies=silent,
        newly_silent_agencies=[
            one for one in silent if one["days_silent"] - (as_of - baseline_day).days < SILENT_DAYS
        ],
    )


def list_lowered_figures(
    db: DatabaseReader,
    as_of: date,
    baseline_day: date,
    baseline_known_at: datetime,
    plan: str | None = None,
    current_rows: Sequence[Attainment] | None = None,
) -> list[LoweredFigure]:
    """The figures alone that are lowered since a day and moment; `now` as in `since`."""
    current_rows = (
        compute_attainment(db, as_of, None, None, None, plan) if current_rows is None else current_rows
    )
    own = compute_baseline_rows(db, baseline_day, baseline_known_at, None, None, plan)
    return _find_lowered_figures(own.current_rows, own.known_rows, current_rows)


def list_silent_agencies(
    db: DatabaseReader,
    as_of: date,
    rows: Iterable[Attainment],
    province: str | None = None,
    plan: str | None = None,
) -> list[SilentAgency]:
    """The agencies that owe something of `rows`, or an unfinished task, and are silent; the longest first.

    An agency owes where its own part of a target (a share, a ratio, its place on a roster), or a target that
    it leads, is overdue, behind, without data or at risk, and where a task that it leads is unfinished. Of a
    plan, or its tasks, that were never read, or whose every row was sent back, nobody is silent.
    A plan that has ended has nobody left to report.
    """
    reached = get_data_availability(db)
    rows = [row for row in rows if row["plan"] in reached.plans_with_known_reporters]
    asked = {
        **build_parameters(as_of, None, None, province, plan),
        "silent_days": SILENT_DAYS,
        "pressing": [row["target"] for row in rows if row["status"] in URGENT_STATUSES],
        "unfinished": _list_unfinished_tasks(
            db, as_of, province, plan, reached.plans_with_tasks & reached.plans_with_known_reporters
        ),
    }
    steps = [
        "requested_periods",
        choose_agency_totals(db, asked),
        *AGENCY_STEPS,
        "expected_values",
        "attainment_statuses",
        "known_reports",
    ]
    found = run_query(
        db, build_statement([*steps, "silent_agencies"], "days_silent desc, plan_position"), asked
    )
    found = [one for one in found if one["plan"] in reached.plans_with_known_reporters]
    found.sort(key=_get_silence_sort_key)
    return [cast(SilentAgency, {name: one[name] for name in SilentAgency.__annotations__}) for one in found]


def _get_silence_sort_key(row: Mapping[str, object]) -> tuple[object, ...]:
    # (in the alphabet of Vietnam, which a database does not know)
    return -cast(int, row["days_silent"]), row["plan_position"], to_sort_key(str(row["agency"]))


def _list_unfinished_tasks(
    db: DatabaseReader, as_of: date, province: str | None, plan: str | None, plans: Collection[str]
) -> list[str]:
    return [
        row["task"]
        for row in compute_task_status(db, as_of, plan, as_of.year)
        if row["state"] not in ("done", "done_late")
        and row["plan"] in plans
        and row["starts_on"] <= as_of
        and province in (None, row["province"] if row["kind"] == "province" else "")
    ]


def _get_period_key(row: Attainment) -> tuple[str, date]:
    return row["target"], row["period_start"]


def _select_newly_in(
    statuses: Sequence[str],
    rows: Sequence[Attainment],
    baseline_statuses: Mapping[tuple[str, date], str | None],
) -> list[Attainment]:
    return [
        row
        for row in rows
        if row["status"] in statuses and baseline_statuses.get(_get_period_key(row)) not in statuses
    ]


def _find_lowered_figures(
    current_rows: Sequence[Attainment], known_rows: Sequence[Attainment], rows_today: Sequence[Attainment]
) -> list[LoweredFigure]:
    known_now = {_get_period_key(row): row for row in current_rows}
    # (an earlier year's period is not among today's rows: what is known of it now, stands)
    stands = {**known_now, **{_get_period_key(row): row for row in rows_today}}
    pairs = [
        LoweredFigure(
            row, known_now[at], lost_attainment=_has_lost_attainment(row, known_now[at], stands[at])
        )
        for row in known_rows
        for at in [_get_period_key(row)]
        if _compute_exact_figure(known_now[at]) < _compute_exact_figure(row)
    ]
    return sorted(pairs, key=lambda pair: not pair.lost_attainment)


def _has_lost_attainment(known_row: Attainment, current_row: Attainment, row_today: Attainment) -> bool:
    """Whether the lowering itself took away what was attained, and nothing has brought it back since."""
    return known_row["status"] in MET_STATUSES and all(
        row["status"] not in MET_STATUSES for row in (current_row, row_today)
    )


def _select_newly_late(
    rows: Sequence[Attainment], baseline_statuses: Mapping[tuple[str, date], str | None]
) -> list[Attainment]:
    """Late now and not before, or overdue now and only behind before: what a tile counts more, is named."""
    worse = [
        row
        for row in rows
        if row["status"] == "overdue" and baseline_statuses.get(_get_period_key(row)) != "overdue"
    ]
    return [
        row for row in rows if row in worse or row in _select_newly_in(LATE_STATUSES, rows, baseline_statuses)
    ]


def _compute_exact_figure(row: Attainment) -> Fraction:
    """The exact figure; a ratio of nothing is less than one of none."""
    if row["denominator"] is None:
        return Fraction(row["numerator"])
    return Fraction(row["numerator"], row["denominator"]) if row["denominator"] else Fraction(-1)
