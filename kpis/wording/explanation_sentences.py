"""Explanations in words: the state of a request, where its question stands, what became of a promise."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kpis.language.formatting import format_day
from kpis.language.messages import Language, translate
from kpis.measures.explanations import Explanation, ExplanationState
from kpis.sync.result import Message

_STATES: Mapping[ExplanationState, str] = {
    "late": "late answer",
    "open": "waiting for an answer",
    "answered": "answered",
    "ended": "no longer in force",
    "withdrawn": "withdrawn",
}
LOOKS: Mapping[ExplanationState, str] = {
    "late": "overdue",
    "open": "not_started",
    "answered": "done",
    "ended": "paused",
    "withdrawn": "paused",
}
"""The status or task state whose sign and colour a state shares."""


def get_state_label(state: ExplanationState, lang: Language) -> str:
    """Return a state as a word."""
    return translate(lang, _STATES[state])


def format_state(item: Explanation, lang: Language) -> str:
    """Return the state of one request, more exactly where there is more to say."""
    if item.is_open and item.has_promise_alone:
        return translate(lang, "{state}, a promise so far", state=get_state_label(item.state, lang))
    if item.accepted_on is not None and item.state == "answered":
        return translate(lang, "answered and accepted")
    return get_state_label(item.state, lang)


def format_origin(item: Explanation, lang: Language) -> str | None:
    """Return where a question comes from, if not from the ledger."""
    match item.origin:
        case "sheet":
            return translate(lang, "asked in the sheet")
        case "self":
            return translate(lang, "explained without a request")
        case _:
            return None


def format_sheet_state(item: Explanation, lang: Language) -> str | None:
    """Return why the question of an open request does not stand in the sheet; None if it does."""
    if not item.is_open or item.sheet_state in (None, "written"):
        return None
    if item.sheet_state == "deleted":
        return translate(lang, "its row was removed from the sheet")
    if item.unsent_reason is None:
        return translate(lang, "not sent yet")
    return translate(lang, "not sent: {reason}", reason=read_reason(item.unsent_reason, lang))


def read_reason(reason: str, lang: Language) -> str:
    """Return the sentence of a stored message; a text that is none as it stands."""
    try:
        return Message.from_json(json.loads(reason)).to_text(lang)
    except (ValueError, AttributeError, TypeError, KeyError, IndexError, RecursionError):
        return reason


def format_promise(item: Explanation, lang: Language, *, says_outcome: bool = True) -> str | None:
    """Return what an agency promised by when, and what became of it; None without a day.

    `says_outcome` False: the results are not known.
    """
    if item.promise_on is None:
        return None
    outcomes = {"done": "done by then", "not_done": "not done by then", "not_due": "not due yet"}
    day = format_day(item.promise_on, lang)
    if item.promise_state is None or not says_outcome:
        return translate(lang, "to be done by {day}", day=day)
    outcome = translate(lang, outcomes[item.promise_state])
    return translate(lang, "to be done by {day}: {outcome}", day=day, outcome=outcome)


def format_asker(person: str | None, lang: Language) -> str | None:
    """Return who asked; without a rights file it is whoever was at the server."""
    return translate(lang, "at the server") if person == "" else person
