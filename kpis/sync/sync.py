"""One sync: every source is read once, what is new becomes one published version (design.md §4, §6 sync)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from kpis.errors import UsageError
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.sources.read_source import read_source
from kpis.store import journal, versions
from kpis.store.database import Database
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.sync.attempts import build_journal_record
from kpis.sync.draft_version import ComputeMeasures, DraftVersion
from kpis.sync.reading import ReadSource, SourceReading
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.sync_pass import SyncPass

SyncProgress = Callable[[int, int, str], None]
"""Called with the sources done, all sources, and the id of the one that is read next ("" at the end)."""


class SyncHandler(Protocol):
    """Who goes on with what a sync reads, under the same lock."""

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """A source was read well, and its rows are recorded."""

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """What changed is published; the results as the journal and the caller shall have them."""


def run(
    sources_file: SourcesFile,
    pointer: Path,
    register: Register,
    now: datetime,
    compute: ComputeMeasures,
    accept_shrink: Collection[str] = (),
    progress: SyncProgress | None = None,
    read: ReadSource = read_source,
) -> SyncResult:
    """Reads every source once and publishes what changed as one version; one failure stops no other.

    `now` (naive UTC) is the clock: its day judges, and what changes is recorded at it, never before what was
    recorded already. `compute` (kpis.measures.publish.compute) fills what is computed at a publication.
    `accept_shrink` names sources whose clean-out is meant. Another sync under way: `running`, nothing done.

    UsageError: an unknown source in `accept_shrink`, or made-up sources into a database of real ones and the
    other way round. StoreError: the disk, a right, another program; the figures published so far are kept.
    """
    with try_lock(DatabasePaths(pointer).lock) as ours:
        if not ours:
            return build_running_result(pointer)
        return run_locked(sources_file, pointer, register, now, compute, accept_shrink, progress, read)


def build_running_result(pointer: Path) -> SyncResult:
    """The result of a sync that found another one under way, and did nothing."""
    return SyncResult((), versions.find_current_version(pointer), running=True)


def run_locked(
    sources_file: SourcesFile,
    pointer: Path,
    register: Register,
    now: datetime,
    compute: ComputeMeasures,
    accept_shrink: Collection[str] = (),
    progress: SyncProgress | None = None,
    read: ReadSource = read_source,
    handler: SyncHandler | None = None,
) -> SyncResult:
    """The same for a caller who holds the lock already, and for whom `follower` goes on under it."""
    _check_source_names(sources_file, accept_shrink)
    now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    place, sources = DatabasePaths(pointer), sources_file.sources
    taken: list[SourceResult] = []
    with ExitStack() as stack:
        stack.enter_context(_pause_garbage_collection())
        versions.clear_leftovers(place)
        base = Database.open(pointer)
        if base is not None:
            stack.callback(base.close)
            _check_sample(base, sources_file.sample)
        working = stack.enter_context(DraftVersion(place, base, now))
        configured = {source.id for source in sources}
        taking = handler.handle_reading if handler else None
        passing = SyncPass(working, register, now, accept_shrink, configured, taking)
        for done, source in enumerate(sources):
            if progress is not None:
                progress(done, len(sources), source.id)
            taken.append(passing.process_source(source, done, read))
        passing.recheck_other_sources()
        published = working.publish(register, compute, sample=sources_file.sample)
        working.write_positions()
        version = published or (base.version if base else None)
    results: Sequence[SourceResult] = taken
    try:
        if handler is not None:
            results = handler.handle_publication(results)
    finally:  # whatever became of the answers, the sources were read
        journal.append(place.journal, build_journal_record(now, sources, results, working.states, published))
    if progress is not None:
        progress(len(sources), len(sources), "")
    return SyncResult(tuple(results), version, published=published is not None)


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Pauses the search for cyclic garbage: rows and cells have no cycles, and there are millions of them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _check_source_names(sources_file: SourcesFile, accept_shrink: Collection[str]) -> None:
    known = [source.id for source in sources_file.sources]
    for name in accept_shrink:
        if name not in known:
            raise UsageError(
                "No source is called “{source}”. Sources are: {sources}.",
                source=name,
                sources=", ".join(known),
            )


def _check_sample(base: Database, sample: bool) -> None:
    if (base.meta.get("sample") == "yes") == sample:
        return
    if sample:
        raise UsageError(
            "This database holds real figures; made-up ones are not mixed in. Name another with --database."
        )
    raise UsageError(
        "This database holds made-up figures; real ones are not mixed in. Name another with --database."
    )
