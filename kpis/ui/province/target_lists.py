"""The cards of a plan's targets as lists, the worst first; on a phone those of which nothing is owed are folded."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.measures.attainment_rows import Attainment
from kpis.ui.overview.target_rows import SETTLED_STATUSES, format_status_counts
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import render_phone_summary

PHONE_CARDS = 8
"""Cards that stand open on a phone; a wider screen and paper always show all."""

Card = tuple[Attainment, Markup]


def render_target_list(title: str, cards: Sequence[Card], class_: str, view: PageView) -> Markup | None:
    """Return cards that are in the order of their statuses; None without any."""
    if not cards:
        return None
    owing = sum(row["status"] not in SETTLED_STATUSES for row, _ in cards)
    open_cards, rest = cards[: min(owing, PHONE_CARDS)], cards[min(owing, PHONE_CARDS) :]
    return tag(
        "section",
        tag("h2", title),
        tag("ul", *(card for _, card in open_cards), class_=class_) if open_cards else None,
        *_render_rest(rest, class_, view),
    )


def _render_rest(cards: Sequence[Card], class_: str, view: PageView) -> list[Markup]:
    if not cards:
        return []
    summary = format_status_counts([row for row, _ in cards], view)
    return [render_phone_summary(summary), tag("ul", *(card for _, card in cards), class_=class_)]
