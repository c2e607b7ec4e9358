"""Which sheets are answered in a pass, and in which order: what was read is compared, what differs is owed.

A sheet that was just read is compared with what was read, which costs no request. One that was not is looked
at when something other than running totals has changed. What a pass cannot afford waits for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kpis.checks.source_check import check_source
from kpis.errors import UsageError
from kpis.feedback.google import problem_messages
from kpis.feedback.google import records as kept
from kpis.feedback.google.priority import order_pending
from kpis.feedback.google.records import FeedbackRecord, PendingWork
from kpis.feedback.status_text import REJECTION_SIGN, FindPeriodTotal, format_row_feedback
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, Source
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.cross_source_duplicates import build_recorded_lookup
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message
from kpis.sync.state import SourceState, read_states

if TYPE_CHECKING:
    from kpis.feedback.google.feedback_writer import FeedbackResult, FeedbackSnapshot
    from kpis.sources.google.poll import GooglePass

RowTotals = Callable[[Database, str, Iterable[date], date], FindPeriodTotal]
"""The totals of a plan's targets in the periods of some days, as of a day (`measures.row_totals`)."""

_LASTING_FAILURES = frozenset({"read_only", "protected", "scope", "storage", "policy", "api_disabled"})


def is_feedback_enabled(environment: Mapping[str, str]) -> bool:
    """Whether verdicts are written into Google Sheets: unless KPIS_GOOGLE_FEEDBACK is off."""
    said = environment.get("KPIS_GOOGLE_FEEDBACK") or "on"
    if said.strip().lower() not in {"on", "off"}:
        raise UsageError("KPIS_GOOGLE_FEEDBACK is “{text}”. Use on or off.", text=said)
    return said.strip().lower() == "on"


class FeedbackSnapshots:
    """What the reads of one pass showed of the column `Phản hồi`, by source."""

    def __init__(self) -> None:
        self._snapshots: dict[str, FeedbackSnapshot] = {}

    def record(self, source: Source, reading: SourceReading) -> None:
        """A Google Sheet was read well: its rows as they stand, and what stands beside them."""
        # gspread is slow to import, and many have no Google Sheet at all.
        from kpis.feedback.google.feedback_writer import snapshot_feedback

        self._snapshots[source.id] = snapshot_feedback(reading.raw, reading.checked.rows).without_details()

    def get(self, source_id: str) -> FeedbackSnapshot | None:
        """What was seen of a source; None where it was not read in this pass."""
        return self._snapshots.get(source_id)


def update_feedback(
    sources: Iterable[Source],
    snapshots: FeedbackSnapshots,
    pointer: Path,
    register: Register,
    now: datetime,
    google_pass: GooglePass,
    row_totals: RowTotals,
    *,
    is_manual: bool,
) -> dict[str, tuple[Message, ...]]:
    """Write verdicts into Google Sheets (`sources`: those whose last read was good); what to tell of each.

    `google` is the pass that has just read them, `sight` what it saw. A sheet that cannot be written in fails
    nothing. `by_hand`: somebody waits for this sync, so what shut us out is tried again at once.
    """
    database = Database.open(pointer)
    if database is None:
        return {}
    with closing(database):
        answering = _FeedbackScheduler(database, register, now, google_pass, pointer, row_totals)
        known = [source for source in sources if source.id in answering.states]
        for source in known:
            answering.update_pending(source, snapshots.get(source.id))
        answering.write_pending(known, is_manual=is_manual)
        return {
            source.id: tuple(problem_messages.list_problems(answering.records[source.id])) for source in known
        }


class _FeedbackScheduler:
    """One pass over the sheets; totals are asked for once a plan, and only where they are needed."""

    def __init__(
        self,
        database: Database,
        register: Register,
        now: datetime,
        google_pass: GooglePass,
        pointer: Path,
        row_totals: RowTotals,
    ) -> None:
        self.states = read_states(database)
        self.records = kept.load_records(kept.get_records_path(pointer))
        self._records_path = kept.get_records_path(pointer)
        self._database, self._register, self._now, self._google_pass = database, register, now, google_pass
        self._today, self._row_totals = clock.to_local_day(now), row_totals
        self._totals_by_plan: dict[str, FindPeriodTotal] = {}
        self._entry_days: dict[str, list[date]] | None = None

    def update_pending(self, source: Source, snapshot: FeedbackSnapshot | None) -> None:
        """Say what a source is owed, from what was read of it or from what has changed since."""
        fingerprint = _compute_fingerprint(source, self.states[source.id])
        before = self.records.get(source.id, FeedbackRecord())
        if snapshot is None:
            same = before.fingerprint == fingerprint
            after = (
                before if same else replace(before, fingerprint=fingerprint, pending=before.pending or "look")
            )
        else:
            after = replace(
                before,
                fingerprint=fingerprint,
                positions_hash=snapshot.positions_hash,
                without_column=snapshot.without_column,
                pending=self._find_pending(source, snapshot, before),
                # Whoever edits a sheet may have let us in.
                refused=before.refused and self._google_pass.reasons.get(source.id) not in ("changed", "new"),
            )
        after = (
            replace(after, since=before.since or self._now) if after.pending else after.with_nothing_pending()
        )
        self.records[source.id] = after

    def write_pending(self, sources: Iterable[Source], *, is_manual: bool) -> None:
        """Answer what is owed, as far as the budget goes: rows first, totals and looks after the oldest."""
        from kpis.sources.google.poll import READS_PER_FEEDBACK

        left = self._google_pass.count_remaining_reads()
        self._save()
        by_name = {source.id: source for source in sources}
        for name in order_pending(by_name, self.records, self._now, is_manual=is_manual):
            source = by_name[name]
            if left is not None and left < READS_PER_FEEDBACK:
                break
            found = self._write_feedback(source)
            self._record_result(source, found)
            self._save()
            left = None if left is None else left - found.read_count
            # What meets every sheet alike would meet the next one too.
            kind = getattr(found.problem, "kind", None)
            if kind == "quota" or getattr(found.problem, "is_global", False):
                break

    def _find_pending(
        self, source: Source, snapshot: FeedbackSnapshot, record: FeedbackRecord
    ) -> PendingWork | None:
        """What differs between the verdicts of a sheet's rows and what stood beside them when it was read.

        Running totals alone, of rows that are as they were, are written once a night: each write of ours may
        cost another read, and somebody's figures move all day.
        """
        from kpis.sources.google.poll import get_last_night

        differing = [
            (tab.current_texts[number], text)
            for tab, changed in snapshot.list_changes(lambda row: self._format_feedback(source, row))
            for number, text in changed.items()
        ]
        if not differing:
            return None
        same = snapshot.positions_hash == record.positions_hash
        if not same or not all(is_totals_only_change(stood, text) for stood, text in differing):
            return "rows"
        tonight = record.tried_at is not None and record.tried_at >= get_last_night(self._now)
        return None if tonight and record.pending is None else "totals"

    def _format_feedback(self, source: Source, row: CheckedRow) -> str:
        return format_row_feedback(row, self._register, self._load_totals(source.plan))

    def _write_feedback(self, source: Source) -> FeedbackResult:
        from kpis.feedback.google.feedback_writer import write_feedback

        rows = self._database.fetch_rows(
            sql.load("kpis.feedback.google", "row_hashes"), {"source": source.id}
        )
        elsewhere = build_recorded_lookup(self._database, source.id)
        return write_feedback(
            source,
            self._google_pass.client,
            self._now,
            check_sheet=lambda raw: check_source(
                raw, source.plan, self._register, self._today, find_counted_elsewhere=elsewhere
            ),
            recorded_hashes={cast(int, row["row_hash"]) for row in rows},
            get_text=lambda row: self._format_feedback(source, row),
            last_tabs=self._google_pass.get_last_tabs(source),
            on_write_start=lambda: self._mark_write_started(source),
            get_modified_time=lambda: self._google_pass.fetch_modified_time(source),
        )

    def _mark_write_started(self, source: Source) -> None:
        """From now until a look has found all well, the sheet is owed one, whatever becomes of this run."""
        self.records[source.id] = replace(self.records[source.id], pending="rows")
        self._save()

    def _record_result(self, source: Source, result: FeedbackResult) -> None:
        one = replace(self.records[source.id], tried_at=self._now, without_column=result.without_column)
        if result.problem is not None:
            lasting = getattr(result.problem, "kind", None) in _LASTING_FAILURES
            one = replace(
                one, refused=lasting, problem=problem_messages.explain_problem(result.problem).to_json()
            )
        elif result.is_up_to_date:
            one = one.with_nothing_pending()
        else:
            one = replace(one, refused=False, problem=None)
        if result.written_cells:
            # Only where the last look found what the database holds is there nothing more to read.
            known = (
                result.is_up_to_date
                and result.problem is None
                and result.positions_hash == one.positions_hash
            )
            self._google_pass.record_write(source, result.modified_time if known else None)
        self.records[source.id] = one

    def _load_totals(self, plan: str) -> FindPeriodTotal:
        if plan not in self._totals_by_plan:
            days = self._load_entry_days().get(plan, ())
            self._totals_by_plan[plan] = self._row_totals(self._database, plan, days, self._today)
        return self._totals_by_plan[plan]

    def _load_entry_days(self) -> dict[str, list[date]]:
        """A day of each year in which a plan's sheets have entries."""
        if self._entry_days is None:
            self._entry_days = {}
            for row in self._database.fetch_rows(sql.load("kpis.feedback.google", "row_targets"), {}):
                if state := self.states.get(cast(str, row["source"])):
                    day = date(cast(int, row["year"]), 1, 1)
                    self._entry_days.setdefault(state.plan, []).append(day)
        return self._entry_days

    def _save(self) -> None:
        kept.save_records(self._records_path, self.records)


def _compute_fingerprint(source: Source, state: SourceState) -> str:
    told = f"{source.location} {state.content_hash} {state.judged_by} {state.falls_due_on}"
    return blake2b(told.encode(), digest_size=16).hexdigest()


_NUMBER_PATTERN = re.compile(r"[\d.,/]+")


def is_totals_only_change(current_text: str, new_text: str) -> bool:
    """Whether two verdicts differ in how far a target has come, and in nothing that the row itself says."""
    both = (
        current_text
        and new_text
        and not (current_text.startswith(REJECTION_SIGN) or new_text.startswith(REJECTION_SIGN))
    )
    return bool(both) and _NUMBER_PATTERN.sub("", current_text) == _NUMBER_PATTERN.sub("", new_text)
