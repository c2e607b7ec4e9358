"""The last weeks of one target: its actual against its pace."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kpis.measures.attainment import compute_targets
from kpis.measures.owed import has_unknown_base
from kpis.measures.trend import list_target_weeks
from kpis.store.database import Database
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.trends import render_target_trend
from kpis.wording import ratios


def render_trend(db: Database, view: PageView, target: str) -> Markup | None:
    """Return the trend of a target of the view's plan; None where it is not judged, or another year is shown."""
    if view.filters.year != view.as_of.year:
        return None
    # For the whole plan, so that the rows are those that every page of the plan asks for.
    rows = compute_targets(db, replace(view.question, agency=None))
    row = next((each for each in rows if each["target"] == target), None)
    if row is None or row["status"] == "carried":
        return None
    weeks = list_target_weeks(db, view.as_of, row["plan"], target)
    return render_target_trend(
        view,
        weeks,
        is_partial=row["is_proportion"] and (ratios.has_uncounted_population(row) or has_unknown_base(row)),
        has_pace=(not row["is_ceiling"] or row["starts_at_baseline"]) and not row["has_spans"],
        target=target,
    )
