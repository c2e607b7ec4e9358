"""What changed since last week: newly met or late targets, lower figures, silent agencies (design.md §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from kpis.language import clock
from kpis.measures.attainment import compute_known_and_current, compute_targets, sort_rows
from kpis.measures.attainment_rows import LATE_STATUSES, MET_STATUSES, Attainment, select_targets
from kpis.measures.data_availability import get_data_availability
from kpis.measures.doubtful_entries import PeriodKey, get_period_key
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, run_query
from kpis.measures.question import Question
from kpis.measures.silent_agencies import SilentAgency, list_silent_agencies
from kpis.measures.status_overview import StatusCounts, count_statuses
from kpis.measures.task_changes import list_newly_done_tasks, list_newly_overdue_tasks
from kpis.measures.task_status import SILENT_DAYS, TaskStatus

_PLANS_READ_QUERY = build_statement(["plans_read"])


@dataclass(frozen=True)
class LoweredFigure:
    """A figure of the baseline day that is lower as known now than it was as known at the baseline's moment.

    `known_row` holds it as known at that moment, `current_row` as known now. `lost_attainment`: the target
    was attained as known at that moment and no longer is.
    """

    known_row: Attainment
    current_row: Attainment
    lost_attainment: bool


@dataclass(frozen=True)
class BaselineRows:
    """The rows of a question about an earlier day, as known at its moment and as known now.

    `unread_plans` were first read after that moment; `known_rows` holds their rows as known now.
    """

    question: Question
    known_rows: list[Attainment]
    current_rows: list[Attainment]
    unread_plans: tuple[str, ...]

    def select_plans(self, plans: Collection[str]) -> BaselineRows:
        """Return the rows of some of its plans."""
        return BaselineRows(
            replace(self.question, plans=frozenset(plans)),
            [row for row in self.known_rows if row["plan"] in plans],
            [row for row in self.current_rows if row["plan"] in plans],
            tuple(plan for plan in self.unread_plans if plan in plans),
        )


@dataclass(frozen=True)
class Changes:
    """A day as known now, compared with `baseline_day` as known at `baseline_known_at` (naive UTC).

    `unread_plans` were first read after that moment and are compared as known now. Agencies silent longest
    come first; `newly_silent_agencies` were not yet silent on the baseline day. Lowered figures that lost
    their attainment come first. In the first week of a year, `newly_met` and `newly_late` include periods
    that ended with the previous year. Plans that were never read have no changes; `newly_late_unread_count`
    counts their targets that would be newly late. `newly_overdue_tasks`, overdue longest first, and
    `newly_done_tasks`, in the order of the plans, are tasks.
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
    newly_overdue_tasks: list[TaskStatus] = field(default_factory=list)
    newly_done_tasks: list[TaskStatus] = field(default_factory=list)


def find_last_sunday(as_of: date) -> date:
    """Return the Sunday before the week of the day."""
    return as_of - timedelta(days=as_of.isoweekday())


def compute_baseline_rows(db: DatabaseReader, question: Question) -> BaselineRows:
    """Return a day's rows as known at the question's moment and as known now, of the plans tracked now."""
    tracked_now = replace(question, tracked_at=KNOWN_NOW)
    known_rows, current_rows = map(select_targets, compute_known_and_current(db, tracked_now))
    plans_read, plans_read_by_now = (
        {str(row["plan"]) for row in run_query(db, _PLANS_READ_QUERY, {"known_at": moment})}
        for moment in (question.known_at or KNOWN_NOW, KNOWN_NOW)
    )
    # A plan that had not been read by then has no figures to compare with: use its current rows.
    known_rows = sort_rows(
        [
            *(row for row in known_rows if row["plan"] in plans_read),
            *(row for row in current_rows if row["plan"] not in plans_read),
        ]
    )
    unread_plans = {row["plan"] for row in current_rows} & plans_read_by_now - plans_read
    return BaselineRows(question, known_rows, current_rows, tuple(sorted(unread_plans)))


def build_last_week_question(question: Question) -> Question:
    """Return the same question about last Sunday, as known at its end, of the question's year."""
    sunday = find_last_sunday(question.as_of)
    return replace(question, as_of=sunday, known_at=clock.get_end_of_day(sunday), year=question.judged_year)


def compare_with_last_week(
    db: DatabaseReader,
    question: Question,
    current_rows: Sequence[Attainment] | None = None,
    baseline: BaselineRows | None = None,
    agency_rows: Sequence[Attainment] | None = None,
) -> Changes:
    """Compare a day as known now with last Sunday as known at its end; see `compare_with_baseline`."""
    last_week = build_last_week_question(question)
    return compare_with_baseline(
        db, question, last_week, current_rows=current_rows, baseline=baseline, agency_rows=agency_rows
    )


def compare_with_baseline(
    db: DatabaseReader,
    question: Question,
    earlier: Question,
    *,
    current_rows: Sequence[Attainment] | None = None,
    baseline: BaselineRows | None = None,
    own_year_baseline: BaselineRows | None = None,
    last_year_rows: Sequence[Attainment] | None = None,
    agency_rows: Sequence[Attainment] | None = None,
) -> Changes:
    """Compare a day as known now with any `earlier` day and moment: in a pack, those of the last edition.

    Rows that the caller already has can be passed: `current_rows` of the day, `baseline` of the earlier day
    and the day's year, `own_year_baseline` of the earlier day and its own year, `last_year_rows` of that year
    as of the day, `agency_rows` of `compute_by_agency` of the day. A plan that had not been read by then is
    compared with that day as known now.
    """
    as_of, baseline_day = question.as_of, earlier.as_of
    question, earlier = replace(question, year=None), replace(earlier, year=None)
    if current_rows is None:
        current_rows = compute_targets(db, question)
    baseline = baseline or compute_baseline_rows(db, replace(earlier, year=as_of.year))
    # In the first week of a year the baseline day belongs to other periods.
    same_year = baseline_day.year == as_of.year
    if own_year_baseline is None or same_year:
        own_year_baseline = baseline if same_year else compute_baseline_rows(db, earlier)
    baseline_statuses = {
        get_period_key(row): row["status"] for row in (*baseline.known_rows, *own_year_baseline.known_rows)
    }
    # Periods that ended with last year are compared too: no later week would report them.
    if last_year_rows is None or same_year:
        last_year_rows = () if same_year else compute_targets(db, replace(question, year=baseline_day.year))
    compared_rows = list({get_period_key(row): row for row in (*last_year_rows, *current_rows)}.values())
    availability = get_data_availability(db)
    read_rows = [row for row in compared_rows if row["plan"] in availability.plans_read]
    newly_late = _select_newly_late(read_rows, baseline_statuses)
    all_newly_late = _select_newly_late(compared_rows, baseline_statuses)
    silent_agencies = list_silent_agencies(db, question, current_rows, agency_rows)
    return Changes(
        baseline_day=baseline_day,
        baseline_known_at=earlier.known_at or KNOWN_NOW,
        unread_plans=baseline.unread_plans,
        current_counts=count_statuses(current_rows),
        baseline_counts=count_statuses(baseline.known_rows),
        newly_met=_select_newly_in(MET_STATUSES, read_rows, baseline_statuses),
        newly_late=newly_late,
        newly_late_unread_count=len(all_newly_late) - len(newly_late),
        lowered_figures=_find_lowered_figures(
            own_year_baseline.current_rows, own_year_baseline.known_rows, current_rows
        ),
        silent_agencies=silent_agencies,
        newly_silent_agencies=[
            agency for agency in silent_agencies if agency["days_silent"] - (as_of - baseline_day).days < SILENT_DAYS
        ],
        newly_overdue_tasks=list_newly_overdue_tasks(db, question, earlier, availability.plans_with_tasks),
        newly_done_tasks=list_newly_done_tasks(
            db, question, earlier, availability.plans_with_tasks, own_year_baseline.unread_plans
        ),
    )


def list_lowered_figures(
    db: DatabaseReader,
    question: Question,
    earlier: Question,
    *,
    current_rows: Sequence[Attainment] | None = None,
) -> list[LoweredFigure]:
    """Return the figures lowered since an earlier day and moment; rows as in `compare_with_baseline`."""
    current_rows = compute_targets(db, question) if current_rows is None else current_rows
    baseline = compute_baseline_rows(db, earlier)
    return _find_lowered_figures(baseline.current_rows, baseline.known_rows, current_rows)


def _select_newly_in(
    statuses: Sequence[str],
    rows: Sequence[Attainment],
    baseline_statuses: Mapping[PeriodKey, str | None],
) -> list[Attainment]:
    return [
        row for row in rows if row["status"] in statuses and baseline_statuses.get(get_period_key(row)) not in statuses
    ]


def _find_lowered_figures(
    current_rows: Sequence[Attainment], known_rows: Sequence[Attainment], rows_today: Sequence[Attainment]
) -> list[LoweredFigure]:
    current_by_period = {get_period_key(row): row for row in current_rows}
    # A period of an earlier year is not among today's rows: its baseline row as known now stands in.
    today_by_period = {**current_by_period, **{get_period_key(row): row for row in rows_today}}
    lowered = []
    for known_row in known_rows:
        key = get_period_key(known_row)
        current_row = current_by_period.get(key)
        # What the register has otherwise since then, is no figure that has become lower.
        if current_row is None or any(known_row[name] != current_row[name] for name in ("measure", "unit")):
            continue
        if "carried" not in (known_row["status"], current_row["status"]) and _compute_exact_figure(
            current_row
        ) < _compute_exact_figure(known_row):
            lost = _has_lost_attainment(known_row, current_row, today_by_period[key])
            lowered.append(LoweredFigure(known_row, current_row, lost_attainment=lost))
    return sorted(lowered, key=lambda figure: not figure.lost_attainment)


def _has_lost_attainment(known_row: Attainment, current_row: Attainment, row_today: Attainment) -> bool:
    """True if the lowering itself ended the attainment, and the target has not been attained again since."""
    return known_row["status"] in MET_STATUSES and all(
        row["status"] not in MET_STATUSES for row in (current_row, row_today)
    )


def _select_newly_late(
    rows: Sequence[Attainment], baseline_statuses: Mapping[PeriodKey, str | None]
) -> list[Attainment]:
    """Return rows late now but not at the baseline, or overdue now but only behind at the baseline."""
    newly_late = {
        get_period_key(row)
        for statuses in (("overdue",), LATE_STATUSES)
        for row in _select_newly_in(statuses, rows, baseline_statuses)
    }
    return [row for row in rows if get_period_key(row) in newly_late]


def _compute_exact_figure(row: Attainment) -> Fraction:
    """Return the exact figure; a ratio without a denominator counts as lower than any other."""
    if row["measure"] == "change" and row["baseline"]:
        return Fraction(str(row["numerator"])) / Fraction(str(row["baseline"]))
    if row["denominator"] is None:
        return Fraction(str(row["numerator"]))
    return Fraction(int(row["numerator"]), row["denominator"]) if row["denominator"] else Fraction(-1)
