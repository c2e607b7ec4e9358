"""A list whose first lines are open; the others are folded, and found by the browser's search and in print."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import MIN_FOLDED_ROWS, PHONE_ROWS


def render_folded_list(
    view: PageView,
    lines: Sequence[Markup],
    limit: int,
    class_: str,
    *,
    element: str = "ol",
    kinds: str = "",
    for_phone: bool = True,
) -> list[Markup]:
    """Return the first `limit` lines as a list, and the others in a part that opens, named by their number.

    `kinds` says more of the others: "3 targets, 8 overdue tasks". `for_phone`: a phone folds a long list after
    fewer lines.
    """
    fold = render_fold(view, lines[limit:], class_, element=element, kinds=kinds)
    if not for_phone or min(limit, len(lines)) < PHONE_ROWS + MIN_FOLDED_ROWS:
        return [tag(element, *lines[:limit], class_=class_), *([fold] if fold else [])]
    rest = tag(element, *lines[PHONE_ROWS:limit], class_=class_)
    summary = view.t("and {n} more", n=formatting.format_number(len(lines) - PHONE_ROWS, view.lang))
    return [tag(element, *lines[:PHONE_ROWS], class_=class_), render_phone_fold(summary, rest, fold)]


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
