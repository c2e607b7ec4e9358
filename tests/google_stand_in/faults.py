"""What goes wrong on request: refusals, lost and halting answers, and edits that come in between.

google.faults.add("sheets.spreadsheets.get", faults.status(502, "<html>…"), times=2)
google.faults.add("sheets.spreadsheets.get", faults.before(edit), after=1)   # at the second read
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
    """One call's trouble. Without a `refusal` it is carried out, and trouble comes with its answer.

    `cut` sends so many bytes of the body and closes; `drip` sends a byte, headers too, every so many seconds;
    `hang` waits so long first; `lost` closes before anything is carried out.
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
    """Carried out, then the connection ends after so many bytes of the answer's body."""
    return Fault(cut_after_bytes=byte_count)


def drop_connection() -> Fault:
    """The connection ends before the request is carried out."""
    return Fault(drop_connection=True)


def drip_bytes(seconds: float) -> Fault:
    """The answer comes a byte at a time."""
    return Fault(drip_seconds=seconds)


def hang(seconds: float) -> Fault:
    """The answer does not begin for so long, or until the stand-in closes."""
    return Fault(hang_seconds=seconds)


def run_before(action: Callable[[], object]) -> Fault:
    """Something happens just before the request is carried out: an edit between two reads."""
    return Fault(run_before=action)


class FaultQueue:
    """The trouble still to come, by method id ("token" for the token endpoint)."""

    def __init__(self) -> None:
        self._queued: dict[str, list[Fault | None]] = {}
        self._lock = threading.Lock()

    def add_fault(self, method: str, fault: Fault, times: int = 1, skip: int = 0) -> None:
        """Lets the next `times` calls of a method fail, once `after` more have passed unharmed."""
        with self._lock:
            self._queued.setdefault(method, []).extend([None] * skip + [fault] * times)

    def clear(self) -> None:
        with self._lock:
            self._queued.clear()

    def pop_fault(self, method: str) -> Fault:
        """The trouble of the call that is being made."""
        with self._lock:
            waiting = self._queued.get(method)
            return (waiting.pop(0) if waiting else None) or Fault()
