"""How long the publication of a one-row change takes, by the number of entries that stay as they are.

Each size is a copy of its database, to which one version after the other is published, in turns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench import databases, nation
from bench.results import BenchLine
from bench.timing import Spread, take_turns
from kpis.measures.publish import publish_totals
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, Entry
from kpis.store import versions
from kpis.store.files import copy_file
from kpis.store.paths import DatabasePaths
from kpis.store.version_store import CurrentVersion, FileStore, VersionStore
from kpis.sync.draft_version import DraftVersion
from kpis.sync.history import SourceDifference, TableDifference

PLAN = "ha-noi"

_BASELINE_SIZE = "sample"
_MAX_RATIO = 5
_TURNS = 7


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 21 at the larger sizes: the publication of a one-row change against that of the sample, in turns."""
    return [
        _measure_size(size, deadline, is_yearly=is_yearly)
        for size in sizes
        if size != _BASELINE_SIZE
        for is_yearly in (True, False)
    ]


def _measure_size(size: str, deadline: float, *, is_yearly: bool) -> BenchLine:
    processor: dict[str, list[float]] = {}

    def build_timer(name: str, publication: OneRowPublication) -> Callable[[], float]:
        def measure_seconds() -> float:
            began, used = perf_counter(), process_time()
            publication.publish(is_yearly=is_yearly)
            processor.setdefault(name, []).append(process_time() - used)
            return perf_counter() - began

        return measure_seconds

    with ExitStack() as stack:
        timers = []
        for name in (_BASELINE_SIZE, size):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=databases.FOLDER)))
            timers.append(build_timer(name, OneRowPublication.prepare(name, folder)))
        baseline, measured = take_turns(timers, _TURNS, deadline=deadline)
    subject = f"publication of one more row, of a target of {'each year' if is_yearly else 'several years'}"
    seconds = [median(processor[name]) for name in (size, _BASELINE_SIZE)]
    note = f"processor time: {1000 * seconds[0]:,.0f} ms, {seconds[0] / seconds[1]:.3g} times"
    spreads = Spread.compute(measured), Spread.compute(baseline)
    return BenchLine(21, size, subject, "the same of the sample", _MAX_RATIO, *spreads, note)


@dataclass
class OneRowPublication:
    """A database to which versions of one more entry each are published; `moment`: that of the last one."""

    store: VersionStore
    register: Register
    moment: datetime

    @classmethod
    def prepare(cls, size: str, folder: Path) -> OneRowPublication:
        """Copy the database of a size into an empty folder, or one that is not there yet."""
        source = databases.ensure_database(size, databases.FOLDER)
        number = versions.find_current_version(source)
        if number is None:
            raise SystemExit(f"{source}: nothing is published")
        folder.mkdir(exist_ok=True)
        pointer = folder / "kpis.json"
        copy_file(DatabasePaths(source).get_version_path(number), DatabasePaths(pointer).get_version_path(number))
        copy_file(source, pointer)
        register = load_register() if size == _BASELINE_SIZE else nation.build_register()
        store = FileStore(pointer)
        with closing(_open(store)) as base:
            return cls(store, register, datetime.fromisoformat(base.meta["recorded_at"]))

    def publish(self, *, is_yearly: bool) -> int:
        """Publish one more entry, of a count of each year or of one of several years; return the version."""
        self.moment += timedelta(seconds=1)
        with closing(_open(self.store)) as base, DraftVersion(self.store, base, self.moment) as draft:
            state = next(state for state in draft.states.values() if state.plan == PLAN)
            targets = self.register.targets.values()
            target = next(
                each
                for each in targets
                if each.plan == PLAN and each.measure == "count" and (each.recurrence == "yearly") == is_yearly
            )
            day = self.moment.date()
            entry = Entry(target.id, target.lead, day, 1, None, f"Tin {base.version}", "1/BC", None)
            row = CheckedRow("progress", "Tiến độ", 2, base.version, target.lead, target.id, entry)
            draft.record(
                replace(state, read=state.read + 1, accepted=state.accepted + 1),
                SourceDifference(entries=TableDifference([row])),
            )
            plans = {each.plan for each in draft.states.values()}
            version = draft.publish(self.register, publish_totals, plans, sample=True)
        if version is None:
            raise SystemExit(f"{self.store.paths.pointer}: nothing was published")
        return version


def _open(store: VersionStore) -> CurrentVersion:
    base = store.open_current()
    if base is None:
        raise SystemExit(f"{store.paths.pointer}: nothing is published")
    return base
