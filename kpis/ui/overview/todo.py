"""Việc cần làm ngay: the most pressing things owed, with who owes them and how long is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.owed import Owed, select_urgent
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import missing_data, owed_sentences, target_figures

MAX_ITEMS = 8


def render_todo(
    view: PageView, owed_items: Sequence[Owed], plans: Sequence[PlanChoice], read_plans: Collection[str]
) -> Markup:
    """The first few of `owed`, which comes most pressing first, and how many more there are.

    Of plans that were never read (all but `read`) it says only how many: what is to be done is to read them.
    """
    late = select_urgent(owed_items)
    known = [one for one in late if one.row["plan"] in read_plans]
    said = missing_data.format_left_out(len(late) - len(known), view.lang, as_additional=bool(known))
    unknown = tag("p", said, class_="kpis-below") if said else None
    heading = tag("h2", view.t("To do now"))
    if not known:
        calm = None if unknown else view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, tag("p", calm, class_="kpis-quiet") if calm else None, unknown)
    places = {plan.plan: plan.name for plan in plans}
    lines = [_render_item(view, one, places[one.row["plan"]]) for one in known[:MAX_ITEMS]]
    rest = _render_remaining_count(view, len(known) - MAX_ITEMS)
    return tag("section", heading, tag("ol", *lines, class_="kpis-todo"), rest, unknown)


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
            html.render_status(status, palette.get_status_label(status, view.lang)),
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
        "p", view.t("and {n} more", n=written.format_number(remaining, view.lang)), class_="kpis-below"
    )
