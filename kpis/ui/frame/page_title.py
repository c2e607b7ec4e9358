"""The title of a page: its name, and for a page with figures their day, plans and freshness."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kpis.ui import pages
from kpis.ui.frame.freshness import Freshness, load_freshness
from kpis.ui.frame.watcher_notice import find_late_moment
from kpis.ui.shared import data, html
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.product import PRODUCT_NAME

_AGENCY_PAGES = (pages.AGENCY, pages.TASKS, pages.EXPLANATIONS, pages.FINDINGS, pages.ENTRIES)
"""The other pages ignore this filter."""


def describe_figures(view: PageView, page: pages.PageDefinition) -> list[Markup]:
    """Return the day and plans that the page's figures are about, and how recent they are."""
    scope = [view.t("As of {day}", day=view.format_day(view.as_of))]
    if view.filters.year != view.as_of.year:
        scope.append(view.t("targets of {year}", year=view.filters.year))
    scope.append(_name_plans(view))
    if view.filters.agency and page.slug in _AGENCY_PAGES:
        scope.append(view.filters.agency)
    return [
        tag("p", tag("strong", " · ".join(scope))),
        tag("p", *_load_freshness(view).render_parts(view), class_="kpis-fresh"),
    ]


def _name_plans(view: PageView) -> str:
    """Return the place of the plan, also where it is the only one; else that all plans are meant."""
    if view.plan:
        return view.plan.name
    plans = data.cache_per_version(load_filter_options)(view.today, None).plans
    return plans[0].name if len(plans) == 1 else view.t("all plans")


def render_title(view: PageView, page: pages.PageDefinition, *lines: Markup) -> Markup:
    """Return the title of a page, with lines below it."""
    return tag(
        "header",
        tag("p", view.t(PRODUCT_NAME), class_="kpis-product"),
        tag("h1", view.t(page.title)),
        # As tooltips of the navigation this would cost a tenth of the page's time.
        html.render_hidden_text(view.t(page.help)),
        *lines,
        class_="kpis kpis-head",
        lang=view.lang,
    )


def _load_freshness(view: PageView) -> Freshness:
    freshness = data.cache_per_read(load_freshness)(view.today, view.filters.plan)
    # Time passes without a reading: this is not cached with it.
    late_since = None if view.sample else find_late_moment(data.get_current_database().pointer)
    return replace(freshness, late_since=late_since)
