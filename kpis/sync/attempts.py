"""The journal's lines: one a sync, what became of each source and how old its figures are (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from kpis.sheet.model import Source
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message, SourceResult, SyncOutcome
from kpis.sync.state import SourceState


@dataclass(frozen=True)
class Attempt:
    """One try at one source, at a moment (UTC); `last_good_at` and `changed_at` as they stood after it."""

    at: datetime
    plan: str
    kind: str
    location: str
    result: SourceResult
    last_good_at: datetime | None
    changed_at: datetime | None


def build_journal_record(
    now: datetime,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    states: Mapping[str, SourceState],
    published_version: int | None,
) -> dict[str, object]:
    """One sync as a line of the journal; `published` is the version it made, if any."""
    tried = [
        {
            "plan": source.plan,
            "kind": source.kind,
            "location": source.location,
            **{name: getattr(result, name) for name in _RESULT_FIELDS},
            "messages": [message.to_json() for message in result.messages],
            **_serialize_times(states.get(source.id)),
        }
        for source, result in zip(sources, results, strict=True)
    ]
    return {"at": now.isoformat(), "version": published_version, "sources": tried}


def read_attempts(pointer: Path) -> list[list[Attempt]]:
    """The attempts of every sync in the journal, oldest sync first, each in the order of its sources file."""
    passes = []
    for record in journal.read(DatabasePaths(pointer).journal):
        try:
            passes.append(list(_parse_attempts(record)))
        except (KeyError, TypeError, ValueError):  # a line of another release: the others tell enough
            continue
    return passes


_RESULT_FIELDS = ("id", "outcome", "read", "accepted", "warned", "rejected", "recorded", "retired")


def _serialize_times(state: SourceState | None) -> dict[str, str | None]:
    return {
        "last_good_at": state.last_good_at.isoformat() if state else None,
        "changed_at": state.changed_at.isoformat() if state else None,
    }


def _parse_attempts(record: Mapping[str, Any]) -> Iterator[Attempt]:
    at = datetime.fromisoformat(record["at"])
    for tried in record["sources"]:
        if tried["outcome"] not in get_args(SyncOutcome):
            raise ValueError(tried["outcome"])
        messages = tuple(Message.from_json(message) for message in tried["messages"])
        yield Attempt(
            at,
            tried["plan"],
            tried["kind"],
            tried["location"],
            SourceResult(**{name: tried[name] for name in _RESULT_FIELDS}, messages=messages),
            _parse_optional_time(tried["last_good_at"]),
            _parse_optional_time(tried["changed_at"]),
        )


def _parse_optional_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
