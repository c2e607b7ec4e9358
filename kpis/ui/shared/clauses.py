"""The clause of a target or task with its place, as the document words it; a long one is folded."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language.normalization import fold
from kpis.measures.clauses import ClauseFacts, format_clause_place
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView

MAX_OPEN_LENGTH = 260
"""Characters of a clause that is shown without a click."""


def render_clauses(clauses: Sequence[ClauseFacts], view: PageView, title: str = "") -> Markup:
    """Return the clauses, each once; of one that says no more than `title` only the place. Empty without any."""
    quotes: dict[str, list[str]] = {}
    for clause in clauses:
        places = quotes.setdefault(clause["quote"], [])
        place = format_clause_place(clause, view.lang)
        if place and place not in places:
            places.append(place)
    return join(_render_clause(quote, "; ".join(places), title, view) for quote, places in quotes.items())


def _render_clause(quote: str, place: str, title: str, view: PageView) -> Markup:
    source = view.t("The document says in {place}:", place=place) if place else view.t("The document says:")
    if fold(quote) == fold(title):
        return tag("small", place, class_="kpis-under") if place else Markup()
    text = tag("q", quote, lang="vi")
    if len(quote) <= MAX_OPEN_LENGTH:
        return tag("small", source, " ", text, class_="kpis-under kpis-quote")
    return tag("details", tag("summary", source), tag("small", text), class_="kpis-details kpis-quote")
