"""How long a pass over Google Sheets takes within Google's quota: simulated, on a clock of its own.

    python -m bench.google_quota        34 provinces, then 3,321 communes

The product's own limiter, polling and state run; only Google is replaced, by something that lists and answers
as fast as it is told to. What it printed is in docs/decisions/google-transport.md.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kpis.language import clock
from kpis.sheets.google.client import CELLS, GoogleClient, Json
from kpis.sheets.google.limiter import Limiter
from kpis.sheets.google.poll import GooglePass, budget_of
from kpis.sheets.model import Source

PROVINCES, COMMUNES = 34, 3_321
SECONDS_PER_READ, SECONDS_PER_LISTING = 0.7, 0.5
INTERVAL = timedelta(minutes=5)
EDITED, EDITS = 0.3, 3
"""Share of the sheets that people edit on a working day, and how often each, from 07:30 to 17:30."""
START = clock.utc(datetime(2026, 11, 20, 18, tzinfo=clock.TIME_ZONE))
DAY_START = START + timedelta(hours=12)  # 06:00 the next morning


class SimulatedGoogle(GoogleClient):
    """Sheets that change at moments given beforehand; each answer takes time on the simulated clock `now`."""

    def __init__(self, files: Sequence[str]) -> None:
        self.edits: dict[str, list[datetime]] = {file: [START - timedelta(days=30)] for file in files}
        self.read_at: dict[str, list[datetime]] = {file: [] for file in files}
        self.now = START
        self.listings = self.reads = 0
        self._limiter = Limiter(clock=lambda: (self.now - START).total_seconds(), sleep=self._wait)

    def list_modified(self) -> dict[str, str]:
        pages = -(-len(self.edits) // 1000)
        self.listings += pages
        self._wait(pages * SECONDS_PER_LISTING)
        return {
            file: max(edit for edit in edits if edit <= self.now).isoformat()
            for file, edits in self.edits.items()
        }

    def spreadsheet(self, file: str, ranges: Sequence[str] = (), fields: str = CELLS) -> Json:
        del ranges, fields
        self._limiter.turn()
        self.reads += 1
        self.read_at[file].append(self.now)
        self._wait(SECONDS_PER_READ)
        grid = {"sheetId": 0, "title": "Tiến độ", "gridProperties": {"rowCount": 1000, "columnCount": 8}}
        return {"sheets": [{"properties": grid, "data": [{}]}]}

    @contextmanager
    def one_deadline(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass

    def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Cost:
    """What one pass cost: pages listed, sheets read, time."""

    listings: int
    reads: int
    time: timedelta


class Polling:
    """Pass after pass over so many sheets."""

    def __init__(self, number: int, folder: Path) -> None:
        files = [f"1{at:043}" for at in range(number)]
        self.google = SimulatedGoogle(files)
        self._sources = [Source(file, "ha-noi", "google", file) for file in files]
        self._known: dict[str, str] = {}
        self._state = folder / f"{number}-google.json"

    def run(self, budget: int | None = None) -> Cost:
        """One pass; what was read is kept."""
        google, known = self.google, self._known
        before = google.listings, google.reads, google.now
        with GooglePass(google, self._state, google.now, known=known, budget=budget) as one:
            one.begin(self._sources)
            # Only what the pass would read: asking it for the others costs nothing at Google.
            for source in self._sources:
                waits = budget is not None and source.id not in known
                if source.id in one.reasons and not waits and one.read(source) is not None:
                    one.keep(source)
                    known[source.id] = source.location
        return Cost(google.listings - before[0], google.reads - before[1], google.now - before[2])

    def edit(self, number: int, chance: random.Random) -> None:
        """Lets people edit so many sheets now."""
        for file in chance.sample(sorted(self.google.edits), number):
            self.google.edits[file].append(self.google.now)


def passes(number: int, folder: Path) -> dict[str, Cost]:
    """The cost of each kind of pass over `number` sheets."""
    polling, chance = Polling(number, folder), random.Random(number)
    costs = {"first": polling.run(), "nothing changed": polling.run()}
    for share in (0.01, 0.1):
        changed = max(1, round(number * share))
        polling.edit(changed, chance)
        costs[f"{changed} changed"] = polling.run()
    polling.google.now = DAY_START
    costs["nightly"] = polling.run()
    return costs


def waits(number: int, folder: Path) -> list[timedelta]:
    """How long each edit of a working day waits until it is read, with a pass every five minutes."""
    polling, chance = Polling(number, folder), random.Random(number)
    polling.run()
    google = polling.google
    google.now = DAY_START - timedelta(hours=4)  # 02:00: the night's reads come on top
    edited = chance.sample(sorted(google.edits), round(number * EDITED))
    for file in edited:
        moments = [DAY_START + timedelta(hours=chance.uniform(1.5, 11.5)) for _ in range(EDITS)]
        google.edits[file] += sorted(moments)
    while google.now < DAY_START + timedelta(hours=13):
        began = google.now
        polling.run(budget_of(INTERVAL))
        google.now = max(google.now, began + INTERVAL)
    return [
        min(read for read in google.read_at[file] if read >= edit) - edit
        for file in edited
        for edit in google.edits[file][1:]
    ]


def main() -> None:
    """Prints, for the provinces and for the communes, what each pass costs and how long an edit waits."""
    with tempfile.TemporaryDirectory() as folder:
        print("| sheets | pass | listings | reads | time |\n|---|---|---|---|---|")
        for number in (PROVINCES, COMMUNES):
            for name, cost in passes(number, Path(folder)).items():
                print(f"| {number:,} | {name} | {cost.listings} | {cost.reads:,} | {_shown(cost.time)} |")
        print(
            "\n| sheets | edits in a day | median wait | 95 % wait at most | longest |\n|---|---|---|---|---|"
        )
        for number in (PROVINCES, COMMUNES):
            print(f"simulating a day of {number:,} sheets", file=sys.stderr)
            waited = sorted(waits(number, Path(folder)))
            shown = [statistics.median_low(waited), waited[int(len(waited) * 0.95)], waited[-1]]
            print(f"| {number:,} | {len(waited):,} | " + " | ".join(map(_shown, shown)) + " |")


def _shown(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    main()
