"""A list whose first lines are open; the others are folded, and found by the browser's search and in print."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_folded_list(
    view: PageView, lines: Sequence[Markup], limit: int, class_: str, *, element: str = "ol", kinds: str = ""
) -> list[Markup]:
    """Return the first `limit` lines as a list, and the others in a part that opens, named by their number.

    `kinds` says more of the others: "3 targets, 8 overdue tasks".
    """
    parts = [tag(element, *lines[:limit], class_=class_)]
    if len(lines) > limit:
        number = formatting.format_number(len(lines) - limit, view.lang)
        parts.append(
            tag(
                "details",
                tag("summary", view.t("and {n} more", n=number), f": {kinds}" if kinds else None),
                tag(element, *lines[limit:], class_=class_),
                class_="kpis-fold",
            )
        )
    return parts
