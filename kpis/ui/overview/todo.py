"""Việc cần làm ngay: the most urgent targets, with who owes what and how much time is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.owed import Owed, select_urgent
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import doubt_sentences, missing_data, owed_sentences, target_figures

MAX_ITEMS = 8


def render_todo(
    view: PageView, owed_items: Sequence[Owed], plans: Sequence[PlanChoice], read_plans: Collection[str]
) -> Markup:
    """Return the first of `owed_items`, which are sorted most urgent first, and how many more there are.

    Plans without figures (not in `read_plans`) are only counted: their sources must be read first.
    """
    urgent = select_urgent(owed_items)
    items = [item for item in urgent if item.row["plan"] in read_plans]
    sentence = missing_data.format_left_out(len(urgent) - len(items), view.lang, as_additional=bool(items))
    left_out = tag("p", sentence, class_="kpis-below") if sentence else None
    heading = tag("h2", view.t("To do now"))
    if not items:
        nothing = view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, left_out or tag("p", nothing, class_="kpis-quiet"))
    places = {plan.plan: plan.name for plan in plans}
    lines = [_render_item(view, item, places[item.row["plan"]]) for item in items[:MAX_ITEMS]]
    remaining = _render_remaining_count(view, len(items) - MAX_ITEMS)
    return tag("section", heading, tag("ol", *lines, class_="kpis-todo"), remaining, left_out)


def _render_item(view: PageView, item: Owed, place_name: str) -> Markup:
    row = item.row
    status = str(row["status"])
    address = view.build_url(pages.PROVINCE, plan=row["plan"], agency=None)
    lead = view.build_url(pages.AGENCY, plan=row["plan"], agency=row["lead"])
    what: list[Child] = [tag("strong", ", ".join(owed_sentences.format_missing(item, view.lang)))]
    what += [f" · {rate}" for rate in owed_sentences.format_rate(item, view.lang)]
    return tag(
        "li",
        tag(
            "p",
            html.render_link(address, place_name),
            html.render_status(status, doubt_sentences.format_status(row, view.lang)),
            class_="kpis-where",
        ),
        tag(
            "div",
            tag("p", target_figures.get_title(row, view.lang)),
            tag("p", *what, " · ", html.render_link(lead, row["lead"])),
        ),
        tag("p", owed_sentences.format_time_left(item, view.lang), class_="kpis-left"),
        class_=f"kpis-{status}",
    )


def _render_remaining_count(view: PageView, remaining: int) -> Markup | None:
    if remaining <= 0:
        return None
    return tag(
        "p", view.t("and {n} more", n=formatting.format_number(remaining, view.lang)), class_="kpis-below"
    )
