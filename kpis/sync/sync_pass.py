"""One pass over the sources, under the lock: each is read, judged, guarded and recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from kpis.errors import KpisError, SourceError, UsageError
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import Source
from kpis.sync import history, shrink_guard
from kpis.sync.cross_source_duplicates import CrossSourceDuplicates
from kpis.sync.draft_version import DraftVersion
from kpis.sync.history import SourceDifference
from kpis.sync.raw_rows import build_stored_rows, hash_content, serialize_layout
from kpis.sync.reading import ReadSource, SourceReading, check_sheet, recheck_stored_rows
from kpis.sync.result import Message, SourceResult, SyncOutcome
from kpis.sync.rules import compute_rules_hash
from kpis.sync.state import SourceState

_UNCONFIGURED_POSITION = -1
_HELD_TEXT = (
    "Held: {fell} since the last good read, whose figures stay. {periods} If the rows were cleared out on "
    "purpose, take it with --accept-shrink {source}; a new year is better a new source or tab."
)
_ACCEPTED_TEXT = "Taken as you asked: {fell} since the last good read. {periods}"


class SyncPass:
    """Takes one source after the other, so that memory is that of one source whatever their number.

    `taken` is told of each that was read well.
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
        # The day too never runs backwards: rows would become "in the future" (design.md §4).
        self._now, self._today = now, clock.to_local_day(draft.recorded_at)
        self._duplicates = CrossSourceDuplicates(draft, configured_ids)
        self._checked_by = f"{register.hash} {compute_rules_hash()}"

    def process_source(self, source: Source, position: int, read: ReadSource) -> SourceResult:
        """Reads, judges and records one source. One that cannot be read is `failed`; the others go on."""
        state = self._draft.states.get(source.id)
        try:
            raw = read(source, self._now)
            if raw is None:
                return self._process_unmodified(source, position)
            required = state is not None and state.tasks_seen
            reading = check_sheet(
                raw,
                source.plan,
                self._register,
                self._today,
                tasks_required=required,
                duplicate_lookup=self._duplicates.build_lookup(source.id, source.plan),
            )
        except (SourceError, UsageError, OSError) as error:
            again = self._recheck_stored_rows(source.id)
            said = (
                Message.from_error(error)
                if isinstance(error, KpisError)
                else _describe_unreadable_file(error)
            )
            return _build_result(source.id, "failed", None, again, said)
        self._duplicates.read_ids.add(source.id)
        return self._process_reading(source, position, reading)

    def recheck_other_sources(self) -> None:
        """Judges the stored rows of sources whose verdict others decide, or that are no longer configured.

        What a source no longer configured has, and a configured one has too, counts there alone: it was
        renamed, or copied.
        """
        for name in self._duplicates.list_sources_to_recheck():
            self._recheck_stored_rows(name, always=True)
        for name, state in list(self._draft.states.items()):
            if name not in self._duplicates.configured_ids:
                self._draft.states[name] = replace(state, position=_UNCONFIGURED_POSITION)
                if not self._recheck_stored_rows(name):
                    self._duplicates.retire_rows_counted_elsewhere(name)

    def _process_reading(self, source: Source, position: int, reading: SourceReading) -> SourceResult:
        state = self._draft.states.get(source.id)
        known = history.read_current_set(self._draft.base, source.id)
        afresh = state is not None and state.plan != source.plan
        difference = history.compare(known, reading.checked, replace_all=afresh)
        said = self._describe_shrinkage(state, reading, difference)
        if said is not None and source.id not in self._accept_shrink:
            return _build_result(source.id, "held", reading, self._recheck_stored_rows(source.id), said)
        self._record_reading(source, position, reading, difference)
        self._draft.set_moved_positions(
            source.id, {} if afresh else history.find_moved_findings(known, reading.checked)
        )
        if self._on_source_read is not None:
            self._on_source_read(source, reading)
        notes = [Message(note) for note in reading.raw.notes]
        outcome: SyncOutcome = "changed" if difference or state is None else "unchanged"
        return _build_result(source.id, outcome, reading, difference, *([said] if said else []), *notes)

    def _record_reading(
        self, source: Source, position: int, reading: SourceReading, difference: SourceDifference
    ) -> None:
        state, at = self._draft.states.get(source.id), self._draft.recorded_at
        layouts = find_layouts(reading.raw) if difference or state is None else ()
        kept = build_stored_rows(layouts)
        content = hash_content(kept) if layouts or state is None else state.content_hash
        fresh = SourceState(
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
            judged_by=self._checked_by,
            layout=serialize_layout(layouts) if layouts or state is None else state.layout,
        )
        self._draft.record(fresh, difference)
        if layouts:
            self._draft.record_raw(fresh, kept, reading.raw.read_at)

    def _process_unmodified(self, source: Source, position: int) -> SourceResult:
        """A source that the reader knows to hold what its last good read held."""
        state = self._draft.states.get(source.id)
        if state is None:
            raise SourceError("It has not been read yet; the next sync reads it.")
        at = self._draft.recorded_at
        self._draft.states[source.id] = replace(state, last_good_at=at, position=position)
        again = self._recheck_stored_rows(source.id)
        counts = self._draft.states[source.id].counts
        return SourceResult(
            source.id,
            "changed" if again else "unchanged",
            **counts,
            recorded=again.recorded,
            retired=again.retired,
        )

    def _recheck_stored_rows(self, source_id: str, *, always: bool = False) -> SourceDifference:
        """Judges a source's stored rows where the register, the rules or the day may say otherwise now.

        The day is that of its last good read: what was planned for later becomes a result only where the
        sheet still says so. Where most of the rows would be lost they stay as they are: the fault is
        likelier in what judges them.
        """
        working, state = self._draft, self._draft.states.get(source_id)
        if working.base is None or state is None:
            return SourceDifference()
        day = clock.to_local_day(state.last_good_at)
        if not always and not state.needs_recheck(self._checked_by, day):
            return SourceDifference()
        elsewhere = self._duplicates.build_lookup(source_id, state.plan)
        try:
            reading = recheck_stored_rows(working.base, state, self._register, day, elsewhere)
        except SourceError:  # the plan has gone, or a column is needed now: only a new read can tell more
            return SourceDifference()
        reading = self._duplicates.drop_duplicates(source_id, reading)
        known = history.read_current_set(working.base, source_id)
        difference = history.compare(known, reading.checked)
        if shrink_guard.find_shrinkage(state, reading) and source_id not in self._accept_shrink:
            return SourceDifference()
        due, by = reading.checked.falls_due_on, self._checked_by
        working.record(replace(state, **reading.counts, falls_due_on=due, judged_by=by), difference)
        stay = history.find_moved_findings(known, reading.checked)
        seen = {key: place for key, place in working.get_moved_positions(source_id).items() if key in known}
        working.set_moved_positions(source_id, {**stay, **seen})
        return difference

    def _describe_shrinkage(
        self, state: SourceState | None, reading: SourceReading, difference: SourceDifference
    ) -> Message | None:
        """What to say of a source that lost most of its rows: held, or taken because that was meant."""
        fell = shrink_guard.find_shrinkage(state, reading)
        if state is None or fell is None:
            return None
        periods = shrink_guard.describe_finished_periods(
            self._draft.base, state.source, self._register, difference, self._today
        )
        said = _ACCEPTED_TEXT if state.source in self._accept_shrink else _HELD_TEXT
        return Message(said, {"fell": fell, "periods": periods, "source": state.source})


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


def _describe_unreadable_file(error: OSError) -> Message:
    return Message(
        "{path} could not be read: {reason}. Check the file and read it again.",
        {"path": str(error.filename or "–"), "reason": error.strerror or str(error)},
    )
