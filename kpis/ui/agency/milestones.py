"""The milestones that an agency reported done, even if another agency's report is the one counted."""

from __future__ import annotations

from markupsafe import Markup

from kpis.measures.agency_summary import AgencySummary
from kpis.measures.attainment_rows import Attainment
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView
from kpis.wording import target_figures


def render_milestones(agency_summary: AgencySummary, view: PageView) -> Markup | None:
    """Return one line naming them; None if it reported none done.

    A milestone of several agencies counts for only one of them (docs/rules.md), so an agency's contribution
    does not show whether it reported the milestone done.
    """
    done = [row for row in agency_summary.contributions if row["measure"] == "milestone" and row["actual"]]
    if not done:
        return None
    milestones = join((_render_milestone(row, view) for row in done), "; ")
    return tag("p", tag("strong", view.t("Reported done:")), " ", milestones, class_="kpis-small")


def _render_milestone(row: Attainment, view: PageView) -> Markup:
    title = target_figures.get_title(row, view.lang)
    if row["numerator"]:
        return join([title])
    return join([title, " (", view.t("counted for another agency that also reported it done"), ")"])
