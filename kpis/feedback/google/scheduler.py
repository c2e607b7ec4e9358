"""Decide which Google Sheets need new feedback after a sync, and write it in order of priority.

A sheet that the sync has just read is compared with what was read, which costs no request. Any other sheet is
read if something other than running totals has changed. What exceeds the read budget waits for the next sync.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from kpis.checks.source_check import check_source
from kpis.errors import KpisError, UsageError
from kpis.feedback.google import problem_messages
from kpis.feedback.google.priority import order_pending
from kpis.feedback.google.records import FeedbackRecord, PendingWork, RecordBook
from kpis.feedback.google.row_texts import BuildRowFigures, RowTexts, is_totals_only_change
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.google.read_schedule import READS_PER_FEEDBACK, get_last_night
from kpis.store import sql
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.shared_files import InstallationFiles
from kpis.sync.cross_source_duplicates import build_recorded_lookup
from kpis.sync.explanation_pass import check_recorded_explanations
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message
from kpis.sync.state import SourceState, read_states

if TYPE_CHECKING:
    from kpis.feedback.google.feedback_writer import FeedbackResult
    from kpis.feedback.google.snapshot import FeedbackSnapshot
    from kpis.sources.google.poll import GooglePass

_log = logging.getLogger("kpis.feedback")
_LASTING_FAILURES = frozenset({"read_only", "protected", "scope", "storage", "policy", "api_disabled"})
"""Kinds of GoogleError that stay until people change something."""


def is_feedback_enabled(environment: Mapping[str, str]) -> bool:
    """True unless KPIS_GOOGLE_FEEDBACK is off. UsageError for any other value than on or off."""
    text = environment.get("KPIS_GOOGLE_FEEDBACK") or "on"
    if text.strip().lower() not in {"on", "off"}:
        raise UsageError("KPIS_GOOGLE_FEEDBACK is “{text}”. Use on or off.", text=text)
    return text.strip().lower() == "on"


class FeedbackSnapshots:
    """The feedback columns that the reads of one sync found, by source."""

    def __init__(self) -> None:
        self._snapshots: dict[str, FeedbackSnapshot] = {}

    def record(self, source: Source, reading: SourceReading) -> None:
        """Store the feedback columns of a Google Sheet that was read successfully."""
        # Imported here since gspread is slow to import and many installations have no Google Sheet.
        from kpis.feedback.google.snapshot import snapshot_feedback

        snapshot = snapshot_feedback(reading.raw, reading.checked, reading.explanations)
        self._snapshots[source.id] = snapshot.without_details()

    def get(self, source_id: str) -> FeedbackSnapshot | None:
        """Return the snapshot of a source, None if it was not read in this sync."""
        return self._snapshots.get(source_id)


def update_feedback(
    sources: Iterable[Source],
    unread_sources: Iterable[Source],
    snapshots: FeedbackSnapshots,
    files: InstallationFiles,
    register: Register,
    now: datetime,
    google_pass: GooglePass,
    row_figures: BuildRowFigures,
    *,
    is_manual: bool,
    lake: LakeAddress | None = None,
) -> dict[str, tuple[Message, ...]]:
    """Write feedback into Google Sheets and return the messages to show for each source.

    `sources` are those whose last read was good, `snapshots` what the reads of `google_pass` found. In
    `unread_sources` only what an interrupted write replaced is put back. A sheet that cannot be written to is
    no failure. `is_manual`: somebody waits for this sync, so sheets that refused us are tried again at once.
    """
    database = Database.open(files.pointer)
    if database is None:
        return {}
    with closing(database):
        scheduler = _FeedbackScheduler(database, register, now, google_pass, files, row_figures, lake)
        stored_sources = [source for source in sources if source.id in scheduler.states]
        for source in stored_sources:
            try:
                scheduler.update_pending(source, snapshots.get(source.id))
            except KpisError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever one sheet provokes stops no other
                scheduler.record_fault(source, error)
        others = [source for source in unread_sources if source.id in scheduler.states]
        scheduler.write_pending(stored_sources, others, is_manual=is_manual)
        return scheduler.list_messages(stored_sources, others)


class _FeedbackScheduler:
    """The feedback work of one sync."""

    def __init__(
        self,
        database: Database,
        register: Register,
        now: datetime,
        google_pass: GooglePass,
        files: InstallationFiles,
        row_figures: BuildRowFigures,
        lake: LakeAddress | None,
    ) -> None:
        self.states = read_states(database)
        self._files, self._book = files, RecordBook(files.pointer, lake)
        self.records = self._book.load()
        self._database, self._register, self._now, self._google_pass = database, register, now, google_pass
        self._today = clock.to_local_day(now)
        self._texts = RowTexts(database, register, self.states, self._today, row_figures)

    def update_pending(self, source: Source, snapshot: FeedbackSnapshot | None) -> None:
        """Update the record of a source from its snapshot, or without one from what has changed since."""
        fingerprint = _compute_fingerprint(source, self.states[source.id])
        previous = self._get_record(source)
        record = previous
        if snapshot is not None:
            record = replace(
                previous,
                fingerprint=fingerprint,
                positions_hash=snapshot.positions_hash,
                without_column=snapshot.without_column,
                pending=self._find_pending(source, snapshot, previous),
                # People who edit a sheet may also have given us access.
                refused=previous.refused and self._google_pass.reasons.get(source.id) not in ("changed", "new"),
            )
        elif previous.fingerprint != fingerprint:
            record = replace(previous, fingerprint=fingerprint, pending=previous.pending or "look")
        if record.pending:
            self.records[source.id] = replace(record, since=previous.since or self._now)
        else:
            self.records[source.id] = record.with_nothing_pending()

    def record_fault(self, source: Source, error: Exception) -> None:
        """Record what a sheet provoked while its feedback was prepared or written; the next sync tries again."""
        _log.info("fault in the feedback of %s", source.id, exc_info=error)
        message = Message(problem_messages.FEEDBACK_FAULT, {"fault": type(error).__name__})
        record = self._get_record(source)
        self.records[source.id] = replace(
            record,
            pending=record.pending or "look",
            since=record.since or self._now,
            tried_at=self._now,
            problem=message.to_json(),
        )

    def write_pending(self, sources: Sequence[Source], unread_sources: Sequence[Source], *, is_manual: bool) -> None:
        """Write pending feedback in the order of `order_pending`, as far as the read budget allows.

        Sheets whose last write was interrupted come first, unread ones too: our text may stand in cells of others.
        """
        from kpis.feedback.google.write_journal import WriteJournal

        remaining_reads = self._google_pass.count_remaining_reads()
        self._save()
        sources_by_id = {source.id: source for source in (*sources, *unread_sources)}
        interrupted = [name for name in sources_by_id if WriteJournal(self._files, name).exists()]
        stored_ids = [source.id for source in sources]
        pending = order_pending(stored_ids, self.records, self._now, is_manual=is_manual)
        for source_id in dict.fromkeys((*interrupted, *pending)):
            if remaining_reads is not None and remaining_reads < READS_PER_FEEDBACK:
                break
            result = self._try_to_write(sources_by_id[source_id])
            self._save()
            if remaining_reads is not None:
                remaining_reads -= result.read_count if result else READS_PER_FEEDBACK
            if result is None:
                continue
            # A failure that does not depend on the sheet would stop the next one too.
            if getattr(result.problem, "kind", None) == "quota" or getattr(result.problem, "is_global", False):
                break

    def list_messages(
        self, sources: Iterable[Source], unread_sources: Iterable[Source]
    ) -> dict[str, tuple[Message, ...]]:
        """Return what is to be told about each sheet; of one that was not read, only about cells of others."""
        problems = {
            source.id: tuple(problem_messages.list_problems(self._get_record(source), self._now)) for source in sources
        }
        return problems | {
            source.id: tuple(problem_messages.list_displacements(self._get_record(source), self._now))
            for source in unread_sources
        }

    def _get_record(self, source: Source) -> FeedbackRecord:
        return self.records.get(source.id, FeedbackRecord())

    def _try_to_write(self, source: Source) -> FeedbackResult | None:
        """Write feedback and record the result; None if the sheet provoked what nobody foresaw."""
        try:
            result = self._write_feedback(source)
        except KpisError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one sheet provokes stops no other
            self.record_fault(source, error)
            return None
        self._record_result(source, result)
        return result

    def _find_pending(self, source: Source, snapshot: FeedbackSnapshot, record: FeedbackRecord) -> PendingWork | None:
        """Return what has to be written so that a sheet's feedback is up to date, None if nothing.

        If only running totals differ and the rows are unchanged, they are written once a night: each write
        may cost another read, and totals change all day.
        """
        differing = [
            (tab.current_texts[number], text)
            for tab, changed in snapshot.list_changes(lambda row: self._texts.format(source.plan, row))
            for number, text in changed.items()
        ]
        if not differing:
            return None
        rows_moved = snapshot.positions_hash != record.positions_hash
        if rows_moved or not all(is_totals_only_change(current, new) for current, new in differing):
            return "rows"
        written_tonight = record.tried_at is not None and record.tried_at >= get_last_night(self._now)
        return None if written_tonight and record.pending is None else "totals"

    def _write_feedback(self, source: Source) -> FeedbackResult:
        from kpis.feedback.google.feedback_writer import write_feedback
        from kpis.feedback.google.write_journal import WriteJournal

        rows = self._database.fetch_rows(sql.load("kpis.feedback.google", "row_hashes"), {"source": source.id})
        find_counted_elsewhere = build_recorded_lookup(self._database, source.id)
        return write_feedback(
            source,
            self._google_pass.client,
            self._now,
            check_sheet=lambda raw: check_source(
                raw, source.plan, self._register, self._today, find_counted_elsewhere=find_counted_elsewhere
            ),
            recorded_hashes={cast(int, row["row_hash"]) for row in rows},
            get_text=lambda row: self._texts.format(source.plan, row),
            last_tabs=self._google_pass.get_last_tabs(source),
            on_write_start=lambda: self._mark_write_started(source),
            get_modified_time=lambda: self._google_pass.fetch_modified_time(source),
            journal=WriteJournal(self._files, source.id),
            check_explanations=lambda raw: check_recorded_explanations(
                raw, source, self._register, self._today, self._database
            ),
        )

    def _mark_write_started(self, source: Source) -> None:
        """Mark the sheet as pending, so that an interrupted write is checked again by the next sync."""
        self.records[source.id] = replace(self._get_record(source), pending="rows")
        self._save()

    def _record_result(self, source: Source, result: FeedbackResult) -> None:
        record = replace(self._get_record(source), tried_at=self._now, without_column=result.without_column)
        if result.displacement is not None:
            displacement = problem_messages.explain_problem(result.displacement).to_json()
            record = replace(record, displacement=displacement, displaced_at=self._now)
        if result.problem is not None:
            record = replace(
                record,
                refused=getattr(result.problem, "kind", None) in _LASTING_FAILURES,
                problem=problem_messages.explain_problem(result.problem).to_json(),
            )
        elif result.is_up_to_date:
            record = record.with_nothing_pending()
        else:
            record = replace(record, refused=False, problem=None)
        if result.written_cells:
            # The sheet need not be read again only if the last read found the rows that the database holds.
            is_unchanged = (
                result.is_up_to_date and result.problem is None and result.positions_hash == record.positions_hash
            )
            self._google_pass.record_write(source, result.modified_time if is_unchanged else None)
        self.records[source.id] = record

    def _save(self) -> None:
        self._book.save(self.records)


def _compute_fingerprint(source: Source, state: SourceState) -> str:
    parts = f"{source.location} {state.content_hash} {state.judged_by} {state.falls_due_on}"
    return blake2b(parts.encode(), digest_size=16).hexdigest()
