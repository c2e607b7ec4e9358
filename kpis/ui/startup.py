"""Which database is shown, and the made-up year when nothing is configured."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kpis.language import clock
from kpis.store import versions
from kpis.store.database import Database
from kpis.ui import data


@dataclass(frozen=True)
class Opened:
    """An open version, and the moment at which it is looked at (naive UTC).

    `number` is the version that the pointer names: above the open one's where that one would not open.
    """

    pointer: Path
    number: int
    database: Database
    now: datetime
    sample: bool

    @property
    def today(self) -> date:
        """The Vietnamese day of `now`."""
        return clock.today(self.now)


def database() -> Opened | None:
    """The database that the settings name; None before the first sync."""
    pointer = Path(os.environ["KPIS_DATABASE"])
    number = versions.current(pointer)
    db = None if number is None else data.database(pointer, number)
    if number is None or db is None:
        return None
    sample = db.meta.get("sample") == "true"
    now = datetime.fromisoformat(db.meta["published_at"]) if sample else clock.utc_now()
    return Opened(pointer, number, db, now, sample)
