"""Addresses of lists: where a count leads, with the rule that it counts by.

Every function takes the reader's view; plan, agency, year and day are the view's unless given. The result is ""
where the reader may not open the list, which `render_link` shows as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import (
    ONLY_AGENCY,
    ONLY_EVERY_YEAR,
    ONLY_PART,
    ONLY_PROVINCES,
    ONLY_REPORTS,
    ONLY_YEAR,
    TableQuery,
)

COUNT_CLASS = "kpis-counted"
"""CSS class of a count that is a link; the heading of its list has the same number."""


def link_to_targets(
    view: PageView,
    *,
    status: Iterable[str] = (),
    lead: str = "",
    change: str = "",
    only_provinces: bool = False,
    **filters: object,
) -> str:
    """Return the address of the targets that have a period in the year, of these statuses and this lead.

    `change`: "newly_met", "newly_late" or "lowered" since last week. `only_provinces` leaves the plans of wards out,
    as the tiles do where no plan is chosen. A status "own_behind" is that of the part of the filters' agency.
    """
    only = _list_rules({ONLY_PROVINCES: only_provinces, ONLY_YEAR: not (status or change)})
    query = TableQuery(status=tuple(status), lead=lead, only=only, change=change)
    return build_list_url(view, pages.TARGETS, query, **filters)


def link_to_tasks(
    view: PageView,
    *,
    status: Iterable[str] = (),
    lead: str = "",
    change: str = "",
    only_agency: bool = False,
    only_part: bool = False,
    **filters: object,
) -> str:
    """Return the address of the annex tasks of these states and lead.

    `only_agency`: those that the reports of the filters' agency decide; `only_part`: those that it leads or belongs to
    a lead of. `change`: "newly_overdue" or "newly_done" since last week.
    """
    only = _list_rules({ONLY_AGENCY: only_agency, ONLY_PART: only_part})
    query = TableQuery(status=tuple(status), lead=lead, only=only, change=change)
    return build_list_url(view, pages.TASKS, query, **filters)


def link_to_agencies(
    view: PageView, *, status: Iterable[str] = (), only_provinces: bool = False, **filters: object
) -> str:
    """Return the address of the agencies of a plan, or of all; `status`: "silent" or "newly_silent"."""
    query = TableQuery(status=tuple(status), only=_list_rules({ONLY_PROVINCES: only_provinces}))
    return build_list_url(view, pages.AGENCY, query, **{"agency": None, **filters})


def link_to_entries(view: PageView, *, target: str = "", every_year: bool = False, **filters: object) -> str:
    """Return the address of the entries of a target, an agency or a plan that count in the year, or of every year.

    They are those that `entries` of a target or of an agency's part counts.
    """
    query = TableQuery(target=target, only=_list_rules({ONLY_EVERY_YEAR: every_year}))
    return build_list_url(view, pages.ENTRIES, query, **filters)


def link_to_reports(view: PageView, **filters: object) -> str:
    """Return the address of the task reports of every year, of an agency or a plan."""
    return build_list_url(view, pages.ENTRIES, TableQuery(only=(ONLY_REPORTS,)), **filters)


def link_to_target(view: PageView, plan: str, target: str, **filters: object) -> str:
    """Return the address of a target: its card on the page of its plan; "" where that page may not be opened."""
    url = build_list_url(view, pages.PROVINCE, TableQuery(), **{"plan": plan, "agency": None, **filters})
    return f"{url}#{quote(target)}" if url else ""


def link_to_task(view: PageView, plan: str, task: str, **filters: object) -> str:
    """Return the address of one task: the list of its plan's tasks, with it alone."""
    return build_list_url(view, pages.TASKS, TableQuery(target=task), **{"plan": plan, "agency": None, **filters})


def link_to_request(view: PageView, plan: str, request: str) -> str:
    """Return the address of one request for an explanation, or of an explanation that a sheet alone has."""
    return build_list_url(view, pages.EXPLANATIONS, TableQuery(q=request), plan=plan, agency=None)


def link_to_findings(view: PageView, *, status: Iterable[str] = (), source: str = "", **filters: object) -> str:
    """Return the address of rows to fix; `status`: "rejected", "confirm", "warned", "set_aside"."""
    return build_list_url(view, pages.FINDINGS, TableQuery(status=tuple(status), source=source), **filters)


def link_to_sources(view: PageView, *, status: Iterable[str] = (), **filters: object) -> str:
    """Return the address of the sources; `status`: "failed", "held", "stale", "abandoned"."""
    return build_list_url(view, pages.SOURCES, TableQuery(status=tuple(status)), **filters)


def _list_rules(chosen: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(rule for rule, is_chosen in chosen.items() if is_chosen)


def build_list_url(view: PageView, page: str, query: TableQuery, **filters: object) -> str:
    """Return the address of a page with the reader's filters, some changed, and what is asked of its table."""
    return view.build_url(page, table=query, **filters)


def render_count(view: PageView, number: int, url: str) -> Markup:
    """Return a count of things as a link to their list; 0 is no link."""
    text = formatting.format_number(number, view.lang)
    return html.render_link(url if number else "", text, class_=COUNT_CLASS)


def render_more(view: PageView, number: int, total: int, url: str) -> Markup | None:
    """Return "and 35 more (43 in all)" as a link to the list of all; None where nothing is left out."""
    if number <= 0:
        return None
    counts = {"n": formatting.format_number(number, view.lang), "all": formatting.format_number(total, view.lang)}
    return html.render_link(url, view.t("and {n} more ({all} in all)", **counts), class_=COUNT_CLASS)
