"""One pass over the sources, under the lock: read, check, guard against shrinkage, record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from kpis.errors import SourceError
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import RawSheet, SheetNote, Source
from kpis.sources.reader_version import READER_VERSION
from kpis.sync import history, shrink_guard
from kpis.sync.cross_source_duplicates import CrossSourceDuplicates
from kpis.sync.doubtful_dates import describe_doubtful_dates, drop_later_days
from kpis.sync.draft_version import DraftVersion, RawRows
from kpis.sync.explanation_pass import ExplanationPass
from kpis.sync.failures import OWN_FAULTS, describe_failure
from kpis.sync.history import SourceDifference
from kpis.sync.note_messages import list_note_messages, recall_note_messages
from kpis.sync.raw_rows import build_stored_rows, hash_content, serialize_layout
from kpis.sync.reading import (
    ReadSource,
    SourceReading,
    check_sheet,
    describe_basis,
    list_stored_notes,
)
from kpis.sync.result import Message, SourceResult, SyncOutcome
from kpis.sync.state import SourceState
from kpis.sync.stored_rows_pass import StoredRowsPass

_log = logging.getLogger("kpis.sync")
_UNCONFIGURED_POSITION = -1


class SyncPass:
    """Processes one source after the other, so that only one is in memory at a time.

    `on_source_read` is called with each source that was read successfully.
    """

    def __init__(
        self,
        draft: DraftVersion,
        register: Register,
        now: datetime,
        accept_shrink: Collection[str],
        configured_ids: Collection[str],
        on_source_read: Callable[[Source, SourceReading], None] | None = None,
    ) -> None:
        self._draft, self._register, self._accept_shrink = draft, register, frozenset(accept_shrink)
        self._on_source_read = on_source_read
        # The day never runs backwards either: rows would become "in the future" (design.md §4).
        self._now, self._today = now, clock.to_local_day(draft.judged_at)
        self._duplicates = CrossSourceDuplicates(draft, configured_ids)
        self._results: dict[str, SourceResult] = {}
        self._sources: dict[str, Source] = {}
        self._awaiting: dict[str, tuple[Source, int, RawSheet]] = {}
        self._held_sheets: dict[str, tuple[Source, int, RawSheet]] = {}
        self._stored_rows = StoredRowsPass(draft, register, self._today, self._accept_shrink, self._duplicates)
        self._explanations = ExplanationPass(draft, register, self._today, self._accept_shrink, self._describe_basis)

    def process_source(self, source: Source, position: int, read: ReadSource) -> None:
        """Read, check and record one source; `failed` if it cannot be read, or provokes anything unforeseen."""
        self._sources[source.id] = source
        try:
            raw = read(source, self._now)
            if raw is None:
                self._results[source.id] = self._process_unmodified(source, position)
                self._add_explanations(source, self._explanations.recheck(source))
                return
            reading = self._check_sheet(source, raw)
            explained = self._explanations.process(source, raw)
            self._duplicates.read_ids.add(source.id)
            depends_on_later = self._duplicates.depends_on_later_source(reading)
            self._results[source.id] = self._process_reading(source, position, reading)
        except OWN_FAULTS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one source provokes stops no other
            self._duplicates.read_ids.discard(source.id)
            difference = self._stored_rows.recheck_safely(source.id)
            message = describe_failure(source, error)
            self._results[source.id] = _build_result(source.id, "failed", None, difference, message)
            return
        self._add_explanations(source, *explained)
        if depends_on_later:
            self._awaiting[source.id] = (source, position, raw)
        if self._results[source.id].outcome == "held" and len(self._duplicates.configured_ids) > 1:
            self._held_sheets[source.id] = (source, position, raw)

    def _add_explanations(self, source: Source, has_changed: bool, messages: tuple[Message, ...] = ()) -> None:
        """Add to the result of a source what its tab of explanations changed, and has to tell."""
        result = self._results[source.id]
        outcome = "changed" if has_changed and result.outcome == "unchanged" else result.outcome
        self._results[source.id] = replace(result, outcome=outcome, messages=(*result.messages, *messages))

    def list_results(self) -> list[SourceResult]:
        """Return the result of every source, in the order in which they were processed."""
        return list(self._results.values())

    def recheck_other_sources(self) -> None:
        """Check the rows of sources that depend on others again, or that are no longer configured.

        A row that moved from one source to another counts in the other in this pass, in any order, and is no
        loss for which the first one is held. A row that both a configured source and one no longer configured
        contain counts only in the configured one: the source was renamed or copied.
        """
        for source_id in self._held_sheets:
            self._process_again(source_id, self._give_up_rows)
        for source_id in self._duplicates.list_sources_to_recheck():
            self._process_again(source_id, self._take_over_rows)
        for source_id, state in list(self._draft.states.items()):
            if source_id not in self._duplicates.configured_ids:
                self._draft.states[source_id] = replace(state, position=_UNCONFIGURED_POSITION)
                if not self._stored_rows.recheck_safely(source_id):
                    self._duplicates.retire_rows_counted_elsewhere(source_id)

    def _describe_basis(self, plan: str) -> str:
        return describe_basis(self._register, plan, self._today)

    def _process_again(self, source_id: str, process: Callable[[str], SourceResult]) -> None:
        try:
            self._results[source_id] = process(source_id)
        except OWN_FAULTS:
            raise
        except Exception as error:  # noqa: BLE001 - as when the source is processed
            message = describe_failure(self._sources[source_id], error)
            first = self._results[source_id]
            self._results[source_id] = replace(first, outcome="failed", messages=(message, *first.messages))

    def _give_up_rows(self, source_id: str) -> SourceResult:
        """Judge the loss of a held source again, without the rows that sources read since then now hold."""
        first = self._results[source_id]
        good_ids = {name for name, result in self._results.items() if result.outcome in ("changed", "unchanged")}
        moved = self._duplicates.find_rows_left_to(source_id, good_ids)
        if not moved:
            return first
        source, position, raw = self._held_sheets[source_id]
        second = self._process_reading(source, position, self._check_sheet(source, raw), moved)
        recorded, retired = first.recorded + second.recorded, first.retired + second.retired
        return replace(second, recorded=recorded, retired=retired)

    def _take_over_rows(self, source_id: str) -> SourceResult:
        """Check a source again that left rows to another one, which no longer counts them."""
        first = self._results[source_id]
        if first.outcome in ("changed", "unchanged") and source_id in self._awaiting:
            source, position, raw = self._awaiting[source_id]
            second = self._process_reading(source, position, self._check_sheet(source, raw))
        else:
            difference = self._stored_rows.recheck(source_id, always=True)
            second = _build_result(source_id, "changed" if difference else "unchanged", None, difference)
            if first.outcome in ("failed", "held"):
                second = replace(second, **first.counts)
            else:
                second = replace(second, **self._draft.states[source_id].counts)
        outcome = second.outcome if first.outcome == "unchanged" else first.outcome
        recorded, retired = first.recorded + second.recorded, first.retired + second.retired
        return replace(second, outcome=outcome, recorded=recorded, retired=retired, messages=first.messages)

    def _check_sheet(self, source: Source, raw: RawSheet) -> SourceReading:
        state = self._draft.states.get(source.id)
        return check_sheet(
            raw,
            source.plan,
            self._register,
            self._today,
            tasks_required=state is not None and state.tasks_seen,
            duplicate_lookup=self._duplicates.build_lookup(source.id, source.plan),
        )

    def _process_reading(
        self, source: Source, position: int, reading: SourceReading, moved_hashes: Collection[int] = ()
    ) -> SourceResult:
        """Record a reading, unless the source lost too much; rows of `moved_hashes` stand in other sources now."""
        state = self._draft.states.get(source.id)
        current = history.read_current_set(self._draft.reader, source.id)
        reading = replace(reading, checked=drop_later_days(current, reading.checked))
        has_new_plan = state is not None and state.plan != source.plan
        difference = history.compare(current, reading.checked, replace_all=has_new_plan)
        shrinkage = self._describe_shrinkage(state, reading, difference, moved_hashes)
        if shrinkage is not None and source.id not in self._accept_shrink:
            return _build_result(source.id, "held", reading, self._stored_rows.recheck(source.id), shrinkage)
        # What a source may provoke comes first: its rows are recorded whole or not at all.
        moved = {} if has_new_plan else history.find_moved_findings(current, reading.checked)
        notes = [*list_note_messages(reading.raw), *_to_messages(reading.checked.notes)]
        if doubtful_dates := describe_doubtful_dates(reading.checked):
            notes.append(doubtful_dates)
        outcome: SyncOutcome = "changed" if difference or state is None else "unchanged"
        result = _build_result(source.id, outcome, reading, difference, *([shrinkage] if shrinkage else []), *notes)
        if self._on_source_read is not None:
            explanations = self._explanations.checked.get(source.id)
            self._on_source_read(source, replace(reading, explanations=explanations))
        self._record_reading(source, position, reading, difference)
        self._draft.set_moved_positions(source.id, moved)
        return result

    def _record_reading(
        self, source: Source, position: int, reading: SourceReading, difference: SourceDifference
    ) -> None:
        state, at = self._draft.states.get(source.id), self._draft.read_at
        is_stored = state is not None and not difference and state.reader_version == READER_VERSION
        layouts = () if is_stored else find_layouts(reading.raw)
        rows = build_stored_rows(layouts)
        content = hash_content(rows) if layouts or state is None else state.content_hash
        new_state = SourceState(
            source=source.id,
            plan=source.plan,
            kind=source.kind,
            location=source.location,
            content_hash=content,
            **reading.counts,
            last_good_at=at,
            changed_at=state.changed_at if state and state.content_hash == content else at,
            tasks_seen=reading.checked.tasks_seen or (state is not None and state.tasks_seen),
            falls_due_on=reading.checked.falls_due_on,
            position=position,
            judged_by=self._describe_basis(source.plan),
            layout=serialize_layout(layouts) if layouts or state is None else state.layout,
            reader_version=READER_VERSION,
        )
        self._draft.record(new_state, difference, RawRows(rows, reading.raw.read_at) if layouts else None)

    def _process_unmodified(self, source: Source, position: int) -> SourceResult:
        """Process a source that the reader knows to be unchanged since its last good read."""
        state = self._draft.states.get(source.id)
        if state is None:
            raise SourceError("This source has not been read yet; the next sync reads it.")
        messages = self._recall_messages(source, state)
        self._draft.states[source.id] = replace(state, last_good_at=self._draft.read_at, position=position)
        try:
            difference = self._stored_rows.recheck(source.id)
        except Exception:
            self._draft.states[source.id] = state  # it was not a good read
            raise
        return SourceResult(
            source.id,
            "changed" if difference else "unchanged",
            **self._draft.states[source.id].counts,
            recorded=difference.recorded,
            retired=difference.retired,
            messages=messages,
        )

    def _recall_messages(self, source: Source, state: SourceState) -> tuple[Message, ...]:
        """Return what there is to tell about a sheet that was not read again."""
        # What the last read of a file had to say is remembered with the file.
        tabs = recall_note_messages(self._draft.pointer, source) if source.kind == "google" else ()
        return (*tabs, *_to_messages(list_stored_notes(state)))

    def _describe_shrinkage(
        self,
        state: SourceState | None,
        reading: SourceReading,
        difference: SourceDifference,
        moved_hashes: Collection[int],
    ) -> Message | None:
        """Return the message for a source that lost most of its rows, held or accepted; None for others."""
        if state is None:
            return None
        reader = self._draft.reader
        loss = shrink_guard.find_shrinkage(reader, state.source, reading, difference, self._today, moved_hashes)
        if loss is None:
            return None
        is_accepted = state.source in self._accept_shrink
        return shrink_guard.describe_shrinkage(
            reader, state.source, self._register, difference, self._today, loss, is_accepted=is_accepted
        )


def _build_result(
    source_id: str,
    outcome: SyncOutcome,
    reading: SourceReading | None,
    difference: SourceDifference,
    *messages: Message,
) -> SourceResult:
    recorded, retired = difference.recorded, difference.retired
    result = SourceResult(source_id, outcome, recorded=recorded, retired=retired, messages=messages)
    return replace(result, **reading.counts) if reading else result


def _to_messages(notes: Iterable[SheetNote]) -> tuple[Message, ...]:
    return tuple(Message(note.key, note.values) for note in notes)
