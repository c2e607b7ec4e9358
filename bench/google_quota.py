"""How long a pass over Google Sheets takes within Google's quota: simulated, on a clock of its own.

    python -m bench.google_quota        34 provinces, then 3,321 communes; read alone, then answered in too

The product's own limiter, polling, state and turns of answers run; only Google is replaced, by something
that lists, answers and takes writes as fast as it is told to. Each province has a plan, which its communes
share: an edit changes the running totals in all sheets of its plan. What it printed is in
docs/decisions/google-transport.md.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from kpis.feedback.google.memory import Answered
from kpis.feedback.google.turns import in_turn
from kpis.language import clock
from kpis.sheet.model import Source
from kpis.sources.google.client import CELLS, GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.limiter import Limiter
from kpis.sources.google.poll import ANSWER, GooglePass, budget_of, last_night

PROVINCES, COMMUNES = 34, 3_321
SECONDS_PER_READ, SECONDS_PER_LISTING, SECONDS_PER_WRITE = 0.7, 0.5, 0.7
INTERVAL = timedelta(minutes=5)
EDITED, EDITS = 0.3, 3
"""Share of the sheets that people edit on a working day, and how often each, from 07:30 to 17:30."""
START = clock.utc(datetime(2026, 11, 20, 18, tzinfo=clock.TIME_ZONE))
DAY_START = START + timedelta(hours=12)  # 06:00 the next morning


class SimulatedGoogle(GoogleClient):
    """Sheets that change at moments given beforehand; each answer takes time on the simulated clock `now`."""

    def __init__(self, files: Sequence[str]) -> None:
        self.edits: dict[str, list[datetime]] = {file: [START - timedelta(days=30)] for file in files}
        self.written: dict[str, datetime] = {}
        self.read_at: dict[str, list[datetime]] = {file: [] for file in files}
        self.now = START
        self.listings = self.reads = self.writes = 0
        self._reads, self._writes = self._limiter(), self._limiter()

    def list_modified(self) -> dict[str, str]:
        pages = -(-len(self.edits) // 1000)
        self.listings += pages
        self._wait(pages * SECONDS_PER_LISTING)
        return {
            file: max(self.edited(file), self.written.get(file, START - timedelta(days=30))).isoformat()
            for file in self.edits
        }

    def edited(self, file: str) -> datetime:
        """When people last edited a sheet."""
        return max(edit for edit in self.edits[file] if edit <= self.now)

    def spreadsheet(self, file: str, ranges: Sequence[str] = (), fields: str = CELLS) -> Json:
        del ranges, fields
        self._reads.turn()
        self.reads += 1
        self.read_at[file].append(self.now)
        self._wait(SECONDS_PER_READ)
        grid = {"sheetId": 0, "title": "Tiến độ", "gridProperties": {"rowCount": 1000, "columnCount": 8}}
        return {"sheets": [{"properties": grid, "data": [{}]}]}

    def write(self, file: str) -> None:
        """Our own write of verdicts."""
        self._writes.turn()
        self.writes += 1
        self._wait(SECONDS_PER_WRITE)
        self.written[file] = self.now

    @contextmanager
    def one_deadline(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass

    def _limiter(self) -> Limiter:
        return Limiter(clock=lambda: (self.now - START).total_seconds(), sleep=self._wait)

    def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Cost:
    """What one pass cost: pages listed, sheets read, writes, time."""

    listings: int
    reads: int
    writes: int
    time: timedelta


class Polling:
    """Pass after pass over so many sheets, which are answered in or not.

    `taken` says of each sheet when its passes read it, `answered` up to when its rows had been read whose
    verdicts were then written, and when that was.
    """

    def __init__(self, number: int, folder: Path, *, answers: bool = False) -> None:
        files = [f"1{at:043}" for at in range(number)]
        self.google = SimulatedGoogle(files)
        self.taken: dict[str, list[datetime]] = defaultdict(list)
        self.answered: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._answers = answers
        self._sources = [Source(file, str(at % PROVINCES), "google", file) for at, file in enumerate(files)]
        self._plan = {source.id: source.plan for source in self._sources}
        self._known: dict[str, str] = {}
        self._state = folder / f"{number}-{answers}-google.json"
        self._memory = {file: Answered("", owed=None) for file in files}
        self._figures: dict[str, datetime] = {}
        self._shown: dict[str, tuple[datetime, datetime, datetime]] = {}

    def run(self, budget: int | None = None) -> Cost:
        """One pass; what was read is kept, and answered where it differs."""
        google = self.google
        before = google.listings, google.reads, google.writes, google.now
        read: list[str] = []
        with GooglePass(
            google, self._state, google.now, known=self._known, budget=budget, answers=self._answers
        ) as one:
            one.begin(self._sources)
            # Only what the pass would read: asking it for the others costs nothing at Google.
            for source in [source for source in self._sources if source.id in one.reasons]:
                with suppress(GoogleError):  # its first read has to wait
                    if one.read(source) is not None:
                        one.keep(source)
                        read.append(source.id)
                        self.taken[source.id].append(google.read_at[source.id][-1])
            self._known |= {file: file for file in read}
            if self._answers:
                self._compare(read)
                self._answer(one)
        return Cost(
            google.listings - before[0],
            google.reads - before[1],
            google.writes - before[2],
            google.now - before[3],
        )

    def edit(self, number: int, chance: random.Random) -> None:
        """Lets people edit so many sheets now."""
        for file in chance.sample(sorted(self.google.edits), number):
            self.google.edits[file].append(self.google.now)

    def _compare(self, read: Sequence[str]) -> None:
        """What was read says which verdicts differ: those of rows typed since, or running totals alone."""
        for file in read:
            plan, edit = self._plan[file], self._recorded(file)
            self._figures[plan] = max(edit, self._figures.get(plan, edit))
        for file in read:
            shown = self._shown.get(file)
            one = self._memory[file]
            waits = replace(one, owed=one.owed or "totals", since=one.since or self.google.now)
            if shown is None or shown[0] != self._recorded(file):
                one = replace(waits, owed="rows")
            elif shown[1] != self._figures[self._plan[file]] and shown[2] < last_night(self.google.now):
                one = waits
            self._memory[file] = one

    def _answer(self, one: GooglePass) -> None:
        google, left = self.google, one.left()
        sources = {source.id: source for source in self._sources}
        for file in in_turn(sources, self._memory, google.now, by_hand=False):
            if left is not None and left < ANSWER:
                return
            recorded = self._recorded(file)
            google.spreadsheet(file)
            google.write(file)
            modified = one.modified(sources[file])
            google.spreadsheet(file)
            left = None if left is None else left - ANSWER
            one.wrote(sources[file], modified if google.edited(file) == recorded else None)
            self._shown[file] = recorded, self._figures[self._plan[file]], google.now
            self._memory[file] = self._memory[file].settled()
            self.answered[file].append((self.taken[file][-1], google.now))

    def _recorded(self, file: str) -> datetime:
        """The last edit of a sheet that a pass has read."""
        return max(edit for edit in self.google.edits[file] if edit <= self.taken[file][-1])


def passes(number: int, folder: Path, *, answers: bool = False) -> dict[str, Cost]:
    """The cost of each kind of pass over `number` sheets."""
    polling, chance = Polling(number, folder, answers=answers), random.Random(number)
    costs = {"first": polling.run(), "the next": polling.run(), "nothing changed": polling.run()}
    for share in (0.01, 0.1):
        changed = max(1, round(number * share))
        polling.edit(changed, chance)
        costs[f"{changed} changed"] = polling.run()
        costs[f"after {changed} changed"] = polling.run()
    polling.google.now = max(DAY_START, polling.google.now)
    costs["nightly"] = polling.run()
    return costs


@dataclass(frozen=True)
class Day:
    """A working day: how long each edit waits until it is read, and until its verdict stands.

    `night` is how long the night's reads and running totals take from 02:00 on, `most` the reads of the
    pass that made most.
    """

    read: list[timedelta]
    answered: list[timedelta]
    night: timedelta
    most: int


def day(number: int, folder: Path, *, answers: bool = False) -> Day:
    """A pass every five minutes from midnight on; on the day before, people edited as many sheets."""
    polling, chance = Polling(number, folder, answers=answers), random.Random(number)
    google, most, night = polling.google, 0, timedelta()
    polling.run()
    google.now = max(google.now, DAY_START - timedelta(hours=6))
    polling.edit(round(number * EDITED), chance)
    edited = chance.sample(sorted(google.edits), round(number * EDITED))
    for file in edited:
        moments = [DAY_START + timedelta(hours=chance.uniform(1.5, 11.5)) for _ in range(EDITS)]
        google.edits[file] += sorted(moments)
    while google.now < DAY_START + timedelta(hours=14):
        began = google.now
        cost = polling.run(budget_of(INTERVAL))
        most = max(most, cost.reads)
        if cost.reads and DAY_START - timedelta(hours=4) <= began < DAY_START + timedelta(hours=1.5):
            night = google.now - (DAY_START - timedelta(hours=4))
        google.now = max(google.now, began + INTERVAL)
    typed = [(file, edit) for file in edited for edit in google.edits[file] if edit > DAY_START]
    return Day(
        [min(read for read in polling.taken[file] if read >= edit) - edit for file, edit in typed],
        [
            min(at for read, at in polling.answered[file] if read >= edit) - edit
            for file, edit in typed
            if answers
        ],
        night,
        most,
    )


def main() -> None:
    """Prints, for the provinces and for the communes, what each pass costs and how long an edit waits."""
    kinds = [(number, answers) for answers in (False, True) for number in (PROVINCES, COMMUNES)]
    with tempfile.TemporaryDirectory() as folder:
        print(
            "| sheets | answered | pass | listings | reads | writes | time |\n|---|---|---|---|---|---|---|"
        )
        for number, answers in kinds:
            for name, cost in passes(number, Path(folder), answers=answers).items():
                counts = f"{cost.listings:,} | {cost.reads:,} | {cost.writes:,} | {_shown(cost.time)}"
                print(f"| {number:,} | {_yes(answers)} | {name} | {counts} |")
        print("\n| sheets | answered | edits in a day | until | median wait | 95 % wait at most | longest |")
        print("|---|---|---|---|---|---|---|")
        nights = []
        for number, answers in kinds:
            print(f"simulating a day of {number:,} sheets", file=sys.stderr)
            found = day(number, Path(folder), answers=answers)
            nights.append((number, answers, found))
            for until, waits in (("read", found.read), ("answered", found.answered)):
                if waited := sorted(waits):
                    shown = [statistics.median_low(waited), waited[int(len(waited) * 0.95)], waited[-1]]
                    begin = f"| {number:,} | {_yes(answers)} | {len(waited):,} | {until} | "
                    print(begin + " | ".join(map(_shown, shown)) + " |")
        print("\n| sheets | answered | the night's work | most reads in a pass |\n|---|---|---|---|")
        for number, answers, found in nights:
            print(f"| {number:,} | {_yes(answers)} | {_shown(found.night)} | {found.most} |")


def _yes(answers: bool) -> str:
    return "yes" if answers else "no"


def _shown(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    if minutes >= 120:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    main()
