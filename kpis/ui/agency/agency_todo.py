"""What one agency has to do now, in the order of the overview."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.todo import TodoItem
from kpis.ui.overview.folded_list import render_folded_list
from kpis.ui.overview.owner_todo import render_owned_item
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

MAX_ITEMS = 12


def render_agency_todo(items: Sequence[TodoItem], view: PageView) -> Markup | None:
    """Return what the agency owes: of a target that it leads the whole, of another its own part; None for nothing."""
    if not items:
        return None
    number = tag("span", formatting.format_number(len(items), view.lang), class_="kpis-number")
    lines = [render_owned_item(view, item) for item in items]
    return tag(
        "section",
        tag("h2", view.t("To do now"), " ", number),
        *render_folded_list(view, lines, MAX_ITEMS, "kpis-owner-items", element="ul"),
    )
