"""The communes of a plan in one line, with the ten worst by name."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.commune_summary import CommuneSummary, LackingCommune
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.list_links import link_to_agencies, render_count, render_more
from kpis.ui.shared.page_view import PageView

MAX_NAMES = 10
LACKING = "lacking"
"""The status by which the list of agencies has those communes."""


def render_commune_line(view: PageView, summary: CommuneSummary) -> Markup | None:
    """Return how many communes lack a part of their own, and the worst of them; None for a plan without communes."""
    if not summary.communes:
        return None
    heading = tag("h2", view.t("Communes"))
    total = formatting.format_number(summary.communes, view.lang)
    if not summary.with_parts:
        sentence = view.t("{n} communes: no target of their own is asked of them.", n=total)
        return tag("section", heading, tag("p", sentence, class_="kpis-quiet"))
    numbers = {"n": len(summary.lacking), "all": summary.with_parts}
    texts = {name: formatting.format_number(number, view.lang) for name, number in numbers.items()}
    if not summary.lacking:
        return tag("section", heading, tag("p", view.t("None of {all} communes lacks its part.", **texts)))
    key = "{n} of {all} communes with targets of their own are late or have not reported."
    url = link_to_agencies(view, status=(LACKING,))
    opening, _, closing = view.t(key, n="\0", all=texts["all"]).partition("\0")
    sentence = join([opening, render_count(view, len(summary.lacking), url), closing])
    worst = [_render_commune(view, commune) for commune in summary.lacking[:MAX_NAMES]]
    more = render_more(view, len(summary.lacking) - MAX_NAMES, len(summary.lacking), url)
    return tag(
        "section",
        heading,
        tag("p", tag("strong", sentence), " ", view.t("The worst:")),
        tag("ul", *worst, tag("li", more) if more else None, class_="kpis-communes"),
    )


def _render_commune(view: PageView, commune: LackingCommune) -> Markup:
    line = commune.line
    days = line.activity.count_days_silent(view.as_of)
    key = "1 target, {silence}" if commune.targets == 1 else "{n} targets, {silence}"
    silence = (
        view.t("never reported")
        if days is None
        else view.t("no report for {time}", time=formatting.format_weeks(days, view.lang))
    )
    text = view.t(key, n=formatting.format_number(commune.targets, view.lang), silence=silence)
    address = view.build_url(pages.AGENCY, agency=line.agency)
    return tag("li", html.render_link(address, line.agency), " ", tag("span", f"({text})", class_="kpis-quiet"))
