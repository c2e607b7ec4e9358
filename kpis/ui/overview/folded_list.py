"""A list whose first lines are open; the others are folded, and found by the browser's search and in print."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView


def render_folded_list(
    view: PageView, lines: Sequence[Markup], limit: int, class_: str, *, element: str = "ol", kinds: str = ""
) -> list[Markup]:
    """Return the first `limit` lines as a list, and the others in a part that opens, named by their number.

    `kinds` says more of the others: "3 targets, 8 overdue tasks".
    """
    fold = render_fold(view, lines[limit:], class_, element=element, kinds=kinds)
    return [tag(element, *lines[:limit], class_=class_), *([fold] if fold else [])]


def render_fold(
    view: PageView, lines: Sequence[Markup], class_: str, *, element: str = "ol", kinds: str = ""
) -> Markup | None:
    """Return lines in a part that opens, named by their number; None without any."""
    if not lines:
        return None
    number = formatting.format_number(len(lines), view.lang)
    summary = tag("summary", view.t("and {n} more", n=number), f": {kinds}" if kinds else None)
    return tag("details", summary, tag(element, *lines, class_=class_), class_="kpis-fold")


def render_phone_fold(summary: str, *content: Child) -> Markup:
    """Return content that is folded on a phone alone: wider screens and print always show it, without the summary."""
    return tag("details", tag("summary", summary), *content, class_="kpis-fold kpis-phone-fold")
