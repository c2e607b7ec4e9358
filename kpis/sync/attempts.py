"""Journal records: one per sync, with the result of each source and the age of its figures (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from kpis.sheet.model import Source
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message, SourceResult, SyncOutcome
from kpis.sync.state import SourceState


@dataclass(frozen=True)
class Attempt:
    """One attempt to read one source at `at` (UTC); `last_good_at` and `changed_at` are those after it."""

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
    accepted_by: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, object]:
    """Return one sync as a journal record; `published_version` is the version it made, if any.

    `accepted_by`: source -> who accepted the loss of its rows.
    """
    attempts = [
        {
            "plan": source.plan,
            "kind": source.kind,
            "location": source.location,
            **{name: getattr(result, name) for name in _RESULT_FIELDS},
            "messages": [message.to_json() for message in result.messages],
            **_serialize_times(states.get(source.id)),
            **({"accepted_by": accepted_by[source.id]} if source.id in accepted_by else {}),
        }
        for source, result in zip(sources, results, strict=True)
    ]
    return {"at": now.isoformat(), "version": published_version, "sources": attempts}


def read_attempts(pointer: Path) -> list[list[Attempt]]:
    """Return the attempts of each sync in the journal, oldest first, in the order of its sources file."""
    passes = []
    for record in journal.read(DatabasePaths(pointer).journal):
        try:
            passes.append(list(_parse_attempts(record)))
        # A record of another release, or one that somebody edited: skip it.
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            continue
    return passes


_RESULT_FIELDS = (
    "id",
    "outcome",
    "read",
    "accepted",
    "warned",
    "rejected",
    "recorded",
    "retired",
    "set_aside",
)
_LATER_FIELDS = {"set_aside": 0}
"""Fields that records of earlier releases lack, with the value that stands for them."""


def _serialize_times(state: SourceState | None) -> dict[str, str | None]:
    return {
        "last_good_at": state.last_good_at.isoformat() if state else None,
        "changed_at": state.changed_at.isoformat() if state else None,
    }


def _parse_attempts(record: Mapping[str, Any]) -> Iterator[Attempt]:
    at = datetime.fromisoformat(record["at"])
    for attempt in record["sources"]:
        if attempt["outcome"] not in get_args(SyncOutcome):
            raise ValueError(attempt["outcome"])
        messages = tuple(Message.from_json(message) for message in attempt["messages"])
        yield Attempt(
            at,
            attempt["plan"],
            attempt["kind"],
            attempt["location"],
            SourceResult(**{name: (_LATER_FIELDS | attempt)[name] for name in _RESULT_FIELDS}, messages=messages),
            _parse_optional_time(attempt["last_good_at"]),
            _parse_optional_time(attempt["changed_at"]),
        )


def _parse_optional_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
