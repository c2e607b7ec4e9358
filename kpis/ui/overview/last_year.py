"""How last year ended: shown in the first months of a year, whose own targets have only begun."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from kpis.measures.attainment import compute_targets
from kpis.measures.question import Question
from kpis.store.database import Database
from kpis.ui.shared import data, html, states
from kpis.ui.shared.page_view import PageView
from kpis.wording import year_end

_LAST_MONTH = 3
"""The last month in which it is shown."""


def render_last_year(db: Database, view: PageView, plans: Collection[str], page: str) -> Markup | None:
    """Return how many of last year's targets were attained or are overdue, with a link to `page`."""
    year = view.as_of.year - 1
    if view.as_of.month > _LAST_MONTH or view.filters.year != view.as_of.year:
        return None
    # For all plans, so that the cached rows serve every page.
    rows = data.call_cached(db, compute_targets, Question(view.as_of, year=year))
    sentence = year_end.format_sentence([row for row in rows if row["plan"] in plans], year, view.lang)
    link = html.render_link(view.build_url(page, year=year), view.t("See {year}.", year=year))
    return states.render_notices([states.render_notice(sentence, " ", link)]) if sentence else None
