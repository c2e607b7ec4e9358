"""The tabs of explanations in one sync: read, checked and recorded apart, so that their faults are theirs alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from kpis.checks.explanation_check import check_explanations
from kpis.checks.explanation_requests import PlanRequests
from kpis.errors import KpisError, SourceError, StoreError
from kpis.register.model import Register
from kpis.requests.ledger import read_requests
from kpis.requests.model import LedgerRequest
from kpis.sheet.layout import TabLayout, find_explanation_layouts
from kpis.sheet.model import CheckedExplanations, RawSheet, Source
from kpis.sources.reader_version import READER_VERSION
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.draft_version import DraftVersion, RawRows
from kpis.sync.explanation_history import (
    TAB_KIND,
    CurrentExplanations,
    ExplanationDifference,
    ExplanationState,
    compare_explanations,
    read_current_explanations,
)
from kpis.sync.failures import OWN_FAULTS, describe_failure
from kpis.sync.history import find_moved_positions
from kpis.sync.note_messages import EXPLANATIONS_KEPT_NOTE, EXPLANATIONS_UNREAD_NOTE
from kpis.sync.raw_rows import build_stored_rows, rebuild_sheet, serialize_layout
from kpis.sync.requests_of_plan import build_plan_requests
from kpis.sync.result import Message

LOSS_TEXT = (
    "Accepted rows fell from {before} to {now}. If they were removed on purpose, accept the loss with "
    "--accept-shrink {source}."
)
MIN_LOSS = 5
"""Rows that must be missing for a loss of more than half to keep the rows of the last good read."""
_LEDGER_CODES = frozenset({"request_unknown", "request_mismatch", "request_ambiguous"})

_log = logging.getLogger("kpis.sync")


def check_recorded_explanations(
    raw: RawSheet, source: Source, register: Register, today: date, database: Database
) -> CheckedExplanations | None:
    """Return the tab of a sheet that is looked at between syncs, with the requests that its rows have in a version.

    None where it has none, or cannot be read.
    """
    try:
        layouts = find_explanation_layouts(raw)
    except SourceError:
        return None
    if not layouts:
        return None
    requests, bindings = read_requests(database.pointer, None), read_current_explanations(database, source.id).bindings
    return check_explanations(
        layouts,
        source.plan,
        register,
        today,
        lambda hashes: build_plan_requests(requests, database, source, register, today, hashes),
        bindings,
    )


class ExplanationPass:
    """Processes the tab of explanations of one source after the other; nothing that one provokes leaves it."""

    def __init__(
        self,
        draft: DraftVersion,
        register: Register,
        today: date,
        accept_shrink: Collection[str],
        describe_basis: Callable[[str], str],
    ) -> None:
        self._draft, self._register, self._today = draft, register, today
        self._accept_shrink, self._describe_basis = accept_shrink, describe_basis
        self._requests: Mapping[str, LedgerRequest] | None = None
        self.checked: dict[str, CheckedExplanations] = {}
        """The tabs that were read well in this sync, by source."""

    def process(self, source: Source, raw: RawSheet) -> tuple[bool, tuple[Message, ...]]:
        """Read the tab of a source that was read; return whether any row changed, and what there is to tell."""
        try:
            return self._process(source, raw)
        except OWN_FAULTS as error:
            if isinstance(error, StoreError) and self._requests is None:
                return False, (self._describe(source, error),)
            raise
        except Exception as error:  # noqa: BLE001 - whatever the tab provokes is told of it alone
            _log.info("fault in the explanations of %s", source.id, exc_info=error)
            return False, (self._describe(source, error),)

    def recheck(self, source: Source) -> bool:
        """Check the stored rows of a source that was not read again, if that may change them; True if it did."""
        try:
            return self._recheck(source)
        except OWN_FAULTS:
            if self._requests is None:
                return False
            raise
        except Exception as error:  # noqa: BLE001 - they stay as they are
            _log.warning("fault in the stored explanations of %s", source.id, exc_info=error)
            return False

    def _process(self, source: Source, raw: RawSheet) -> tuple[bool, tuple[Message, ...]]:
        state = self._draft.explanation_states.get(source.id)
        layouts = find_explanation_layouts(raw)
        if not layouts:
            if state is None:
                return False, ()
            raise SourceError("The tab is missing or empty. Add it or restore its name.")
        current = read_current_explanations(self._draft.reader, source.id)
        checked = self._check(source, layouts, current)
        has_new_plan = state is not None and state.plan != source.plan
        difference = compare_explanations(current, checked, replace_all=has_new_plan)
        self._refuse_loss(source, current, difference)
        rows = build_stored_rows(layouts)
        new_state = self._build_state(source, checked, self._draft.read_at, serialize_layout(layouts))
        self._draft.record_explanations(new_state, difference, RawRows(rows, raw.read_at))
        self.checked[source.id] = checked
        self._draft.set_explanation_positions(source.id, find_moved_positions(current.finding_positions, checked))
        return bool(difference), tuple(Message(note.key, note.values) for note in checked.notes)

    def _check(self, source: Source, layouts: Iterable[TabLayout], current: CurrentExplanations) -> CheckedExplanations:
        return check_explanations(
            layouts,
            source.plan,
            self._register,
            self._today,
            lambda hashes: self._build_requests(source, hashes),
            current.bindings,
        )

    def _recheck(self, source: Source) -> bool:
        draft, state = self._draft, self._draft.explanation_states.get(source.id)
        if state is None or draft.reader is None or state.plan != source.plan:
            return False
        current = read_current_explanations(draft.reader, source.id)
        day = state.falls_due_on
        is_due = day is not None and day <= self._today
        awaits_ledger = any(code in _LEDGER_CODES for _, code in current.rejections)
        if not (is_due or awaits_ledger or state.judged_by != self._describe_basis(source.plan)):
            return False
        params = {"source": source.id, "tab_kind": TAB_KIND}
        stored = draft.reader.fetch_rows(sql.load("kpis.sync", "stored_rows"), params)
        layouts = find_explanation_layouts(rebuild_sheet(state.layout, stored, state.last_good_at))
        checked = self._check(source, layouts, current)
        difference = compare_explanations(current, checked)
        self._refuse_loss(source, current, difference)
        if not difference and state.judged_by == self._describe_basis(source.plan):
            return False
        new_state = self._build_state(source, checked, state.last_good_at, state.layout)
        draft.record_explanations(replace(new_state, reader_version=state.reader_version), difference)
        return bool(difference)

    def _build_requests(self, source: Source, hashes: Collection[int]) -> PlanRequests:
        if self._requests is None:
            self._requests = read_requests(self._draft.pointer, None)
        return build_plan_requests(
            self._requests, self._draft.reader, source, self._register, self._today, frozenset(hashes)
        )

    def _refuse_loss(self, source: Source, current: CurrentExplanations, difference: ExplanationDifference) -> None:
        """Raise SourceError if the tab lost all of its accepted rows, or more than half and at least MIN_LOSS."""
        count = len(current.rows)
        now = count - len(difference.rows.to_retire) + len(difference.rows.to_record)
        lost = count - now
        if source.id in self._accept_shrink or lost <= 0 or (now and (lost < MIN_LOSS or 2 * now >= count)):
            return
        raise SourceError(LOSS_TEXT, before=count, now=now, source=source.id)

    def _build_state(
        self, source: Source, checked: CheckedExplanations, read_at: datetime, layout: str
    ) -> ExplanationState:
        rejected = sum(bool(row.rejections) for row in checked.rows)
        return ExplanationState(
            source.id,
            source.plan,
            len(checked.rows) + len(checked.set_aside),
            len(checked.rows) - rejected,
            rejected,
            read_at,
            checked.falls_due_on,
            self._describe_basis(source.plan),
            layout,
            READER_VERSION,
        )

    def _describe(self, source: Source, error: Exception) -> Message:
        has_rows = source.id in self._draft.explanation_states
        reason = Message.from_error(error) if isinstance(error, KpisError) else describe_failure(source, error)
        return Message(EXPLANATIONS_KEPT_NOTE if has_rows else EXPLANATIONS_UNREAD_NOTE, {"reason": reason})
