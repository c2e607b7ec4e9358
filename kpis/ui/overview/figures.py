"""What the overview shows, asked once: the rows of the day, what changed, what is to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kpis.measures.attainment import compute_targets
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, compare_with_last_week
from kpis.measures.data_availability import get_data_availability
from kpis.measures.trend import CountedWeek, count_weeks
from kpis.store.database import Database
from kpis.ui.overview.status_tiles import is_week_comparable
from kpis.ui.shared.baselines import load_baseline
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.page_view import PageView


@dataclass(frozen=True)
class OverviewFigures:
    """The figures of the plans shown; `all_rows` are those of every plan.

    `counted` are the plans whose targets the tiles count: a ward is a line of its own, unless it is the plan chosen.
    `previous_rows` are last Sunday's rows of those, None where the weeks cannot be compared. `weeks` are the trend of
    those, None where another year than the day's is shown: each week has the figures of its own year.
    """

    plans: Sequence[PlanChoice]
    all_rows: Sequence[Attainment]
    rows: Sequence[Attainment]
    counted: frozenset[str]
    previous_rows: Sequence[Attainment] | None
    read_plans: frozenset[str]
    changes: Changes | None
    weeks: Sequence[CountedWeek] | None

    @property
    def counted_rows(self) -> list[Attainment]:
        """The rows that the tiles count."""
        return _filter_by_plans(self.counted, self.rows)


def gather_overview(
    db: Database, view: PageView, plans: Sequence[PlanChoice], agency_rows: Sequence[Attainment] | None = None
) -> OverviewFigures:
    """Return the figures of these plans, with the rows of all plans only where none is chosen.

    `agency_rows`: those of `compute_by_agency` of the day, where the caller has them.
    """
    all_rows = compute_targets(db, view.question)
    baseline = load_baseline(db, view.question)
    plan_ids = {plan.plan for plan in plans}
    counted = frozenset(plan.plan for plan in plans if not plan.is_ward or view.plan)
    rows = _filter_by_plans(plan_ids, all_rows)
    changes = None
    if view.filters.year == view.as_of.year and view.as_of <= view.today:
        chosen = baseline.select_plans(plan_ids)
        changes = compare_with_last_week(db, view.question, current_rows=rows, baseline=chosen, agency_rows=agency_rows)
    return OverviewFigures(
        plans=plans,
        all_rows=all_rows,
        rows=rows,
        counted=counted,
        previous_rows=_filter_by_plans(counted, baseline.known_rows) if is_week_comparable(view) else None,
        read_plans=get_data_availability(db).plans_read,
        changes=changes,
        weeks=count_weeks(db, view.as_of, counted) if view.filters.year == view.as_of.year else None,
    )


def _filter_by_plans(plans: Collection[str], rows: Sequence[Attainment]) -> list[Attainment]:
    return [row for row in rows if row["plan"] in plans]
