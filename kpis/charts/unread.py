"""How it is said that what stands at a place is no result, since its sheets were not read, or not in full."""

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
    return translate(lang, key, places=named(places, lang))


def short(lang: Language) -> str:
    """In place of how many targets are attained."""
    return translate(lang, "nothing read yet")


def empty(places: Sequence[str], lang: Language) -> str:
    """For the places whose sheets were read and hold no row; empty for none."""
    key = "The sheets of {places} hold no row yet: zeroes there say that nothing was typed in."
    return translate(lang, key, places=named(places, lang)) if places else ""


def sent_back(places: Sequence[str], lang: Language) -> str:
    """For the places of which every row was sent back; empty for none."""
    key = "Every row of {places} was sent back: zeroes there are no results."
    return translate(lang, key, places=named(places, lang)) if places else ""


def without_tasks(places: Sequence[str], lang: Language) -> str:
    """For the places whose sheets never had a tab of tasks; empty for none."""
    key = "The sheets of {places} have no tab of tasks: the states of annex tasks there are no results."
    return translate(lang, key, places=named(places, lang)) if places else ""


def no_longer(places: Sequence[str], lang: Language) -> str:
    """For the places, each with the day of its last good read, that nobody has read since; empty for none."""
    key = "Nothing newer could be read of {places}: what was done after that day is not counted."
    return translate(lang, key, places=named(places, lang)) if places else ""


def named(places: Sequence[str], lang: Language) -> str:
    """The first few names and how many more there are."""
    first = ", ".join(places[:_NAMED])
    if len(places) <= _NAMED:
        return first
    rest = written.number(len(places) - _NAMED, lang)
    return translate(lang, "{places} and {n} more", places=first, n=rest)
