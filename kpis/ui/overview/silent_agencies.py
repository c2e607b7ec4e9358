"""Agencies of one plan that still owe something and have not reported for weeks, silent longest first."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.changes import Changes
from kpis.measures.silent_agencies import SilentAgency
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_folded_list, render_phone_fold
from kpis.ui.shared import html, list_links
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

MAX_AGENCIES = 12


def render_silent_agencies(view: PageView, changes: Changes | None) -> Markup | None:
    """Return the agencies with how long they have been silent; None where weeks are not compared."""
    if changes is None:
        return None
    agencies = changes.silent_agencies
    count = list_links.render_count(view, len(agencies), list_links.link_to_agencies(view, status=("silent",)))
    number = tag("span", count, class_="kpis-number")
    heading = tag("h2", view.t("Silent agencies"), " ", number)
    if not agencies:
        return tag(
            "section", heading, tag("p", view.t("Every agency that owes something has reported."), class_="kpis-quiet")
        )
    newly = {agency["agency"] for agency in changes.newly_silent_agencies}
    lines = [_render_agency(view, agency, is_new=agency["agency"] in newly) for agency in agencies]
    listed = render_folded_list(view, lines, MAX_AGENCIES, "kpis-silences", element="ul", for_phone=False)
    summary = view.t("{n} agencies", n=formatting.format_number(len(agencies), view.lang))
    return tag("section", heading, render_phone_fold(summary, *listed))


def _render_agency(view: PageView, agency: SilentAgency, *, is_new: bool) -> Markup:
    time = formatting.format_weeks(agency["days_silent"], view.lang)
    key = "no report for {time}" if agency["last_report_on"] else "never reported, owing for {time}"
    link = html.render_link(view.build_url(pages.AGENCY, agency=agency["agency"]), agency["agency"])
    news = f" · {view.t('new this week')}" if is_new else None
    return tag("li", link, tag("span", " · ", view.t(key, time=time), news, class_="kpis-quiet"))
