"""The stored rows of sources that are not read in a sync, checked again where the outcome may be another."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from kpis.errors import SourceError
from kpis.language import clock
from kpis.register.model import Register
from kpis.sync import history, shrink_guard
from kpis.sync.cross_source_duplicates import CrossSourceDuplicates
from kpis.sync.doubtful_dates import drop_later_days
from kpis.sync.draft_version import DraftVersion
from kpis.sync.failures import OWN_FAULTS
from kpis.sync.history import SourceDifference
from kpis.sync.reading import describe_basis, recheck_stored_rows

_log = logging.getLogger("kpis.sync")


class StoredRowsPass:
    """Checks the rows that the draft of a version has from the version before."""

    def __init__(
        self,
        draft: DraftVersion,
        register: Register,
        today: date,
        accept_shrink: Collection[str],
        duplicates: CrossSourceDuplicates,
    ) -> None:
        self._draft, self._register, self._today = draft, register, today
        self._accept_shrink, self._duplicates = accept_shrink, duplicates

    def recheck(self, source_id: str, *, always: bool = False) -> SourceDifference:
        """Check a source's stored rows again if the register, the rules or the day may change the outcome.

        The day is that of its last good read: a row planned for later counts only if the sheet still has it
        on that day. If most rows would be lost, they stay: the register or the rules are more likely wrong.
        """
        draft, state, reader = self._draft, self._draft.states.get(source_id), self._draft.reader
        if reader is None or state is None:
            return SourceDifference()
        day = clock.to_local_day(state.last_good_at)
        basis = describe_basis(self._register, state.plan, self._today)
        if not always and not state.needs_recheck(basis, day):
            return SourceDifference()
        duplicate_lookup = self._duplicates.build_lookup(source_id, state.plan)
        try:
            reading = recheck_stored_rows(reader, state, self._register, day, duplicate_lookup)
        except SourceError:  # the plan is gone, or a column is missing now: this needs a new read
            return SourceDifference()
        reading = self._duplicates.drop_duplicates(source_id, reading)
        current = history.read_current_set(reader, source_id)
        reading = replace(reading, checked=drop_later_days(current, reading.checked))
        difference = history.compare(current, reading.checked)
        shrinkage = shrink_guard.find_shrinkage(reader, source_id, reading, difference, self._today)
        if shrinkage is not None and source_id not in self._accept_shrink:
            return SourceDifference()
        due = reading.checked.falls_due_on
        moved = history.find_moved_findings(current, reading.checked)
        draft.record(replace(state, **reading.counts, falls_due_on=due, judged_by=basis), difference)
        last_read = {key: at for key, at in draft.get_moved_positions(source_id).items() if key in current}
        draft.set_moved_positions(source_id, {**moved, **last_read})
        return difference

    def recheck_safely(self, source_id: str) -> SourceDifference:
        """Check the stored rows of a source that is not read; they stay if that provokes a fault too."""
        try:
            return self.recheck(source_id)
        except OWN_FAULTS:
            raise
        except Exception as error:  # noqa: BLE001 - one source's rows stop no other
            _log.warning("fault in the stored rows of %s", source_id, exc_info=error)
            return SourceDifference()
