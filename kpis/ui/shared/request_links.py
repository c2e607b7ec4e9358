"""The link "Yêu cầu giải trình" beside a target or task: it opens the form of the page of explanations."""

from __future__ import annotations

from markupsafe import Markup

from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

ASK_PARAMETER = "ask"
"""The parameter of an address that opens the form for a target or task."""


def render_request_link(entry: str, plan: str, view: PageView) -> Markup | None:
    """Return the link for a target or task of a plan; None for a reader who may not ask."""
    if not view.may_request or view.has_fixed_agency:
        return None
    url = view.filters.build_url(pages.EXPLANATIONS, view.today, {ASK_PARAMETER: entry}, plan=plan, agency=None)
    return tag("small", html.render_link(url, view.t("Request an explanation")), class_="kpis-under kpis-request")
