"""One sync: read every source once and publish what changed as one version (design.md §4, §6 sync)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from kpis.access.audit import get_system_person
from kpis.errors import UsageError
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.sources.read_source import read_source
from kpis.store import versions
from kpis.store.staged_version import ComputeMeasures
from kpis.store.version_store import CurrentVersion, FileStore, VersionStore
from kpis.sync.attempts import build_journal_record
from kpis.sync.draft_version import DraftVersion
from kpis.sync.reading import ReadSource, SourceReading
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.sync_pass import SyncPass

SyncProgress = Callable[[int, int, str], None]
"""Called with the number of sources done, their total, and the id of the next one ("" at the end)."""


class SyncHandler(Protocol):
    """Further steps of a sync, under the same lock."""

    def handle_reading(self, source: Source, reading: SourceReading) -> None:
        """Called when a source was read successfully and its rows are recorded."""

    def handle_publication(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """Called after the publication; return the results for the journal and the caller."""


def run(
    sources_file: SourcesFile,
    pointer: Path,
    register: Register,
    now: datetime,
    compute: ComputeMeasures,
    accept_shrink: Collection[str] = (),
    progress: SyncProgress | None = None,
    read: ReadSource = read_source,
    store: VersionStore | None = None,
) -> SyncResult:
    """Read every source once and publish what changed as one version; a failing source stops no other.

    Rows are judged on the day of `now` (naive UTC) and recorded at `now`, but never before the latest moment
    already recorded. `compute` (kpis.measures.publish.publish_totals) fills the computed tables.
    `store`: where versions are written; by default files next to `pointer`.
    `accept_shrink` names sources that may lose most of their rows. If another sync is running, nothing is
    done and the result has `running` set.

    Raises UsageError for an unknown source in `accept_shrink`, or if sample and real figures would be mixed;
    StoreError for the disk, permissions or another program. Published figures are never lost.
    """
    store = store or FileStore(pointer)
    with store.try_lock() as ours:
        if not ours:
            return build_running_result(store)
        return run_locked(sources_file, store, register, now, compute, accept_shrink, progress, read)


def build_running_result(store: VersionStore) -> SyncResult:
    """Return the result of a sync that did nothing because another one is running."""
    number = versions.find_current_version(store.paths.pointer)
    return SyncResult((), number, running=True, writer=store.find_writer())


def run_locked(
    sources_file: SourcesFile,
    store: VersionStore,
    register: Register,
    now: datetime,
    compute: ComputeMeasures,
    accept_shrink: Collection[str] = (),
    progress: SyncProgress | None = None,
    read: ReadSource = read_source,
    handler: SyncHandler | None = None,
) -> SyncResult:
    """Do the same as `run` for a caller that holds the lock; `handler` adds steps under it."""
    _check_source_names(sources_file, accept_shrink)
    now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    sources = sources_file.sources
    with ExitStack() as stack:
        stack.enter_context(_pause_garbage_collection())
        store.clear_leftovers()
        base = store.open_current(accept_older=True)
        if base is not None:
            stack.callback(base.close)
            _check_sample(base, sources_file.sample)
        draft = stack.enter_context(DraftVersion(store, base, now))
        draft.carry_over(register)
        configured_ids = {source.id for source in sources}
        on_source_read = handler.handle_reading if handler else None
        sync_pass = SyncPass(draft, register, now, accept_shrink, configured_ids, on_source_read)
        for done, source in enumerate(sources):
            if progress is not None:
                progress(done, len(sources), source.id)
            sync_pass.process_source(source, done, read)
        sync_pass.recheck_other_sources()
        configured_plans = {source.plan for source in sources}
        published = draft.publish(register, compute, configured_plans, sample=sources_file.sample)
        draft.write_positions()
        version = published or (base.version if base else None)
    store.bring_home()
    results: Sequence[SourceResult] = sync_pass.list_results()
    try:
        if handler is not None:
            results = handler.handle_publication(results)
    finally:  # the sources were read, even if the handler failed
        at = min(now, draft.read_at)
        accepted_by = name_persons(accept_shrink)
        store.append_journal(build_journal_record(at, sources, results, draft.states, published, accepted_by))
    if progress is not None:
        progress(len(sources), len(sources), "")
    return SyncResult(tuple(results), version, published=published is not None)


def name_persons(accept_shrink: Collection[str]) -> Mapping[str, str]:
    """Return by source who accepts its loss: as a mapping says, else the system's user."""
    if isinstance(accept_shrink, Mapping):
        return accept_shrink
    return dict.fromkeys(accept_shrink, get_system_person())


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Pause the search for cyclic garbage: millions of rows and cells are made, none with cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_source_names(sources_file: SourcesFile, accept_shrink: Collection[str]) -> None:
    source_ids = [source.id for source in sources_file.sources]
    for name in accept_shrink:
        if name not in source_ids:
            raise UsageError(
                "No source is called “{source}”. Sources are: {sources}.",
                source=name,
                sources=", ".join(source_ids),
            )


def _check_sample(base: CurrentVersion, sample: bool) -> None:
    if (base.meta.get("sample") == "yes") == sample:
        return
    if sample:
        raise UsageError(
            "This database holds real figures; sample figures are not mixed in. Choose another with --database."
        )
    raise UsageError("This database holds sample figures; real ones are not mixed in. Choose another with --database.")
