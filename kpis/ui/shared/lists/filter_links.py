"""The filters of a list as links with the number of rows that each leaves, and in words what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared import html
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.list_links import build_list_url
from kpis.ui.shared.lists.selecting import DUE_CHOICES, DUE_NONE, DUE_PAST, Selection, list_leads
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery

MAX_LINKED_CHOICES = 30
"""More leads are chosen in a text field (`choices.py`)."""
_RULES = {
    "provinces": "without the plans of wards",
    "agency": "what its reports decide",
    "every_year": "of every year",
    "reports": "reports on tasks, of every year",
    "part": "what it has a part in",
    "year": "with a period in the year",
    "newly_met": "newly attained since last week",
    "newly_late": "newly late since last week",
    "lowered": "lowered since last week",
    "newly_overdue": "newly overdue since last week",
    "newly_done": "newly done since last week",
}


def render_filters(selection: Selection, view: PageView, *, has_tiles: bool = False) -> Markup | None:
    """Return the lines of filters; None for a list that has none and of which nothing is asked.

    With `has_tiles` statuses stand here only where something is asked, which the tiles do not count.
    """
    is_asked = replace(selection.query, sort="", page=1, status=()) != NOTHING_ASKED
    statuses = _build_status_links(selection, view)
    lines = [
        _render_choices(view.t("Status"), statuses) if is_asked or not has_tiles else None,
        _render_choices(view.t("Due"), _build_due_links(selection, view)),
        _render_leads(selection, view),
        _render_asked(selection, view),
        _render_sorting(selection, view),
        _render_suggestions(selection, view),
    ]
    return tag("div", *lines, class_="kpis-filters") if any(lines) else None


def _render_choices(title: str, links: Iterator[Markup]) -> Markup | None:
    items = [tag("li", link) for link in links]
    return tag("div", tag("span", title, class_="kpis-quiet"), tag("ul", *items)) if len(items) > 1 else None


def _render_choice(label: str, count: int, url: str, view: PageView, *, is_chosen: bool) -> Markup:
    text = f"{label} {formatting.format_number(count, view.lang)}"
    # A chosen filter's link takes it back.
    return html.render_link(url, text, class_="kpis-chosen" if is_chosen else None)


def _build_status_links(selection: Selection, view: PageView) -> Iterator[Markup]:
    for status, label in selection.table.statuses.items():
        is_chosen = status in selection.query.status
        count = selection.status_counts[status]
        if count or is_chosen:
            url = _build_url(selection, view, replace(selection.query, status=() if is_chosen else (status,)))
            yield _render_choice(label, count, url, view, is_chosen=is_chosen)


def _build_due_links(selection: Selection, view: PageView) -> Iterator[Markup]:
    for choice in DUE_CHOICES if selection.table.has_due else ():
        is_chosen = choice == selection.query.due
        count = selection.due_counts[choice]
        if count or is_chosen:
            url = _build_url(selection, view, replace(selection.query, due="" if is_chosen else choice))
            yield _render_choice(format_due_choice(choice, view), count, url, view, is_chosen=is_chosen)


def format_due_choice(choice: str, view: PageView) -> str:
    """Return a choice of due days in words; a day in ISO form is the last one."""
    if choice == DUE_PAST:
        return view.t("past")
    if choice == DUE_NONE:
        return view.t("no day")
    if choice in DUE_CHOICES:
        return view.t("within {n} days", n=choice)
    try:
        return view.t("by {day}", day=view.format_day(date.fromisoformat(choice)))
    except ValueError:
        return ""


def _render_leads(selection: Selection, view: PageView) -> Markup | None:
    """Return the leads to choose from, folded; None for one, or for more than a text field serves better."""
    leads = list_leads(selection.table.rows) if selection.table.has_leads else []
    if not 1 < len(leads) <= MAX_LINKED_CHOICES:
        return None
    links = [
        tag("li", html.render_link(_build_url(selection, view, replace(selection.query, lead=lead)), lead))
        for lead in leads
    ]
    return tag("details", tag("summary", view.t("Lead agency")), tag("ul", *links))


def _render_asked(selection: Selection, view: PageView) -> Markup | None:
    """Return in words what is asked and not seen elsewhere, with the way back to the whole list."""
    query = selection.query
    words = []
    if query.q:
        words.append(view.t("search: “{text}”", text=query.q))
    if query.lead:
        words.append(view.t("lead: {agency}", agency=query.lead))
    if query.source:
        words.append(view.t("source: {source}", source=query.source))
    if query.target and selection.table.has_entries:
        words.append(view.t("about: {code}", code=query.target))
    if due := query.due and selection.table.has_due and format_due_choice(query.due, view):
        words.append(view.t("due: {choice}", choice=due))
    words += [view.t(_RULES[rule]) for rule in (*query.only, query.change) if rule]
    chosen = [label for status, label in selection.table.statuses.items() if status in query.status]
    if not words and not chosen:
        return None
    all_rows = html.render_link(_build_url(selection, view, TableQuery(sort=query.sort)), view.t("Show all"))
    return tag("p", " · ".join([*chosen, *words]), " ", all_rows)


def _render_sorting(selection: Selection, view: PageView) -> Markup | None:
    """Return the columns to sort by, for a phone, where a table has no header."""
    items = []
    for column in selection.table.columns:
        is_upward = selection.sorted_by == column.key and not selection.is_descending
        query = replace(selection.query, sort=f"-{column.key}" if is_upward else column.key)
        items.append(tag("li", html.render_link(_build_url(selection, view, query), column.header.title)))
    return tag("details", tag("summary", view.t("Sort by")), tag("ul", *items), class_="kpis-phone") if items else None


def _render_suggestions(selection: Selection, view: PageView) -> Markup | None:
    if selection.rows:
        return None
    if not selection.suggestions:
        return tag("p", view.t("No row matches."))
    links = (
        html.render_link(_build_url(selection, view, replace(selection.query, q=name)), name)
        for name in selection.suggestions
    )
    return tag("p", view.t("No row matches. Did you mean:"), " ", join(links, " · "))


def _build_url(selection: Selection, view: PageView, query: TableQuery) -> str:
    return build_list_url(view, selection.table.page, replace(query, page=1))
