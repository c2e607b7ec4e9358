"""What agencies wrote about a target that is kept in words, in one text."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.measures.carried_words import CarriedWords


def format_carried_words(words: CarriedWords, lang: Language) -> dict[str, str]:
    """Return by target "21/11/2026, Sở Y tế: …" for each agency, one a line; without targets nobody wrote about."""
    return {
        target: "\n".join(
            f"{formatting.format_day(entry['occurred_on'], lang)}, {entry['agency']}: {entry['content']}"
            for entry in entries
        )
        for target, entries in words.items()
        if entries
    }
