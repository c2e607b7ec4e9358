"""A one-row change on a lake: its publication, following it, and what both write; the file's publication beside it.

Each size is a copy in a lake and a copy of its file, to which one version after the other is published, in turns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench import databases
from bench.lake import LakeCopy, find_file_system, serve_postgres
from bench.publication import OneRowPublication
from bench.results import BenchLine
from bench.timing import Spread, take_turns
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.paths import DatabasePaths
from tests.postgres_server import PostgresServer

_BASELINE_SIZE = "sample"
_TURNS = 7
_BLOCK_BYTES = 4096
_LARGE_TO_SAMPLE, _LAKE_TO_FILE, _FOLLOW_TO_FILE, _WRITTEN_TO_SIZE = 2.5, 2, 1.5, 0.05
_SUBJECT = "publication of one more row on a lake"


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure rows 25 to 28, all sizes in the same turns; the sample is always there to be compared with."""
    with ExitStack() as stack:
        server = stack.enter_context(serve_postgres())
        pairs = [_Pair.prepare(stack, server, size) for size in dict.fromkeys((_BASELINE_SIZE, *sizes))]
        timers = [timer for pair in pairs for timer in pair.list_timers()]
        times = iter(take_turns(timers, _TURNS, deadline=deadline))
        for pair in pairs:
            pair.spreads = {name: Spread.compute(next(times)) for name in _STEPS}
        sample = pairs[0]
        return [line for pair in pairs if pair.size in sizes for line in pair.list_lines(sample)]


_STEPS = _ON_LAKE, _FOLLOWED, _ON_FILE = "on the lake", "followed", "on the file"


@dataclass
class _Pair:
    """A size in a lake and in a file."""

    size: str
    server: PostgresServer
    lake: LakeCopy
    on_lake: OneRowPublication
    on_file: OneRowPublication
    spreads: dict[str, Spread] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def prepare(cls, stack: ExitStack, server: PostgresServer, size: str) -> _Pair:
        """Copy the database of a size twice, and move one of them into a lake, which is led until the end."""
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=databases.FOLDER)))
        on_file, moved = (OneRowPublication.prepare(size, folder / name) for name in ("file", "moved"))
        lake = LakeCopy.fill(server, folder, moved.store.paths.pointer)
        store = LakeStore(lake.address, lake.pointer)
        if not stack.enter_context(store.try_lock()):
            raise RuntimeError(f"{lake.address.describe()}: somebody else leads")
        return cls(size, server, lake, OneRowPublication(store, moved.register, moved.moment), on_file)

    def list_timers(self) -> list[Callable[[], float]]:
        """Return the timers of the three steps."""
        steps: tuple[Callable[[], object], ...] = (
            lambda: self.on_lake.publish(is_yearly=True),
            lambda: follow(self.lake.address, self.lake.pointer),
            lambda: self.on_file.publish(is_yearly=True),
        )
        return [self._build_timer(name, step) for name, step in zip(_STEPS, steps, strict=True)]

    def _build_timer(self, name: str, step: Callable[[], object]) -> Callable[[], float]:
        def measure_seconds() -> float:
            began, used = perf_counter(), process_time()
            step()
            self.processor.setdefault(name, []).append(process_time() - used)
            return perf_counter() - began

        return measure_seconds

    def list_lines(self, sample: _Pair) -> list[BenchLine]:
        """Return the lines of this size."""
        lines = []
        if self is not sample:
            lines.append(
                self._compare(25, _SUBJECT, _ON_LAKE, "the same of the sample", sample, _ON_LAKE, _LARGE_TO_SAMPLE)
            )
        goal = _LAKE_TO_FILE if self is sample else None
        lines.append(self._compare(26, _SUBJECT, _ON_LAKE, "the same on a file", self, _ON_FILE, goal))
        subject = "following that publication"
        lines.append(
            self._compare(27, subject, _FOLLOWED, "the publication on a file", self, _ON_FILE, _FOLLOW_TO_FILE)
        )
        return [*lines, self._measure_bytes()]

    def _compare(
        self, row: int, subject: str, step: str, against: str, other: _Pair, other_step: str, goal: float | None
    ) -> BenchLine:
        mine, others = median(self.processor[step]), median(other.processor[other_step])
        note = (
            f"{find_file_system(self.lake.data)}; processor time without PostgreSQL's: {1000 * mine:,.0f} ms, "
            f"{mine / others:.3g} times"
        )
        return BenchLine(row, self.size, subject, against, goal, self.spreads[step], other.spreads[other_step], note)

    def _measure_bytes(self) -> BenchLine:
        """Publish and follow once more; a replica's blocks count where they differ from the version before."""
        paths = DatabasePaths(self.lake.pointer)
        old = _read_block_hashes(paths, follow(self.lake.address, self.lake.pointer))
        parquet, log = _count_bytes(self.lake.data), self._read_log_position()
        number = self.on_lake.publish(is_yearly=True)
        parquet, log = _count_bytes(self.lake.data) - parquet, self._read_log_position() - log
        follow(self.lake.address, self.lake.pointer)
        new = _read_block_hashes(paths, number)
        differing = sum(first != second for first, second in zip(old, new, strict=False))
        replica = _BLOCK_BYTES * (differing + max(0, len(new) - len(old)))
        size = paths.get_version_path(number).stat().st_size
        mebibyte = 1 << 20
        note = (
            f"{find_file_system(self.lake.data)}, where a replica writes the whole copy; counted is what a file system "
            f"that shares blocks writes: Parquet {parquet / mebibyte:.2g} MiB, PostgreSQL's log {log / mebibyte:.2g} "
            f"MiB, blocks of one replica {replica / mebibyte:.2g} MiB"
        )
        return BenchLine(
            28,
            self.size,
            "bytes written for that publication",
            "the size of the version",
            _WRITTEN_TO_SIZE,
            Spread.create_single((parquet + log + replica) / mebibyte),
            Spread.create_single(size / mebibyte),
            note,
            "MiB",
        )

    def _read_log_position(self) -> int:
        with closing(self.server.connect(self.lake.address.parameters["dbname"])) as connection:
            row = connection.execute("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint").fetchone()
        if row is None:
            raise RuntimeError("PostgreSQL does not tell how much it has written")
        return int(str(row[0]))


def _count_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _read_block_hashes(paths: DatabasePaths, number: int | None) -> list[int]:
    if number is None:
        raise RuntimeError("nothing is published")
    with paths.get_version_path(number).open("rb") as file:
        return [hash(block) for block in iter(lambda: file.read(_BLOCK_BYTES), b"")]
