"""Faults to inject: refusals, lost and slow answers, and edits between two requests.

google.faults.add_fault("sheets.spreadsheets.get", faults.respond_with_status(502, "<html>…"), times=2)
google.faults.add_fault("sheets.spreadsheets.get", faults.run_before(edit), skip=1)   # at the second read
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.google_stand_in.discovery import Json
from tests.google_stand_in.errors import RefusalError

BAD_GATEWAY = (
    "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error 502 (Server Error)!!1</title>\n"
    "<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and could not "
    "complete your request."
)


@dataclass(frozen=True)
class Fault:
    """The fault of one call. Without `refusal` and `drop_connection` the request is carried out.

    `drip_seconds` is the time between two bytes of the answer, headers included, `hang_seconds` the time
    before its first byte.
    """

    refusal: RefusalError | None = None
    cut_after_bytes: int | None = None
    drip_seconds: float | None = None
    hang_seconds: float | None = None
    drop_connection: bool = False
    run_before: Callable[[], object] | None = None


def refuse(refusal: RefusalError) -> Fault:
    return Fault(refusal=refusal)


def respond_with_status(code: int, body: Json | str = BAD_GATEWAY, retry_after: str | None = None) -> Fault:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(refusal=RefusalError(code, body, headers))


def cut_body(byte_count: int) -> Fault:
    """Carry out the request, then close the connection after some bytes of the answer's body."""
    return Fault(cut_after_bytes=byte_count)


def drop_connection() -> Fault:
    """Close the connection before the request is carried out."""
    return Fault(drop_connection=True)


def drip_bytes(seconds: float) -> Fault:
    """Send the answer one byte at a time, `seconds` apart."""
    return Fault(drip_seconds=seconds)


def hang(seconds: float) -> Fault:
    """Delay the answer by `seconds`, or until the stand-in closes."""
    return Fault(hang_seconds=seconds)


def run_before(action: Callable[[], object]) -> Fault:
    """Run an action just before the request is carried out, such as an edit between two reads."""
    return Fault(run_before=action)


class FaultQueue:
    """The faults of future calls, by method id ("token" for the token endpoint)."""

    def __init__(self) -> None:
        self._queued: dict[str, list[Fault | None]] = {}
        self._lock = threading.Lock()

    def add_fault(self, method: str, fault: Fault, times: int = 1, skip: int = 0) -> None:
        """Add a fault to the next `times` calls of a method after `skip` calls without fault."""
        with self._lock:
            self._queued.setdefault(method, []).extend([None] * skip + [fault] * times)

    def clear(self) -> None:
        with self._lock:
            self._queued.clear()

    def pop_fault(self, method: str) -> Fault:
        """Return the fault of the current call, an empty one if there is none."""
        with self._lock:
            queue = self._queued.get(method)
            return (queue.pop(0) if queue else None) or Fault()
