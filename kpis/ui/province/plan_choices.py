"""The choice of a province or ward: every plan with the number of its targets per status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.register_facts import format_place_name
from kpis.measures.status_overview import group_by_plan, select_judged
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import link_to_targets, render_count
from kpis.ui.shared.lists.matching import build_search_text, matches, split_into_words
from kpis.ui.shared.page_view import PageView


def render_plan_choices(
    rows: Sequence[Attainment], view: PageView, page: str = pages.PROVINCE, searched: str = ""
) -> Markup:
    """Return one card per plan with a link to its `page`: provinces, then wards, in alphabetical order.

    `searched`: only those whose name it begins words of; all where it is no plan's.
    """
    ordered = sorted(
        group_by_plan(rows).values(),
        key=lambda own_rows: (own_rows[0]["kind"] == "ward", to_sort_key(format_place_name(own_rows[0]))),
    )
    parts = split_into_words(searched)
    named = [group for group in ordered if matches(build_search_text([format_place_name(group[0])]), parts)]
    cards = [_render_card(own_rows, view, page) for own_rows in named or ordered]
    every = html.render_link(view.build_url(page, plan=None, agency=None), view.t("Show all"))
    return tag(
        "div",
        tag("h2", view.t("Choose a province or ward."), class_="kpis-quiet"),
        tag("p", every) if 0 < len(named) < len(ordered) else None,
        tag("ul", *cards, class_="kpis-choices"),
        class_="kpis",
        lang=view.lang,
    )


def _render_card(rows: Sequence[Attainment], view: PageView, page: str) -> Markup:
    judged = select_judged(rows)
    counts = Counter(str(row["status"]) for row in judged)
    met = sum(counts[status] for status in MET_STATUSES)
    lines = [
        tag(
            "li",
            html.render_status(status, palette.get_status_label(status, view.lang)),
            " ",
            render_count(view, count, link_to_targets(view, status=(status,), plan=rows[0]["plan"], agency=None)),
        )
        for status, count in sorted(counts.items(), key=lambda item: palette.get_severity_rank(item[0]))
    ]
    return tag(
        "li",
        tag(
            "h3",
            html.render_link(view.build_url(page, plan=rows[0]["plan"], agency=None), format_place_name(rows[0])),
        ),
        tag("p", view.t("{met}/{all} attained", met=met, all=len(judged)), class_="kpis-quiet"),
        tag("ul", *lines),
        class_="kpis-choice",
    )
