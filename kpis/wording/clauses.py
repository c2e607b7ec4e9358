"""The clause of a target as one text: "mục II.2.c, trang 4: “…”"."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.language.messages import Language
from kpis.language.normalization import fold
from kpis.measures.clauses import ClauseFacts, format_clause_place


def format_places(clauses: Sequence[ClauseFacts], lang: Language) -> str:
    """Return the places of the clauses, each once; "" without any."""
    return "; ".join(dict.fromkeys(place for clause in clauses if (place := format_clause_place(clause, lang))))


def format_quotes(clauses: Sequence[ClauseFacts]) -> str:
    """Return the clauses as the document words them, each once; "" without any."""
    return "; ".join(dict.fromkeys(clause["quote"] for clause in clauses))


def format_clauses(clauses: Sequence[ClauseFacts], title: str, lang: Language) -> str:
    """Return each clause once with its place; of one that says no more than `title` only the place."""
    texts = []
    for clause in clauses:
        place = format_clause_place(clause, lang)
        quote = "" if fold(clause["quote"]) == fold(title) else f"“{clause['quote']}”"
        texts.append(": ".join(part for part in (place, quote) if part))
    return "; ".join(dict.fromkeys(text for text in texts if text))
