"""What was sent: `<stem>-reminders.jsonl` beside the database, written before and after each message.

With a lake the lines are in PostgreSQL, where one machine sends at a time, and the file is what was brought here.
The same content is not sent twice to an address in a week. A run that was killed between the two lines leaves a
message of which nobody knows whether it went out: it is named, and not repeated that week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from kpis.errors import StoreError
from kpis.reminders.messages import Reminder
from kpis.store import journal
from kpis.store.lake.address import LakeAddress
from kpis.store.lock import wait_for_lock
from kpis.store.paths import DatabasePaths

QUIET = timedelta(days=7)
_LOCK_SECONDS = 600.0

Standing = Literal["sent", "unsure"]
SendState = Literal["sending", "sent", "failed"]
_AddRecord = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True)
class SendingTurn:
    """The turn of the one run that sends, on this machine or of all machines of a lake."""

    _add: _AddRecord
    may_send: Callable[[], bool]
    """Asked before each mail: False from the moment at which another machine may send."""

    def note(self, reminder: Reminder, state: SendState, now: datetime) -> None:
        """Add a line about a message at a moment (naive UTC); StoreError if the turn has ended."""
        self._add(_format_line(reminder, state, now))


def get_log_path(pointer: Path) -> Path:
    """Return the file of the log."""
    return DatabasePaths(pointer).reminders


@contextmanager
def hold_log(pointer: Path, lake: LakeAddress | None = None, seconds: float = _LOCK_SECONDS) -> Iterator[SendingTurn]:
    """Wait until no other run sends, on any machine of a lake: two at once send each message once.

    StoreError if that takes longer than so many seconds, or PostgreSQL does not answer.
    """
    with _hold_file(pointer, seconds) if lake is None else _hold_lake(pointer, lake, seconds) as turn:
        if turn is None:
            raise StoreError("Another run is sending reminders. Try again when it has ended.")
        yield turn


@contextmanager
def _hold_file(pointer: Path, seconds: float) -> Iterator[SendingTurn | None]:
    path = get_log_path(pointer)
    with wait_for_lock(path.with_suffix(".lock"), seconds, pause=0.2) as is_acquired:
        yield SendingTurn(lambda record: journal.append(path, record), lambda: True) if is_acquired else None


@contextmanager
def _hold_lake(pointer: Path, lake: LakeAddress, seconds: float) -> Iterator[SendingTurn | None]:
    # What a lake needs is slow to import, and many installations have none.
    from kpis.store.lake.shared_log import SharedLog

    with SharedLog(lake, DatabasePaths(pointer), "reminders").hold(seconds) as turn:
        yield None if turn is None else SendingTurn(lambda record: turn.add(journal.to_line(record)), turn.is_held)


def find_standings(pointer: Path, now: datetime) -> dict[tuple[str, str], Standing]:
    """Return (address, digest) -> whether it went out in the week before `now` (naive UTC)."""
    standings: dict[tuple[str, str], Standing] = {}
    for record in journal.read(get_log_path(pointer)):
        try:
            at = datetime.fromisoformat(str(record["at"]))
            key = str(record["to"]), str(record["digest"])
        except (KeyError, ValueError):
            continue
        if at <= now - QUIET:
            continue
        match record.get("state"):
            case "sending":
                standings.setdefault(key, "unsure")
            case "sent":
                standings[key] = "sent"
            case "failed":
                standings.pop(key, None)
    return standings


def _format_line(reminder: Reminder, state: SendState, now: datetime) -> dict[str, object]:
    at = now.isoformat(timespec="seconds")
    return {"at": at, "to": reminder.email, "digest": reminder.digest, "state": state}
