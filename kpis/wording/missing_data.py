"""How it is said that what stands at a place is no result, since its sheets were not read, or not in full."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.data_availability import Reach
from kpis.sync.status import LastRead

Kind = Literal["never", "empty", "sent_back", "tasks", "no_longer"]
"""Nothing was read; no row, none that counts, no tab of tasks was read; nothing newer can be read."""

_KEYS: Final[Mapping[Kind, str]] = {
    "never": "Nothing has been read yet of {places}: zeroes and statuses there are no results.",
    "empty": "The sheets of {places} hold no row yet: zeroes there say that nothing was typed in.",
    "sent_back": "Every row of {places} was sent back: zeroes there are no results.",
    "tasks": "The sheets of {places} have no tab of tasks: the states of annex tasks there are no results.",
    "no_longer": "Nothing newer could be read of {places}: what was done after that day is not counted.",
}
_NAMED = 5


def sentences(
    names: Mapping[str, str],
    with_tasks: Collection[str],
    reached: Reach,
    days: Mapping[str, LastRead],
    lang: Language,
) -> dict[Kind, str]:
    """What is to be said of the plans shown (id -> name of the place), kind by kind; none where all is well.

    `with_tasks`: those whose annex tasks are shown. `days`: what `kpis.sync.status.last_read` found.
    """
    read = [plan for plan in names if plan in reached.read]
    nothing = [plan for plan in read if plan not in reached.counted]
    places: dict[Kind, list[str]] = {
        "never": [names[plan] for plan in names if plan not in reached.read],
        "empty": [names[plan] for plan in nothing if not reached.rows[plan]],
        "sent_back": [names[plan] for plan in nothing if reached.rows[plan]],
        "tasks": [names[plan] for plan in read if plan in with_tasks and plan not in reached.tasks],
        "no_longer": [_since(names[plan], days[plan], lang) for plan in read if plan in days],
    }
    if places["never"] and len(places["never"]) == len(names):
        key = "Nothing has been read yet: zeroes and statuses are what the plan asks for, no results."
        return {"never": translate(lang, key)}
    return {kind: _said(kind, found, lang) for kind, found in places.items() if found}


def short(lang: Language) -> str:
    """In place of how many targets are attained."""
    return translate(lang, "nothing read yet")


def left_out(number: int, lang: Language, *, more: bool) -> str:
    """How much stands at places of which nothing was read, and so in no list; empty for nothing."""
    if not number:
        return ""
    key = "{n} at places of which nothing has been read yet"
    if more:
        key = "{n} more at places of which nothing has been read yet"
    return translate(lang, key, n=written.number(number, lang))


def _said(kind: Kind, places: Sequence[str], lang: Language) -> str:
    named = ", ".join(places[:_NAMED])
    if len(places) > _NAMED:
        rest = written.number(len(places) - _NAMED, lang)
        named = translate(lang, "{places} and {n} more", places=named, n=rest)
    return translate(lang, _KEYS[kind], places=named)


def _since(place: str, last: LastRead, lang: Language) -> str:
    key = "{place} (since {day})" if last.whole else "one source of {place} (since {day})"
    return translate(lang, key, place=place, day=written.day(last.day, lang))
