"""The lines of the ledger: JSON objects, one on each line; what cannot be read is left out and counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from kpis.requests.model import EVENT_KINDS, EventKind, LedgerRequest, RequestEvent

_ID = re.compile(r"YC-(?P<scope>.+-[0-9]{4})-(?P<number>[0-9]{4,9})")
_ID_IN_DAMAGE = re.compile(rb"YC-(.+?-[0-9]{4})-([0-9]{4,9})(?![0-9-])")


@dataclass(frozen=True)
class LedgerContent:
    """What a ledger holds: requests in the order of asking, the numbers of damaged lines, the last number of each year.

    `last_numbers`: by "plan-year"; those of damaged lines count too, so that no id is given twice.
    """

    requests: Mapping[str, LedgerRequest]
    damaged_lines: tuple[int, ...]
    last_numbers: Mapping[str, int]
    last_at: datetime | None


def parse_ledger(content: bytes) -> LedgerContent:
    """Return what the bytes of a ledger hold; an incomplete last line of a run that was killed is damaged."""
    events: dict[str, list[RequestEvent]] = {}
    damaged: list[int] = []
    numbers: dict[str, int] = {}
    last_at = None
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        event = _parse_line(line)
        if event is None:
            damaged.append(number)
            for scope, text in _ID_IN_DAMAGE.findall(line):
                _count_number(numbers, scope.decode("utf-8", "replace"), int(text))
            continue
        if match := _ID.fullmatch(event.request):
            _count_number(numbers, match["scope"], int(match["number"]))
        events.setdefault(event.request, []).append(event)
        last_at = event.at if last_at is None else max(last_at, event.at)
    requests = (_build_request(group) for group in events.values())
    return LedgerContent({request.id: request for request in _drop_empty(requests)}, tuple(damaged), numbers, last_at)


def format_line(event: RequestEvent) -> bytes:
    """Return an event as a line, with its end."""
    record = {
        "event": event.kind,
        "id": event.request,
        "at": event.at.isoformat(timespec="microseconds") + "Z",
        "on": event.on.isoformat(),
        "by": event.by,
        **event.details,
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _count_number(numbers: dict[str, int], scope: str, number: int) -> None:
    numbers[scope] = max(numbers.get(scope, 0), number)


def _parse_line(line: bytes) -> RequestEvent | None:
    try:
        record: dict[str, Any] = json.loads(line)
        names = ("event", "id", "at", "on", "by")
        kind, request, at, on, by = (_require_text(record[name]) for name in names)
        details = {name: _require_text(value) for name, value in record.items() if name not in names}
        if details.get("due_on"):
            date.fromisoformat(details["due_on"])
        if kind not in EVENT_KINDS:  # of a later release
            return None
        moment = datetime.fromisoformat(at.removesuffix("Z"))
        return RequestEvent(request, cast(EventKind, kind), moment, date.fromisoformat(on), by, details)
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None


def _require_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _build_request(events: list[RequestEvent]) -> LedgerRequest | None:
    """Return the request that its events make; None if none of them asks it."""
    first = next((event for event in events if event.kind == "asked"), None)
    if first is None or not {"plan", "agency", "question"} <= first.details.keys():
        return None
    others = [event for event in events if event is not first and event.kind != "asked"]
    details = first.details
    return LedgerRequest(
        first.request, details["plan"], details.get("entry"), details["agency"], details["question"], (first, *others)
    )


def _drop_empty(requests: Iterable[LedgerRequest | None]) -> Iterable[LedgerRequest]:
    return (request for request in requests if request is not None)
