"""Việc cần làm ngay: the most pressing things, with who owes what and how much time is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.todo import Todo, TodoItem, TodoKind
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_folded_list
from kpis.ui.shared import html, list_links
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data, todo_sentences

MAX_ITEMS = 12
_COUNT_KEYS: Mapping[TodoKind, str] = {
    "explanation": "late answers {n}",
    "target": "targets {n}",
    "task": "overdue tasks {n}",
    "doubt": "figures to confirm {n}",
}


def render_todo(view: PageView, todo: Todo, plans: Sequence[PlanChoice]) -> Markup:
    """Return the first things to do; the others are folded, and counted by kind.

    What is owed at plans without figures is only counted: their sources must be read first.
    """
    heading = tag("h2", view.t("To do now"))
    sentence = missing_data.format_left_out(todo.unread, view.lang, as_additional=bool(todo.items))
    left_out = tag("p", sentence, class_="kpis-below") if sentence else None
    if not todo.items:
        nothing = view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, left_out or tag("p", nothing, class_="kpis-quiet"))
    places = {plan.plan: plan for plan in plans}
    lines = [_render_item(view, item, places[item.plan]) for item in todo.items]
    kinds = _format_kinds(view, todo.items[MAX_ITEMS:])
    return tag("section", heading, *render_folded_list(view, lines, MAX_ITEMS, "kpis-todo", kinds=kinds), left_out)


def _format_kinds(view: PageView, items: Sequence[TodoItem]) -> str:
    """Return how many things there are of each kind: "3 chỉ tiêu, 8 nhiệm vụ quá hạn"."""
    counts = Counter(item.kind for item in items)
    return ", ".join(
        view.t(key, n=formatting.format_number(counts[kind], view.lang))
        for kind, key in _COUNT_KEYS.items()
        if counts[kind]
    )


def _render_item(view: PageView, item: TodoItem, place: PlanChoice) -> Markup:
    missing = ", ".join(todo_sentences.format_missing(item, view.lang))
    what: list[Child] = [tag("strong", missing), " · "] if missing else []
    what += [f"{rate} · " for rate in todo_sentences.format_rate(item, view.lang)]
    return tag(
        "li",
        tag(
            "p",
            html.render_link(view.build_url(pages.PROVINCE, plan=item.plan, agency=None), place.name),
            _render_ward_note(view, place),
            html.render_status(item.status, todo_sentences.format_status(item, view.lang)),
            class_="kpis-where",
        ),
        tag(
            "div",
            tag("p", render_title(view, item)),
            tag("p", *what, render_owners(view, item)),
        ),
        tag("p", todo_sentences.format_time_left(item, view.lang), class_="kpis-left"),
        class_=f"kpis-{item.status}",
    )


def _render_ward_note(view: PageView, place: PlanChoice) -> Markup | None:
    if not place.is_ward or view.plan is not None:
        return None
    note = view.t("ward of {province}, counted separately", province=place.province)
    return tag("small", note, class_="kpis-under")


def render_title(view: PageView, item: TodoItem) -> Markup:
    """Return the title of the thing as a link to where it is seen; an annex task says that it is one."""
    title = todo_sentences.format_title(item, view.lang)
    label = f"{view.t('Annex task')}: {title}" if item.kind == "task" else title
    return html.render_link(_build_address(view, item), label)


def _build_address(view: PageView, item: TodoItem) -> str:
    """Return the address of the request, the target's card or the task; of a doubt that of the rows to confirm."""
    match item.kind:
        case "explanation":
            return list_links.link_to_request(view, item.plan, item.subject)
        case "target":
            return list_links.link_to_target(view, item.plan, item.subject)
        case "task":
            return list_links.link_to_task(view, item.plan, item.subject)
        case "doubt":
            return list_links.link_to_findings(view, status=("confirm",), plan=item.plan, agency=None)


def render_owners(view: PageView, item: TodoItem) -> Child:
    """Return the agencies that owe the whole of it; a target's lead with a link to its page."""
    names = todo_sentences.format_owners(item)
    if item.kind != "target":
        return names
    return html.render_link(view.build_url(pages.AGENCY, plan=item.plan, agency=names), names)
