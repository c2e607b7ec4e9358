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

from kpis.feedback.google.priority import order_pending
from kpis.feedback.google.records import FeedbackRecord
from kpis.language import clock
from kpis.sheet.model import Source
from kpis.sources.google.client import CELL_FIELDS, GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.poll import READS_PER_FEEDBACK, GooglePass, compute_read_budget, get_last_night
from kpis.sources.google.rate_limiter import RateLimiter

PROVINCES, COMMUNES = 34, 3_321
SECONDS_PER_READ, SECONDS_PER_LISTING, SECONDS_PER_WRITE = 0.7, 0.5, 0.7
INTERVAL = timedelta(minutes=5)
EDITED_SHARE, EDITS_PER_SHEET = 0.3, 3
"""Share of the sheets that people edit on a working day, and how often each, from 07:30 to 17:30."""
SIMULATION_START = clock.to_utc(datetime(2026, 11, 20, 18, tzinfo=clock.TIME_ZONE))
DAY_START = SIMULATION_START + timedelta(hours=12)  # 06:00 the next morning


class SimulatedGoogle(GoogleClient):
    """Sheets that change at moments given beforehand; each answer takes time on the simulated clock `now`."""

    def __init__(self, files: Sequence[str]) -> None:
        self.edits: dict[str, list[datetime]] = {
            file: [SIMULATION_START - timedelta(days=30)] for file in files
        }
        self.written_at: dict[str, datetime] = {}
        self.read_at: dict[str, list[datetime]] = {file: [] for file in files}
        self.now = SIMULATION_START
        self.listings = self.reads = self.writes = 0
        self._reads, self._writes = self._build_limiter(), self._build_limiter()

    def list_modified(self) -> dict[str, str]:
        pages = -(-len(self.edits) // 1000)
        self.listings += pages
        self._wait(pages * SECONDS_PER_LISTING)
        return {
            file: max(
                self.get_last_edit(file), self.written_at.get(file, SIMULATION_START - timedelta(days=30))
            ).isoformat()
            for file in self.edits
        }

    def get_last_edit(self, file: str) -> datetime:
        """When people last edited a sheet."""
        return max(edit for edit in self.edits[file] if edit <= self.now)

    def spreadsheet(self, file: str, ranges: Sequence[str] = (), fields: str = CELL_FIELDS) -> Json:
        del ranges, fields
        self._reads.acquire()
        self.reads += 1
        self.read_at[file].append(self.now)
        self._wait(SECONDS_PER_READ)
        grid = {"sheetId": 0, "title": "Tiến độ", "gridProperties": {"rowCount": 1000, "columnCount": 8}}
        return {"sheets": [{"properties": grid, "data": [{}]}]}

    def write(self, file: str) -> None:
        """Our own write of verdicts."""
        self._writes.acquire()
        self.writes += 1
        self._wait(SECONDS_PER_WRITE)
        self.written_at[file] = self.now

    @contextmanager
    def one_deadline(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass

    def _build_limiter(self) -> RateLimiter:
        return RateLimiter(clock=lambda: (self.now - SIMULATION_START).total_seconds(), sleep=self._wait)

    def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class PassCost:
    """What one pass cost: pages listed, sheets read, writes, time."""

    listings: int
    reads: int
    writes: int
    time: timedelta


class PollingSimulation:
    """Pass after pass over so many sheets, which are answered in or not.

    `taken` says of each sheet when its passes read it, `answered` up to when its rows had been read whose
    verdicts were then written, and when that was.
    """

    def __init__(self, sheet_count: int, folder: Path, *, with_feedback: bool = False) -> None:
        files = [f"1{at:043}" for at in range(sheet_count)]
        self.google = SimulatedGoogle(files)
        self.read_times: dict[str, list[datetime]] = defaultdict(list)
        self.feedback_times: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._with_feedback = with_feedback
        self._sources = [Source(file, str(at % PROVINCES), "google", file) for at, file in enumerate(files)]
        self._plan_by_source = {source.id: source.plan for source in self._sources}
        self._known_locations: dict[str, str] = {}
        self._state_file = folder / f"{sheet_count}-{with_feedback}-google.json"
        self._feedback_states = {file: FeedbackRecord("", pending=None) for file in files}
        self._plan_changed_at: dict[str, datetime] = {}
        self._displayed: dict[str, tuple[datetime, datetime, datetime]] = {}

    def run(self, budget: int | None = None) -> PassCost:
        """One pass; what was read is kept, and answered where it differs."""
        google = self.google
        before = google.listings, google.reads, google.writes, google.now
        read: list[str] = []
        with GooglePass(
            google,
            self._state_file,
            google.now,
            stored_locations=self._known_locations,
            read_budget=budget,
            with_feedback=self._with_feedback,
        ) as one:
            one.begin(self._sources)
            # Only what the pass would read: asking it for the others costs nothing at Google.
            for source in [source for source in self._sources if source.id in one.reasons]:
                with suppress(GoogleError):  # its first read has to wait
                    if one.read(source) is not None:
                        one.confirm_read(source)
                        read.append(source.id)
                        self.read_times[source.id].append(google.read_at[source.id][-1])
            self._known_locations |= {file: file for file in read}
            if self._with_feedback:
                self._update_feedback_states(read)
                self._write_feedback(one)
        return PassCost(
            google.listings - before[0],
            google.reads - before[1],
            google.writes - before[2],
            google.now - before[3],
        )

    def edit_sheets(self, count: int, rng: random.Random) -> None:
        """Lets people edit so many sheets now."""
        for file in rng.sample(sorted(self.google.edits), count):
            self.google.edits[file].append(self.google.now)

    def _update_feedback_states(self, read: Sequence[str]) -> None:
        """What was read says which verdicts differ: those of rows typed since, or running totals alone."""
        for file in read:
            plan, edit = self._plan_by_source[file], self._get_read_edit(file)
            self._plan_changed_at[plan] = max(edit, self._plan_changed_at.get(plan, edit))
        for file in read:
            shown = self._displayed.get(file)
            one = self._feedback_states[file]
            waits = replace(one, pending=one.pending or "totals", since=one.since or self.google.now)
            if shown is None or shown[0] != self._get_read_edit(file):
                one = replace(waits, pending="rows")
            elif shown[1] != self._plan_changed_at[self._plan_by_source[file]] and shown[2] < get_last_night(
                self.google.now
            ):
                one = waits
            self._feedback_states[file] = one

    def _write_feedback(self, google_pass: GooglePass) -> None:
        google, left = self.google, google_pass.count_remaining_reads()
        sources = {source.id: source for source in self._sources}
        for file in order_pending(sources, self._feedback_states, google.now, is_manual=False):
            if left is not None and left < READS_PER_FEEDBACK:
                return
            recorded = self._get_read_edit(file)
            google.spreadsheet(file)
            google.write(file)
            modified = google_pass.fetch_modified_time(sources[file])
            google.spreadsheet(file)
            left = None if left is None else left - READS_PER_FEEDBACK
            google_pass.record_write(
                sources[file], modified if google.get_last_edit(file) == recorded else None
            )
            self._displayed[file] = recorded, self._plan_changed_at[self._plan_by_source[file]], google.now
            self._feedback_states[file] = self._feedback_states[file].with_nothing_pending()
            self.feedback_times[file].append((self.read_times[file][-1], google.now))

    def _get_read_edit(self, file: str) -> datetime:
        """The last edit of a sheet that a pass has read."""
        return max(edit for edit in self.google.edits[file] if edit <= self.read_times[file][-1])


def measure_passes(sheet_count: int, folder: Path, *, with_feedback: bool = False) -> dict[str, PassCost]:
    """The cost of each kind of pass over `number` sheets."""
    polling, chance = (
        PollingSimulation(sheet_count, folder, with_feedback=with_feedback),
        random.Random(sheet_count),
    )
    costs = {"first": polling.run(), "the next": polling.run(), "nothing changed": polling.run()}
    for share in (0.01, 0.1):
        changed = max(1, round(sheet_count * share))
        polling.edit_sheets(changed, chance)
        costs[f"{changed} changed"] = polling.run()
        costs[f"after {changed} changed"] = polling.run()
    polling.google.now = max(DAY_START, polling.google.now)
    costs["nightly"] = polling.run()
    return costs


@dataclass(frozen=True)
class DaySimulation:
    """A working day: how long each edit waits until it is read, and until its verdict stands.

    `night` is how long the night's reads and running totals take from 02:00 on, `most` the reads of the
    pass that made most.
    """

    read_waits: list[timedelta]
    feedback_waits: list[timedelta]
    nightly_time: timedelta
    max_reads: int


def simulate_day(sheet_count: int, folder: Path, *, with_feedback: bool = False) -> DaySimulation:
    """A pass every five minutes from midnight on; on the day before, people edited as many sheets."""
    polling, chance = (
        PollingSimulation(sheet_count, folder, with_feedback=with_feedback),
        random.Random(sheet_count),
    )
    google, most, night = polling.google, 0, timedelta()
    polling.run()
    google.now = max(google.now, DAY_START - timedelta(hours=6))
    polling.edit_sheets(round(sheet_count * EDITED_SHARE), chance)
    edited = chance.sample(sorted(google.edits), round(sheet_count * EDITED_SHARE))
    for file in edited:
        moments = [DAY_START + timedelta(hours=chance.uniform(1.5, 11.5)) for _ in range(EDITS_PER_SHEET)]
        google.edits[file] += sorted(moments)
    while google.now < DAY_START + timedelta(hours=14):
        began = google.now
        cost = polling.run(compute_read_budget(INTERVAL))
        most = max(most, cost.reads)
        if cost.reads and DAY_START - timedelta(hours=4) <= began < DAY_START + timedelta(hours=1.5):
            night = google.now - (DAY_START - timedelta(hours=4))
        google.now = max(google.now, began + INTERVAL)
    typed = [(file, edit) for file in edited for edit in google.edits[file] if edit > DAY_START]
    return DaySimulation(
        [min(read for read in polling.read_times[file] if read >= edit) - edit for file, edit in typed],
        [
            min(at for read, at in polling.feedback_times[file] if read >= edit) - edit
            for file, edit in typed
            if with_feedback
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
            for name, cost in measure_passes(number, Path(folder), with_feedback=answers).items():
                counts = (
                    f"{cost.listings:,} | {cost.reads:,} | {cost.writes:,} | {_format_duration(cost.time)}"
                )
                print(f"| {number:,} | {_format_yes_no(answers)} | {name} | {counts} |")
        print("\n| sheets | answered | edits in a day | until | median wait | 95 % wait at most | longest |")
        print("|---|---|---|---|---|---|---|")
        nights = []
        for number, answers in kinds:
            print(f"simulating a day of {number:,} sheets", file=sys.stderr)
            found = simulate_day(number, Path(folder), with_feedback=answers)
            nights.append((number, answers, found))
            for until, waits in (("read", found.read_waits), ("answered", found.feedback_waits)):
                if waited := sorted(waits):
                    shown = [statistics.median_low(waited), waited[int(len(waited) * 0.95)], waited[-1]]
                    begin = f"| {number:,} | {_format_yes_no(answers)} | {len(waited):,} | {until} | "
                    print(begin + " | ".join(map(_format_duration, shown)) + " |")
        print("\n| sheets | answered | the night's work | most reads in a pass |\n|---|---|---|---|")
        for number, answers, found in nights:
            print(
                f"| {number:,} | {_format_yes_no(answers)} | {_format_duration(found.nightly_time)} | {found.max_reads} |"
            )


def _format_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _format_duration(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    if minutes >= 120:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    main()
