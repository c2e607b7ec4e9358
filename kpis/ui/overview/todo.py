"""Việc cần làm ngay: the most pressing things owed, with who owes them and how long is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.owed import Owed, pressing
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import View
from kpis.wording import missing_data, owed_sentences, target_figures

SHOWN = 8


def todo(view: View, owed: Sequence[Owed], plans: Sequence[PlanChoice], read: Collection[str]) -> Markup:
    """The first few of `owed`, which comes most pressing first, and how many more there are.

    Of plans that were never read (all but `read`) it says only how many: what is to be done is to read them.
    """
    late = pressing(owed)
    known = [one for one in late if one.row["plan"] in read]
    said = missing_data.left_out(len(late) - len(known), view.lang, more=bool(known))
    unknown = tag("p", said, class_="kpis-below") if said else None
    heading = tag("h2", view.t("To do now"))
    if not known:
        calm = None if unknown else view.t("Nothing is late, at risk or without figures.")
        return tag("section", heading, tag("p", calm, class_="kpis-quiet") if calm else None, unknown)
    places = {plan.plan: plan.name for plan in plans}
    lines = [_line(view, one, places[one.row["plan"]]) for one in known[:SHOWN]]
    rest = _rest(view, len(known) - SHOWN)
    return tag("section", heading, tag("ol", *lines, class_="kpis-todo"), rest, unknown)


def _line(view: View, one: Owed, place: str) -> Markup:
    row = one.row
    status = str(row["status"])
    address = view.address(pages.PROVINCE, plan=row["plan"], agency=None)
    lead = view.address(pages.AGENCY, plan=row["plan"], agency=row["lead"])
    what: list[Child] = [tag("strong", ", ".join(owed_sentences.missing(one, view.lang)))]
    what += [f" · {rate}" for rate in owed_sentences.rate(one, view.lang)]
    return tag(
        "li",
        tag(
            "p",
            html.link(address, place),
            html.status(status, palette.word(status, view.lang)),
            class_="kpis-where",
        ),
        tag(
            "div",
            tag("p", target_figures.title(row, view.lang)),
            tag("p", *what, " · ", html.link(lead, row["lead"])),
        ),
        tag("p", owed_sentences.left(one, view.lang), class_="kpis-left"),
        class_=f"kpis-{status}",
    )


def _rest(view: View, more: int) -> Markup | None:
    if more <= 0:
        return None
    return tag("p", view.t("and {n} more", n=written.number(more, view.lang)), class_="kpis-below")
