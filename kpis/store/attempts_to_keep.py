"""What of a long journal is still worth keeping: the last attempt of each source and the changes of its outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

KEEPING_TIME = timedelta(days=30)

Place = tuple[int, int]
"""The number of a record, and that of an attempt in it."""


def drop_attempts(records: Sequence[dict[str, object]]) -> list[dict[str, object] | None]:
    """Return each record with the attempts that stay; None where nothing of it stays.

    Of attempts of one source with the same outcome, one after the other, the first and the last stay, for thirty days
    before the last record; the last one of a source stays for good. The last sync stays whole. What is no sync, or
    was written by another release, stays for thirty days.
    """
    moments = [_find_moment(record) for record in records]
    last_moment = next((moment for moment in reversed(moments) if moment is not None), None)
    syncs = [number for number, record in enumerate(records) if _is_sync(record)]
    staying = _find_staying(records, syncs)
    last_places = _find_last_places(records, syncs)
    remaining: list[dict[str, object] | None] = []
    for number, (record, moment) in enumerate(zip(records, moments, strict=True)):
        is_old = moment is not None and last_moment is not None and moment < last_moment - KEEPING_TIME
        if not _is_sync(record):
            remaining.append(None if is_old else record)
            continue
        if number == syncs[-1]:
            remaining.append(record)
            continue
        places = last_places if is_old else staying
        attempts = [attempt for index, _, attempt in _list_attempts(record) if (number, index) in places]
        remaining.append({**record, "sources": attempts} if attempts else None)
    return remaining


def _find_staying(records: Sequence[dict[str, object]], syncs: Sequence[int]) -> set[Place]:
    """Return the places of the first and the last attempt of each run of one outcome."""
    runs: dict[str, list[tuple[Place, object]]] = defaultdict(list)
    for number in syncs:
        for index, source, attempt in _list_attempts(records[number]):
            runs[source].append(((number, index), attempt.get("outcome")))
    staying = set()
    for attempts in runs.values():
        for position, (place, outcome) in enumerate(attempts):
            neighbours = [attempts[other][1] for other in (position - 1, position + 1) if 0 <= other < len(attempts)]
            if len(neighbours) < 2 or any(neighbour != outcome for neighbour in neighbours):
                staying.add(place)
    return staying


def _find_last_places(records: Sequence[dict[str, object]], syncs: Sequence[int]) -> set[Place]:
    last: dict[str, Place] = {}
    for number in syncs:
        last |= {source: (number, index) for index, source, _ in _list_attempts(records[number])}
    return set(last.values())


def _is_sync(record: Mapping[str, object]) -> bool:
    attempts = record.get("sources")
    return isinstance(attempts, list) and all(
        isinstance(attempt, dict) and isinstance(attempt.get("id"), str) for attempt in attempts
    )


def _list_attempts(record: Mapping[str, object]) -> Iterator[tuple[int, str, dict[str, object]]]:
    attempts = record.get("sources")
    for index, attempt in enumerate(attempts if isinstance(attempts, list) else []):
        yield index, attempt["id"], attempt


def _find_moment(record: Mapping[str, object]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(record.get("at"))).replace(tzinfo=None)
    except ValueError:
        return None
