"""One tile per status, worst first, with the change since last Sunday (design.md §5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import find_last_sunday
from kpis.measures.status_overview import select_judged
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

TILE_STATUSES = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_OTHER_STATUSES = ("not_started", "not_applicable")


def is_week_comparable(view: PageView) -> bool:
    """True if last Sunday is in the year of the targets and `as_of` is not in the future."""
    is_first_week = find_last_sunday(view.as_of).year != view.as_of.year == view.filters.year
    return view.as_of <= view.today and not is_first_week


def render_status_tiles(current: Sequence[Attainment], previous: Sequence[Attainment] | None, lang: Language) -> Markup:
    """Return one tile per status with its change since a week ago (`previous`; None: no change is shown)."""
    current = select_judged(current)
    counts = _count_by_status(current)
    previous_counts = None if previous is None else _count_by_status(previous)
    tiles = [_render_tile(status, counts, previous_counts, len(current), lang) for status in TILE_STATUSES]
    return tag(
        "section",
        tag("h2", translate(lang, "Targets by status"), class_="kpis-hidden"),
        tag("ul", *tiles, class_="kpis-tiles"),
        _render_other_counts(counts, lang),
    )


def _count_by_status(rows: Sequence[Attainment]) -> Counter[str]:
    return Counter(str(row["status"]) for row in rows)


def _get_count(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _render_tile(
    status: str, counts: Counter[str], previous: Counter[str] | None, total: int, lang: Language
) -> Markup:
    number = _get_count(counts, status)
    small = tag("small", "/", formatting.format_number(total, lang))
    return tag(
        "li",
        html.render_status(status, palette.get_status_label(status, lang)),
        tag("p", formatting.format_number(number, lang), small, class_="kpis-count"),
        tag("p", _format_change(number - _get_count(previous, status), lang), class_="kpis-change")
        if previous is not None
        else None,
        class_=f"kpis-tile kpis-{status}",
    )


def _format_change(change: int, lang: Language) -> str:
    if not change:
        return translate(lang, "as a week ago")
    key = "{n} more than a week ago" if change > 0 else "{n} fewer than a week ago"
    return translate(lang, key, n=formatting.format_number(abs(change), lang))


def _render_other_counts(counts: Counter[str], lang: Language) -> Markup | None:
    parts = [
        translate(
            lang,
            "{n} {state}",
            n=formatting.format_number(counts[status], lang),
            state=_format_lowercase_status(status, lang),
        )
        for status in _OTHER_STATUSES
        if counts[status]
    ]
    if counts["attained_late"]:
        late = translate(lang, "{n} of those attained late", n=formatting.format_number(counts["attained_late"], lang))
        parts.insert(0, late)
    return tag("p", " · ".join(parts), class_="kpis-below") if parts else None


def _format_lowercase_status(status: str, lang: Language) -> str:
    word = palette.get_status_label(status, lang)
    return word[:1].lower() + word[1:]
