"""Simulate how long a pass over many Google Sheets takes within Google's quota, on a simulated clock.

    python -m bench.google_quota        34 provinces, then 3,321 communes; without feedback, then with it

The product's own limiter, polling, state and order of feedback run; only Google is replaced, by a client
with fixed response times. Each province has a plan, which its communes share: an edit changes the running
totals in all sheets of its plan. Results: docs/decisions/google-transport.md.
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
from kpis.sources.google.poll import GooglePass
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.sources.google.read_schedule import READS_PER_FEEDBACK, compute_read_budget, get_last_night

PROVINCES, COMMUNES = 34, 3_321
SECONDS_PER_READ, SECONDS_PER_LISTING, SECONDS_PER_WRITE = 0.7, 0.5, 0.7
INTERVAL = timedelta(minutes=5)
EDITED_SHARE, EDITS_PER_SHEET = 0.3, 3
"""Share of the sheets that people edit on a working day, and how often each, from 07:30 to 17:30."""
SIMULATION_START = clock.to_utc(datetime(2026, 11, 20, 18, tzinfo=clock.TIME_ZONE))
FIRST_EDIT = SIMULATION_START - timedelta(days=30)
DAY_START = SIMULATION_START + timedelta(hours=12)  # 06:00 the next morning


class SimulatedGoogle(GoogleClient):
    """Sheets that change at planned moments; each answer takes time on the simulated clock `now`."""

    def __init__(self, files: Sequence[str]) -> None:
        self.edits: dict[str, list[datetime]] = {file: [FIRST_EDIT] for file in files}
        self.written_at: dict[str, datetime] = {}
        self.read_at: dict[str, list[datetime]] = {file: [] for file in files}
        self.now = SIMULATION_START
        self.listings = self.reads = self.writes = 0
        self._reads, self._writes = self._build_limiter(), self._build_limiter()

    def list_modified_times(self) -> dict[str, str]:
        pages = -(-len(self.edits) // 1000)
        self.listings += pages
        self._wait(pages * SECONDS_PER_LISTING)
        return {
            file: max(self.get_last_edit(file), self.written_at.get(file, FIRST_EDIT)).isoformat()
            for file in self.edits
        }

    def get_last_edit(self, file: str) -> datetime:
        """Return when people last edited a sheet."""
        return max(edit for edit in self.edits[file] if edit <= self.now)

    def get_spreadsheet(self, file_id: str, ranges: Sequence[str] = (), fields: str = CELL_FIELDS) -> Json:
        del ranges, fields
        self._reads.acquire()
        self.reads += 1
        self.read_at[file_id].append(self.now)
        self._wait(SECONDS_PER_READ)
        grid = {"sheetId": 0, "title": "Tiến độ", "gridProperties": {"rowCount": 1000, "columnCount": 8}}
        return {"sheets": [{"properties": grid, "data": [{}]}]}

    def write(self, file: str) -> None:
        """Write feedback."""
        self._writes.acquire()
        self.writes += 1
        self._wait(SECONDS_PER_WRITE)
        self.written_at[file] = self.now

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass

    def _build_limiter(self) -> RateLimiter:
        return RateLimiter(clock=lambda: (self.now - SIMULATION_START).total_seconds(), sleep=self._wait)

    def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class PassCost:
    """The cost of one pass: pages listed, sheets read, writes, time."""

    listings: int
    reads: int
    writes: int
    time: timedelta


class PollingSimulation:
    """Repeated passes over a number of sheets, with or without feedback.

    `read_times` has the moments at which each sheet was read; `feedback_times` has pairs of the read that the
    feedback is based on and the moment at which it was written.
    """

    def __init__(self, sheet_count: int, folder: Path, *, with_feedback: bool = False) -> None:
        files = [f"1{index:043}" for index in range(sheet_count)]
        self.google = SimulatedGoogle(files)
        self.read_times: dict[str, list[datetime]] = defaultdict(list)
        self.feedback_times: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._with_feedback = with_feedback
        self._sources = [Source(file, str(index % PROVINCES), "google", file) for index, file in enumerate(files)]
        self._plan_by_source = {source.id: source.plan for source in self._sources}
        self._known_locations: dict[str, str] = {}
        self._state_file = folder / f"{sheet_count}-{with_feedback}-google.json"
        self._feedback_states = {file: FeedbackRecord("", pending=None) for file in files}
        self._plan_changed_at: dict[str, datetime] = {}
        self._displayed: dict[str, tuple[datetime, datetime, datetime]] = {}

    def run(self, budget: int | None = None) -> PassCost:
        """Run one pass, and write feedback where it differs if the simulation has it."""
        google = self.google
        start = google.listings, google.reads, google.writes, google.now
        read_ids: list[str] = []
        with GooglePass(
            google,
            self._state_file,
            google.now,
            stored_locations=self._known_locations,
            read_budget=budget,
            with_feedback=self._with_feedback,
        ) as google_pass:
            google_pass.begin(self._sources)
            # Sources without a reason are not read, so they cost nothing at Google.
            for source in [source for source in self._sources if source.id in google_pass.reasons]:
                with suppress(GoogleError):  # the budget does not allow its first read yet
                    if google_pass.read(source) is not None:
                        google_pass.confirm_read(source)
                        read_ids.append(source.id)
                        self.read_times[source.id].append(google.read_at[source.id][-1])
            self._known_locations |= {file: file for file in read_ids}
            if self._with_feedback:
                self._update_feedback_states(read_ids)
                self._write_feedback(google_pass)
        return PassCost(
            google.listings - start[0],
            google.reads - start[1],
            google.writes - start[2],
            google.now - start[3],
        )

    def edit_sheets(self, count: int, rng: random.Random) -> None:
        """Edit `count` random sheets now, as people would."""
        for file in rng.sample(sorted(self.google.edits), count):
            self.google.edits[file].append(self.google.now)

    def _update_feedback_states(self, read_ids: Sequence[str]) -> None:
        """Mark each sheet that was read as pending if its rows or only its running totals have changed."""
        for file in read_ids:
            plan, edit = self._plan_by_source[file], self._get_read_edit(file)
            self._plan_changed_at[plan] = max(edit, self._plan_changed_at.get(plan, edit))
        last_night = get_last_night(self.google.now)
        for file in read_ids:
            displayed = self._displayed.get(file)
            record = self._feedback_states[file]
            waiting = replace(record, pending=record.pending or "totals", since=record.since or self.google.now)
            plan_changed_at = self._plan_changed_at[self._plan_by_source[file]]
            if displayed is None or displayed[0] != self._get_read_edit(file):
                record = replace(waiting, pending="rows")
            elif displayed[1] != plan_changed_at and displayed[2] < last_night:
                record = waiting
            self._feedback_states[file] = record

    def _write_feedback(self, google_pass: GooglePass) -> None:
        google, remaining_reads = self.google, google_pass.count_remaining_reads()
        sources = {source.id: source for source in self._sources}
        for file in order_pending(sources, self._feedback_states, google.now, is_manual=False):
            if remaining_reads is not None and remaining_reads < READS_PER_FEEDBACK:
                return
            read_edit = self._get_read_edit(file)
            google.get_spreadsheet(file)
            google.write(file)
            modified_time = google_pass.fetch_modified_time(sources[file])
            google.get_spreadsheet(file)
            if remaining_reads is not None:
                remaining_reads -= READS_PER_FEEDBACK
            is_unchanged = google.get_last_edit(file) == read_edit
            google_pass.record_write(sources[file], modified_time if is_unchanged else None)
            self._displayed[file] = read_edit, self._plan_changed_at[self._plan_by_source[file]], google.now
            self._feedback_states[file] = self._feedback_states[file].with_nothing_pending()
            self.feedback_times[file].append((self.read_times[file][-1], google.now))

    def _get_read_edit(self, file: str) -> datetime:
        """Return the last edit of a sheet that a pass has read."""
        return max(edit for edit in self.google.edits[file] if edit <= self.read_times[file][-1])


def measure_passes(sheet_count: int, folder: Path, *, with_feedback: bool = False) -> dict[str, PassCost]:
    """Return the cost of each kind of pass over `sheet_count` sheets, by name."""
    simulation = PollingSimulation(sheet_count, folder, with_feedback=with_feedback)
    rng = random.Random(sheet_count)
    costs = {"first": simulation.run(), "the next": simulation.run(), "nothing changed": simulation.run()}
    for share in (0.01, 0.1):
        changed = max(1, round(sheet_count * share))
        simulation.edit_sheets(changed, rng)
        costs[f"{changed} changed"] = simulation.run()
        costs[f"after {changed} changed"] = simulation.run()
    simulation.google.now = max(DAY_START, simulation.google.now)
    costs["nightly"] = simulation.run()
    return costs


@dataclass(frozen=True)
class DaySimulation:
    """A working day: how long each edit waits until it is read, and until feedback on it is written.

    `nightly_time` is the time from 02:00 on for the nightly reads and running totals, `max_reads` the most
    reads of one pass.
    """

    read_waits: list[timedelta]
    feedback_waits: list[timedelta]
    nightly_time: timedelta
    max_reads: int


def simulate_day(sheet_count: int, folder: Path, *, with_feedback: bool = False) -> DaySimulation:
    """Simulate a pass every `INTERVAL` from midnight on, after a day with as many edited sheets."""
    simulation = PollingSimulation(sheet_count, folder, with_feedback=with_feedback)
    rng = random.Random(sheet_count)
    google, max_reads, nightly_time = simulation.google, 0, timedelta()
    simulation.run()
    google.now = max(google.now, DAY_START - timedelta(hours=6))
    edited_count = round(sheet_count * EDITED_SHARE)
    simulation.edit_sheets(edited_count, rng)
    edited = rng.sample(sorted(google.edits), edited_count)
    for file in edited:
        moments = [DAY_START + timedelta(hours=rng.uniform(1.5, 11.5)) for _ in range(EDITS_PER_SHEET)]
        google.edits[file] += sorted(moments)
    night_start = DAY_START - timedelta(hours=4)
    while google.now < DAY_START + timedelta(hours=14):
        pass_start = google.now
        cost = simulation.run(compute_read_budget(INTERVAL))
        max_reads = max(max_reads, cost.reads)
        if cost.reads and night_start <= pass_start < DAY_START + timedelta(hours=1.5):
            nightly_time = google.now - night_start
        google.now = max(google.now, pass_start + INTERVAL)
    edits = [(file, edit) for file in edited for edit in google.edits[file] if edit > DAY_START]
    return DaySimulation(
        [min(read for read in simulation.read_times[file] if read >= edit) - edit for file, edit in edits],
        [
            min(written for read, written in simulation.feedback_times[file] if read >= edit) - edit
            for file, edit in edits
            if with_feedback
        ],
        nightly_time,
        max_reads,
    )


def main() -> None:
    """Print the cost of each pass and the waits of edits, for the provinces and for the communes."""
    cases = [(count, feedback) for feedback in (False, True) for count in (PROVINCES, COMMUNES)]
    with tempfile.TemporaryDirectory() as folder:
        _print_row("sheets", "feedback", "pass", "listings", "reads", "writes", "time")
        _print_row(*["---"] * 7)
        for count, feedback in cases:
            for name, cost in measure_passes(count, Path(folder), with_feedback=feedback).items():
                counts = f"{cost.listings:,}", f"{cost.reads:,}", f"{cost.writes:,}"
                _print_row(*_format_case(count, feedback), name, *counts, _format_duration(cost.time))
        print()
        _print_row("sheets", "feedback", "edits in a day", "until", "median wait", "95 % wait at most", "longest")
        _print_row(*["---"] * 7)
        days = []
        for count, feedback in cases:
            print(f"simulating a day of {count:,} sheets", file=sys.stderr)
            day = simulate_day(count, Path(folder), with_feedback=feedback)
            days.append((count, feedback, day))
            for until, waits in (("read", day.read_waits), ("feedback", day.feedback_waits)):
                if ordered := sorted(waits):
                    values = statistics.median_low(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]
                    durations = map(_format_duration, values)
                    _print_row(*_format_case(count, feedback), f"{len(ordered):,}", until, *durations)
        print()
        _print_row("sheets", "feedback", "nightly work", "most reads in a pass")
        _print_row(*["---"] * 4)
        for count, feedback, day in days:
            nightly = _format_duration(day.nightly_time), str(day.max_reads)
            _print_row(*_format_case(count, feedback), *nightly)


def _print_row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |")


def _format_case(sheet_count: int, with_feedback: bool) -> tuple[str, str]:
    return f"{sheet_count:,}", "yes" if with_feedback else "no"


def _format_duration(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    if minutes >= 120:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    main()
