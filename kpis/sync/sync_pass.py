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
from kpis.sync.cross_source_duplicates import Together
from kpis.sync.draft_version import Working
from kpis.sync.history import Difference
from kpis.sync.raw_rows import content_hash, kept_layout, kept_rows
from kpis.sync.reading import Read, Reading, judge, judge_stored
from kpis.sync.result import Message, Outcome, SourceResult
from kpis.sync.rules import rules_hash
from kpis.sync.state import SourceState

_UNCONFIGURED = -1
_HELD = (
    "Held: {fell} since the last good read, whose figures stay. {periods} If the rows were cleared out on "
    "purpose, take it with --accept-shrink {source}; a new year is better a new source or tab."
)
_TAKEN = "Taken as you asked: {fell} since the last good read. {periods}"


class Pass:
    """Takes one source after the other, so that memory is that of one source whatever their number.

    `taken` is told of each that was read well.
    """

    def __init__(
        self,
        working: Working,
        register: Register,
        now: datetime,
        accept: Collection[str],
        configured: Collection[str],
        taken: Callable[[Source, Reading], None] | None = None,
    ) -> None:
        self._working, self._register, self._accept = working, register, frozenset(accept)
        self._taken = taken
        # The day too never runs backwards: rows would become "in the future" (design.md §4).
        self._now, self._today = now, clock.today(working.at)
        self._sources = Together(working, configured)
        self._judged_by = f"{register.hash} {rules_hash()}"

    def take(self, source: Source, position: int, read: Read) -> SourceResult:
        """Reads, judges and records one source. One that cannot be read is `failed`; the others go on."""
        state = self._working.states.get(source.id)
        try:
            raw = read(source, self._now)
            if raw is None:
                return self._not_modified(source, position)
            required = state is not None and state.tasks_seen
            reading = judge(
                raw,
                source.plan,
                self._register,
                self._today,
                tasks_required=required,
                elsewhere=self._sources.elsewhere(source.id, source.plan),
            )
        except (SourceError, UsageError, OSError) as error:
            again = self._judge_again(source.id)
            said = Message.of(error) if isinstance(error, KpisError) else _unreadable(error)
            return _result(source.id, "failed", None, again, said)
        self._sources.read.add(source.id)
        return self._good(source, position, reading)

    def judge_the_rest(self) -> None:
        """Judges the stored rows of sources whose verdict others decide, or that are no longer configured.

        What a source no longer configured has, and a configured one has too, counts there alone: it was
        renamed, or copied.
        """
        for name in self._sources.to_judge_again():
            self._judge_again(name, always=True)
        for name, state in list(self._working.states.items()):
            if name not in self._sources.configured:
                self._working.states[name] = replace(state, position=_UNCONFIGURED)
                if not self._judge_again(name):
                    self._sources.give_way(name)

    def _good(self, source: Source, position: int, reading: Reading) -> SourceResult:
        state = self._working.states.get(source.id)
        known = history.current(self._working.base, source.id)
        afresh = state is not None and state.plan != source.plan
        difference = history.compare(known, reading.checked, afresh=afresh)
        said = self._shrunk(state, reading, difference)
        if said is not None and source.id not in self._accept:
            return _result(source.id, "held", reading, self._judge_again(source.id), said)
        self._record(source, position, reading, difference)
        self._working.place(source.id, {} if afresh else history.moved(known, reading.checked))
        if self._taken is not None:
            self._taken(source, reading)
        notes = [Message(note) for note in reading.raw.notes]
        outcome: Outcome = "changed" if difference or state is None else "unchanged"
        return _result(source.id, outcome, reading, difference, *([said] if said else []), *notes)

    def _record(self, source: Source, position: int, reading: Reading, difference: Difference) -> None:
        state, at = self._working.states.get(source.id), self._working.at
        layouts = find_layouts(reading.raw) if difference or state is None else ()
        kept = kept_rows(layouts)
        content = content_hash(kept) if layouts or state is None else state.content_hash
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
            judged_by=self._judged_by,
            layout=kept_layout(layouts) if layouts or state is None else state.layout,
        )
        self._working.record(fresh, difference)
        if layouts:
            self._working.record_raw(fresh, kept, reading.raw.read_at)

    def _not_modified(self, source: Source, position: int) -> SourceResult:
        """A source that the reader knows to hold what its last good read held."""
        state = self._working.states.get(source.id)
        if state is None:
            raise SourceError("It has not been read yet; the next sync reads it.")
        at = self._working.at
        self._working.states[source.id] = replace(state, last_good_at=at, position=position)
        again = self._judge_again(source.id)
        counts = self._working.states[source.id].counts
        return SourceResult(
            source.id,
            "changed" if again else "unchanged",
            **counts,
            recorded=again.recorded,
            retired=again.retired,
        )

    def _judge_again(self, name: str, *, always: bool = False) -> Difference:
        """Judges a source's stored rows where the register, the rules or the day may say otherwise now.

        The day is that of its last good read: what was planned for later becomes a result only where the
        sheet still says so. Where most of the rows would be lost they stay as they are: the fault is
        likelier in what judges them.
        """
        working, state = self._working, self._working.states.get(name)
        if working.base is None or state is None:
            return Difference()
        day = clock.today(state.last_good_at)
        if not always and not state.stale(self._judged_by, day):
            return Difference()
        elsewhere = self._sources.elsewhere(name, state.plan)
        try:
            reading = judge_stored(working.base, state, self._register, day, elsewhere)
        except SourceError:  # the plan has gone, or a column is needed now: only a new read can tell more
            return Difference()
        reading = self._sources.without_repeats(name, reading)
        known = history.current(working.base, name)
        difference = history.compare(known, reading.checked)
        if shrink_guard.shrunk(state, reading) and name not in self._accept:
            return Difference()
        due, by = reading.checked.falls_due_on, self._judged_by
        working.record(replace(state, **reading.counts, falls_due_on=due, judged_by=by), difference)
        stay = history.moved(known, reading.checked)
        seen = {key: place for key, place in working.places(name).items() if key in known}
        working.place(name, {**stay, **seen})
        return difference

    def _shrunk(self, state: SourceState | None, reading: Reading, difference: Difference) -> Message | None:
        """What to say of a source that lost most of its rows: held, or taken because that was meant."""
        fell = shrink_guard.shrunk(state, reading)
        if state is None or fell is None:
            return None
        periods = shrink_guard.finished_periods(
            self._working.base, state.source, self._register, difference, self._today
        )
        said = _TAKEN if state.source in self._accept else _HELD
        return Message(said, {"fell": fell, "periods": periods, "source": state.source})


def _result(
    name: str, outcome: Outcome, reading: Reading | None, difference: Difference, *messages: Message
) -> SourceResult:
    recorded, retired = difference.recorded, difference.retired
    result = SourceResult(name, outcome, recorded=recorded, retired=retired, messages=messages)
    return replace(result, **reading.counts) if reading else result


def _unreadable(error: OSError) -> Message:
    return Message(
        "{path} could not be read: {reason}. Check the file and read it again.",
        {"path": str(error.filename or "–"), "reason": error.strerror or str(error)},
    )
