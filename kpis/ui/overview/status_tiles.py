"""One tile per status, worst first, with the change since last Sunday (design.md §5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET_STATUSES, Attainment, TargetStatus
from kpis.measures.changes import find_last_sunday
from kpis.measures.status_overview import select_judged
from kpis.ui.shared import html, list_links
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

TILE_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_OTHER_STATUSES = ("not_started", "not_applicable")


def is_week_comparable(view: PageView) -> bool:
    """True if last Sunday is in the year of the targets and `as_of` is not in the future."""
    is_first_week = find_last_sunday(view.as_of).year != view.as_of.year == view.filters.year
    return view.as_of <= view.today and not is_first_week


def render_status_tiles(view: PageView, current: Sequence[Attainment], previous: Sequence[Attainment] | None) -> Markup:
    """Return one tile per status with its change since a week ago (`previous`; None: no change is shown).

    Each number leads to the list of its targets: without a chosen plan, those of provinces.
    """
    current = select_judged(current)
    counts = _count_by_status(current)
    previous_counts = None if previous is None else _count_by_status(previous)
    tiles = [_render_tile(view, status, counts, previous_counts, len(current)) for status in TILE_STATUSES]
    return tag(
        "section",
        tag("h2", view.t("Targets by status"), class_="kpis-hidden"),
        tag("ul", *tiles, class_="kpis-tiles"),
        _render_other_counts(view, counts),
    )


def _count_by_status(rows: Sequence[Attainment]) -> Counter[str]:
    return Counter(str(row["status"]) for row in rows)


def _get_count(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _render_tile(
    view: PageView, status: str, counts: Counter[str], previous: Counter[str] | None, total: int
) -> Markup:
    number = _get_count(counts, status)
    small = tag(
        "small", view.t("/1 target" if total == 1 else "/{n} targets", n=formatting.format_number(total, view.lang))
    )
    statuses = MET_STATUSES if status == "attained" else (status,)
    return tag(
        "li",
        html.render_status(status, palette.get_status_label(status, view.lang)),
        tag("p", list_links.render_count(view, number, _link_to_list(view, statuses)), small, class_="kpis-count"),
        tag("p", _format_change(number - _get_count(previous, status), view.lang), class_="kpis-change")
        if previous is not None
        else None,
        class_=f"kpis-tile kpis-{status}",
    )


def _link_to_list(view: PageView, statuses: Sequence[str]) -> str:
    return list_links.link_to_targets(view, status=statuses, only_provinces=view.plan is None)


def _format_change(change: int, lang: Language) -> str:
    if not change:
        return translate(lang, "as a week ago")
    key = "{n} more than a week ago" if change > 0 else "{n} fewer than a week ago"
    return translate(lang, key, n=formatting.format_number(abs(change), lang))


def _render_other_counts(view: PageView, counts: Counter[str]) -> Markup | None:
    parts = [
        _render_count_in(view, "{n} {state}", status, counts, state=_format_lowercase_status(status, view.lang))
        for status in _OTHER_STATUSES
        if counts[status]
    ]
    if counts["attained_late"]:
        parts.insert(0, _render_count_in(view, "{n} of those attained late", "attained_late", counts))
    return tag("p", html.join(parts, " · "), class_="kpis-below") if parts else None


def _render_count_in(view: PageView, key: str, status: str, counts: Counter[str], **values: str) -> Markup:
    """Return a sentence whose number is a link to the list of what it counts."""
    number = list_links.render_count(view, counts[status], _link_to_list(view, (status,)))
    opening, _, closing = view.t(key, n="\0", **values).partition("\0")
    return html.join([opening, number, closing])


def _format_lowercase_status(status: str, lang: Language) -> str:
    word = palette.get_status_label(status, lang)
    return word[:1].lower() + word[1:]
