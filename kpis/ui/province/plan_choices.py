"""Which province or ward: every plan with how many of its targets stand at each status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_plan_choices(rows: Sequence[Attainment], view: PageView, page: str = pages.PROVINCE) -> Markup:
    """One card per plan, provinces first, each in alphabetical order, leading to its `page`."""
    plans = {row["plan"]: row for row in rows}
    ordered = sorted(
        plans.values(), key=lambda row: (row["kind"] == "ward", to_sort_key(_format_place_name(row)))
    )
    cards = [
        _render_card(row, [other for other in rows if other["plan"] == row["plan"]], view, page)
        for row in ordered
    ]
    return tag(
        "div",
        tag("p", view.t("Choose a province or ward."), class_="kpis-quiet"),
        tag("ul", *cards, class_="kpis-choices"),
        class_="kpis",
        lang=view.lang,
    )


def _render_card(plan: Attainment, rows: Sequence[Attainment], view: PageView, page: str) -> Markup:
    found = Counter(str(row["status"]) for row in rows)
    met = sum(found[status] for status in MET_STATUSES)
    said = [
        tag(
            "li",
            html.render_status(
                status,
                f"{palette.get_status_label(status, view.lang)} {written.format_number(count, view.lang)}",
            ),
        )
        for status, count in sorted(found.items(), key=lambda item: palette.get_severity_rank(item[0]))
    ]
    return tag(
        "li",
        tag(
            "h3",
            html.render_link(view.build_url(page, plan=plan["plan"], agency=None), _format_place_name(plan)),
        ),
        tag("p", view.t("{met}/{all} attained", met=met, all=len(rows)), class_="kpis-quiet"),
        tag("ul", *said),
        class_="kpis-choice",
    )


def _format_place_name(plan: Attainment) -> str:
    """ "Đồng Tháp", or a ward by its own name."""
    place = plan["place"]
    return plan["province"] if plan["kind"] == "province" else place[:1].upper() + place[1:]
