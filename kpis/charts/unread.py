"""How it is said that nothing was ever read of a plan: its zeroes and statuses are then no results."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.language import format as written
from kpis.language.messages import Language, translate

_NAMED = 5


def sentence(places: Sequence[str], among: int, lang: Language) -> str:
    """For the places without a source that was read well, of so many shown; empty where every one has."""
    if not places:
        return ""
    if len(places) == among:
        key = "Nothing has been read yet: zeroes and statuses are what the plan asks for, no results."
        return translate(lang, key)
    key = "Nothing has been read yet of {places}: zeroes and statuses there are no results."
    return translate(lang, key, places=_names(places, lang))


def short(lang: Language) -> str:
    """In place of how many targets are attained."""
    return translate(lang, "nothing read yet")


def _names(places: Sequence[str], lang: Language) -> str:
    named = ", ".join(places[:_NAMED])
    if len(places) <= _NAMED:
        return named
    rest = written.number(len(places) - _NAMED, lang)
    return translate(lang, "{places} and {n} more", places=named, n=rest)
