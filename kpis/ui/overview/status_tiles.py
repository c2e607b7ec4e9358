"""One tile per status, worst first, with the change since a week before (design.md §5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import last_sunday
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View

TILES = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_ASIDE = ("not_started", "not_applicable")


def comparable(view: View) -> bool:
    """Whether the Sunday before is of the same year's promises, and neither day is still to come."""
    new_year = last_sunday(view.as_of).year != view.as_of.year == view.filters.year
    return view.as_of <= view.today and not new_year


def tiles(now: Sequence[Attainment], before: Sequence[Attainment] | None, lang: Language) -> Markup:
    """The tiles of the targets in `now` against the same a week before; nothing is averaged.

    Without a `before` nothing is said of a change.
    """
    counts, earlier = _counts(now), None if before is None else _counts(before)
    shown = [_tile(status, counts, earlier, len(now), lang) for status in TILES]
    return tag(
        "section",
        tag("h2", translate(lang, "Targets by status"), class_="kpis-hidden"),
        tag("ul", *shown, class_="kpis-tiles"),
        _aside(counts, lang),
    )


def _counts(rows: Sequence[Attainment]) -> Counter[str]:
    return Counter(str(row["status"]) for row in rows)


def _of(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _tile(
    status: str, counts: Counter[str], earlier: Counter[str] | None, total: int, lang: Language
) -> Markup:
    number = _of(counts, status)
    small = tag("small", "/", written.number(total, lang))
    return tag(
        "li",
        html.status(status, palette.word(status, lang)),
        tag("p", written.number(number, lang), small, class_="kpis-count"),
        tag("p", _change(number - _of(earlier, status), lang), class_="kpis-change")
        if earlier is not None
        else None,
        class_=f"kpis-tile kpis-{status}",
    )


def _change(change: int, lang: Language) -> str:
    if not change:
        return translate(lang, "as a week before")
    key = "{n} more than a week before" if change > 0 else "{n} fewer than a week before"
    return translate(lang, key, n=written.number(abs(change), lang))


def _aside(counts: Counter[str], lang: Language) -> Markup | None:
    parts = [
        translate(lang, "{n} {state}", n=written.number(counts[status], lang), state=_lower(status, lang))
        for status in _ASIDE
        if counts[status]
    ]
    if counts["attained_late"]:
        late = translate(lang, "{n} of the attained late", n=written.number(counts["attained_late"], lang))
        parts.insert(0, late)
    return tag("p", " · ".join(parts), class_="kpis-below") if parts else None


def _lower(status: str, lang: Language) -> str:
    word = palette.word(status, lang)
    return word[:1].lower() + word[1:]
