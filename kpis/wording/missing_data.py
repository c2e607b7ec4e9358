"""Sentences that say why a place's figures are not results: its sheets were not read, or not completely."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.data_availability import DataAvailability
from kpis.sync.status import LastRead

MissingDataKind = Literal["never", "empty", "sent_back", "tasks", "no_longer"]
"""Nothing was read; no rows; every row was rejected; no tab of tasks; nothing newer can be read."""

_MESSAGE_KEYS: Final[Mapping[MissingDataKind, str]] = {
    "never": "No source of {places} has been read yet: zeroes and statuses there are not results.",
    "empty": "The sheets of {places} have no rows yet: zeroes there mean that nothing was entered.",
    "sent_back": "Every row of {places} was rejected: zeroes there are not results.",
    "tasks": "The sheets of {places} have no task tab: the states of annex tasks there are not results.",
    "no_longer": "No newer figures could be read for {places}: work done after that day is not counted.",
}
_MAX_NAMED_PLACES = 5


def format_sentences(
    place_names: Mapping[str, str],
    plans_with_tasks: Collection[str],
    availability: DataAvailability,
    last_reads: Mapping[str, LastRead],
    lang: Language,
) -> dict[MissingDataKind, str]:
    """Return the sentences to show for these plans (id -> name of the place), by kind; empty if all is well.

    `plans_with_tasks`: those whose annex tasks are shown. `last_reads`: see `sync.status.find_last_reads`.
    """
    read = [plan for plan in place_names if plan in availability.plans_read]
    without_counted_rows = [plan for plan in read if plan not in availability.plans_with_counted_rows]
    places: dict[MissingDataKind, list[str]] = {
        "never": [place_names[plan] for plan in place_names if plan not in availability.plans_read],
        "empty": [place_names[plan] for plan in without_counted_rows if not availability.rows_read[plan]],
        "sent_back": [place_names[plan] for plan in without_counted_rows if availability.rows_read[plan]],
        "tasks": [
            place_names[plan] for plan in read if plan in plans_with_tasks and plan not in availability.plans_with_tasks
        ],
        "no_longer": [
            _format_unread_since(place_names[plan], last_reads[plan], lang) for plan in read if plan in last_reads
        ],
    }
    if places["never"] and len(places["never"]) == len(place_names):
        key = "No source has been read yet: zeroes and statuses show what the plan requires, not results."
        return {"never": translate(lang, key)}
    return {kind: _format_sentence(kind, names, lang) for kind, names in places.items() if names}


def format_short(lang: Language) -> str:
    """Return the words shown instead of how many targets are attained."""
    return translate(lang, "no source read yet")


def format_left_out(count: int, lang: Language, *, as_additional: bool) -> str:
    """Return how many items a list leaves out since nothing was read of their places; empty for none."""
    if not count:
        return ""
    key = "{n} at places with no source read yet"
    if as_additional:
        key = "{n} more at places with no source read yet"
    return translate(lang, key, n=formatting.format_number(count, lang))


def _format_sentence(kind: MissingDataKind, places: Sequence[str], lang: Language) -> str:
    names = ", ".join(places[:_MAX_NAMED_PLACES])
    if len(places) > _MAX_NAMED_PLACES:
        rest = formatting.format_number(len(places) - _MAX_NAMED_PLACES, lang)
        names = translate(lang, "{places} and {n} more", places=names, n=rest)
    return translate(lang, _MESSAGE_KEYS[kind], places=names)


def _format_unread_since(place: str, last_read: LastRead, lang: Language) -> str:
    key = "{place} (since {day})" if last_read.is_complete else "one source of {place} (since {day})"
    return translate(lang, key, place=place, day=formatting.format_day(last_read.day, lang))
