"""Việc cần làm ngay of one plan, by who owes it: each agency once, with what it has to do."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.agency_kinds import AgencyKinds
from kpis.measures.todo import Todo, TodoItem
from kpis.measures.todo_owners import TodoOwner, group_by_owner
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_folded_list
from kpis.ui.overview.todo import render_title
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data, todo_sentences

MAX_OWNERS = 8
MAX_ITEMS = 3
"""Things of one agency that are open."""


def render_owner_todo(view: PageView, todo: Todo, kinds: AgencyKinds) -> Markup:
    """Return who has to do what; what is owed where no source was ever read is only counted."""
    heading = tag("h2", view.t("To do now, by agency"))
    sentence = missing_data.format_left_out(todo.unread, view.lang, as_additional=bool(todo.items))
    left_out = tag("p", sentence, class_="kpis-below") if sentence else None
    owners = group_by_owner(todo.items, kinds)
    if not owners:
        nothing = view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, left_out or tag("p", nothing, class_="kpis-quiet"))
    lines = [_render_owner(view, owner, kinds) for owner in owners]
    return tag("section", heading, *render_folded_list(view, lines, MAX_OWNERS, "kpis-owners"), left_out)


def _render_owner(view: PageView, owner: TodoOwner, kinds: AgencyKinds) -> Markup:
    items = [render_owned_item(view, item) for item in owner.items]
    return tag(
        "li",
        tag("div", _render_name(view, owner, kinds), class_="kpis-owner"),
        tag("div", *render_folded_list(view, items, MAX_ITEMS, "kpis-owner-items", element="ul")),
    )


def _render_name(view: PageView, owner: TodoOwner, kinds: AgencyKinds) -> Markup:
    name = todo_sentences.format_owner(owner, view.lang)
    if not owner.is_group:
        has_page = kinds.has_page(owner.plan, name)
        url = view.build_url(pages.AGENCY, plan=owner.plan, agency=name) if has_page else ""
        return tag("strong", html.render_link(url, name))
    links = (
        html.render_link(view.build_url(pages.AGENCY, plan=owner.plan, agency=agency), agency)
        for agency in owner.agencies
    )
    return tag("details", tag("summary", tag("strong", name)), html.join(links, "; "), class_="kpis-fold")


def render_owned_item(view: PageView, item: TodoItem) -> Markup:
    """Return one thing to do as a line: status, title, what is owed, time left."""
    missing = ", ".join(todo_sentences.format_missing(item, view.lang))
    time = todo_sentences.format_time_left(item, view.lang)
    return tag(
        "li",
        html.render_status(item.status, todo_sentences.format_status(item, view.lang)),
        tag(
            "span",
            render_title(view, item),
            [": ", tag("strong", missing)] if missing else None,
            f" · {time}" if time else None,
        ),
    )
