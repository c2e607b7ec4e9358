"""Việc cần làm ngay of many provinces: one line an indicator, with the three that lag most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.indicator_todo import MAX_NAMED_PLANS, IndicatorLine
from kpis.measures.todo import Todo, TodoItem
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_folded_list
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data

MAX_LINES = 14


def render_indicator_todo(
    view: PageView,
    todo: Todo,
    lines: Sequence[IndicatorLine],
    indicator_names: Mapping[str, tuple[str, str]],
    place_names: Mapping[str, str],
) -> Markup:
    """Return late answers, the late indicators, overdue tasks and rows to confirm, each in one line.

    `place_names`: plan -> name of its place.
    """
    heading = tag("h2", view.t("To do now"))
    sentence = missing_data.format_left_out(todo.unread, view.lang, as_additional=bool(todo.items))
    left_out = tag("p", sentence, class_="kpis-below") if sentence else None
    rendered = [
        *_render_group(view, todo, "explanation", view.t("Late answers"), place_names),
        *(_render_line(view, line, indicator_names, place_names) for line in lines),
        *_render_group(view, todo, "task", view.t("Overdue annex tasks"), place_names),
        *_render_group(view, todo, "doubt", view.t("Figures to confirm"), place_names),
    ]
    if not rendered:
        nothing = view.t("No target is overdue or behind.")
        return tag("section", heading, left_out or tag("p", nothing, class_="kpis-quiet"))
    return tag("section", heading, *render_folded_list(view, rendered, MAX_LINES, "kpis-lines"), left_out)


def _render_line(
    view: PageView,
    line: IndicatorLine,
    indicator_names: Mapping[str, tuple[str, str]],
    place_names: Mapping[str, str],
) -> Markup:
    names = indicator_names.get(line.indicator, (line.indicator, line.indicator))
    key = "1 province late" if len(line.plans) == 1 else "{n} provinces late"
    count = view.t(key, n=formatting.format_number(len(line.plans), view.lang))
    if line.overdue:
        count += " " + view.t("({n} overdue)", n=formatting.format_number(line.overdue, view.lang))
    state = "overdue" if line.overdue else "behind"
    return _render_places(view, state, names[0 if view.lang == "vi" else 1], count, line.plans, place_names)


def _render_group(view: PageView, todo: Todo, kind: str, title: str, place_names: Mapping[str, str]) -> list[Markup]:
    """Return one line for the things of a kind, with the places that have most of them; none without any."""
    by_plan: dict[str, list[TodoItem]] = defaultdict(list)
    for item in todo.items:
        if item.kind == kind:
            by_plan[item.plan].append(item)
    if not by_plan:
        return []
    plans = sorted(by_plan, key=lambda plan: (-len(by_plan[plan]), to_sort_key(place_names[plan])))
    numbers = {"n": sum(map(len, by_plan.values())), "places": len(plans)}
    texts = {name: formatting.format_number(number, view.lang) for name, number in numbers.items()}
    state = "at_risk" if kind == "doubt" else "overdue"
    return [_render_places(view, state, title, view.t("{n} in {places} provinces", **texts), plans, place_names)]


def _render_places(
    view: PageView, state: str, title: str, count: str, plans: Sequence[str], place_names: Mapping[str, str]
) -> Markup:
    """Return a line that names the first places; the others are folded, so that each leads to its own overview."""
    named = join((_render_place(view, plan, place_names) for plan in plans[:MAX_NAMED_PLANS]), ", ")
    key = "{count}, the worst {places}" if len(plans) > MAX_NAMED_PLANS else "{count} – {places}"
    opening, _, closing = view.t(key, count=count, places="\0").partition("\0")
    line: list[Child] = [html.render_sign(state, None), tag("strong", title), ": ", opening, named, closing]
    rest = plans[MAX_NAMED_PLANS:]
    if not rest:
        return tag("li", *line, class_=f"kpis-{state}")
    others = join((_render_place(view, plan, place_names) for plan in rest), ", ")
    more = view.t("and {n} more", n=formatting.format_number(len(rest), view.lang))
    return tag("li", *line, tag("details", tag("summary", more), others, class_="kpis-fold"), class_=f"kpis-{state}")


def _render_place(view: PageView, plan: str, place_names: Mapping[str, str]) -> Markup:
    return html.render_link(view.build_url(pages.OVERVIEW, plan=plan, agency=None), place_names[plan])
