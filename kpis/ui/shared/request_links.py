"""Links to the form of the page of explanations, such as "Yêu cầu giải trình" beside a target or task."""

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
    link = link_to_ask_form(view, plan, view.t("Request an explanation"), entry)
    return tag("small", link, class_="kpis-under kpis-request")


def link_to_ask_form(view: PageView, plan: str, text: str, entry: str = "") -> Markup:
    """Return the link to the open form of a plan, for one of its targets or tasks if `entry` names it."""
    url = view.filters.build_url(pages.EXPLANATIONS, view.today, {ASK_PARAMETER: entry}, plan=plan, agency=None)
    return html.render_link(url, text)
