"""What was sent: `<stem>-reminders.jsonl` beside the database, written before and after each message.

The same content is not sent twice to an address in a week. A run that was killed between the two lines leaves a
message of which nobody knows whether it went out: it is named, and not repeated that week.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from kpis.errors import StoreError
from kpis.reminders.messages import Reminder
from kpis.store import journal
from kpis.store.lock import wait_for_lock
from kpis.store.paths import DatabasePaths

QUIET = timedelta(days=7)
_LOCK_SECONDS = 600.0

Standing = Literal["sent", "unsure"]


def get_log_path(pointer: Path) -> Path:
    """Return the file of the log."""
    paths = DatabasePaths(pointer)
    return paths.folder / f"{paths.stem}-reminders.jsonl"


@contextmanager
def hold_log(pointer: Path) -> Iterator[None]:
    """Wait until no other run sends: two at once send each message once. StoreError if that takes ten minutes."""
    path = get_log_path(pointer).with_suffix(".lock")
    with wait_for_lock(path, _LOCK_SECONDS, pause=0.2) as is_acquired:
        if not is_acquired:
            raise StoreError("Another run is sending reminders. Try again when it has ended.")
        yield


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


def note(pointer: Path, reminder: Reminder, state: Literal["sending", "sent", "failed"], now: datetime) -> None:
    """Add a line at `now` (naive UTC); the caller holds the log."""
    at = now.isoformat(timespec="seconds")
    journal.append(get_log_path(pointer), {"at": at, "to": reminder.email, "digest": reminder.digest, "state": state})
