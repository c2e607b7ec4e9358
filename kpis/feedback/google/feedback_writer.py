"""Write feedback into the column `Phản hồi` of a Google Sheet, each text beside its row (design.md §4).

Google has no "write if unchanged", so a write goes to the column by its tag, which moves with the column, and
the sheet is read and checked before and after each write. Feedback belongs to a row's content, never to its
number: rows that moved keep theirs, rows that the database does not hold yet (new, or edited since the sync)
get none until the next sync, and texts that ended up beside the wrong row are corrected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from kpis.errors import KpisError
from kpis.feedback.google.displaced_texts import DisplacedTexts, find_displaced_texts
from kpis.feedback.google.sheet_contents import Formula, TabContents
from kpis.feedback.google.sheet_look import FeedbackCell, SheetLook, look_at_sheet
from kpis.feedback.google.write_journal import WriteJournal
from kpis.sheet.model import CheckedExplanations, CheckedRow, CheckedSheet, RawSheet, SetAsideRow, Source
from kpis.sheet.tab_headers import TabKind
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.column_tags import build_tag_request
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_reader import TabSnapshot
from kpis.sources.google.urls import parse_spreadsheet_id

MAX_WRITE_ROUNDS = 3
"""Writes in one sync; more than one is needed only if people edit between our read and our write."""
_MAX_TAG_ROUNDS = 2
_NEVER_WRITTEN = frozenset({"read_only", "protected", "not_shared", "missing", "scope", "key_refused"})
"""Failures after which Google has certainly written nothing."""


@dataclass(frozen=True)
class FeedbackResult:
    """The result of writing feedback to one sheet; `problem` is why not everything was written.

    `displacement`: what was put back, or may be lost, in cells that are not ours; it is the `problem` too.
    `is_up_to_date`: the last read found all feedback in place, with the rows as in `positions_hash`.
    `modified_time` is the file's modified time between our last write and the read after it.
    """

    written_cells: int
    without_column: tuple[str, ...] = ()
    problem: KpisError | None = None
    is_up_to_date: bool = False
    positions_hash: str = ""
    modified_time: str | None = None
    read_count: int = 0
    displacement: KpisError | None = None


def write_feedback(
    source: Source,
    client: GoogleClient,
    now: datetime,
    check_sheet: Callable[[RawSheet], CheckedSheet],
    recorded_hashes: Collection[int],
    get_text: Callable[[CheckedRow | SetAsideRow], str],
    last_tabs: Sequence[TabSnapshot] = (),
    on_write_start: Callable[[], object] = lambda: None,
    get_modified_time: Callable[[], str | None] = lambda: None,
    journal: WriteJournal | None = None,
    check_explanations: Callable[[RawSheet], CheckedExplanations | None] = lambda _: None,
) -> FeedbackResult:
    """Write the feedback on each recorded row beside it; only cells that change, in one request.

    `recorded_hashes` are the hashes of the rows in the database, `get_text` gives the feedback on a row.
    `on_write_start` is called right before the first write, `get_modified_time` after each. `journal` keeps what
    a write may replace until it was looked at; what an interrupted write replaced is put back first. A sheet that
    cannot be written to raises nothing: the result's `problem` says why. `check_explanations` checks the optional
    tab, None where it cannot be read.
    """
    writer = _FeedbackWriter(
        source,
        client,
        now,
        check_sheet,
        frozenset(recorded_hashes),
        get_text,
        last_tabs,
        on_write_start,
        get_modified_time,
        journal,
        check_explanations,
    )
    problem: KpisError | None = None
    try:
        writer.run()
    except KpisError as failure:
        problem = failure
    return FeedbackResult(
        writer.written_cells,
        tuple(writer.without_column),
        writer.displacement or problem or writer.problem,
        writer.is_up_to_date,
        writer.positions_hash,
        writer.modified_time,
        writer.read_count,
        writer.displacement,
    )


@dataclass
class _FeedbackWriter:
    """The feedback of one sheet while it is being written; parameters as in `write_feedback`."""

    source: Source
    client: GoogleClient
    now: datetime
    check_sheet: Callable[[RawSheet], CheckedSheet]
    recorded_hashes: frozenset[int]
    get_text: Callable[[CheckedRow | SetAsideRow], str]
    last_tabs: Sequence[TabSnapshot]
    on_write_start: Callable[[], object]
    get_modified_time: Callable[[], str | None]
    journal: WriteJournal | None = None
    check_explanations: Callable[[RawSheet], CheckedExplanations | None] = lambda _: None
    written_cells: int = 0
    read_count: int = 0
    is_up_to_date: bool = False
    positions_hash: str = ""
    modified_time: str | None = None
    without_column: dict[str, None] = field(default_factory=dict)
    problem: KpisError | None = None
    displacement: KpisError | None = None
    protected_kinds: set[TabKind] = field(default_factory=set)

    @property
    def file_id(self) -> str:
        return parse_spreadsheet_id(self.source.location)

    def run(self) -> None:
        """Read and write until nothing differs, or until a write changes nothing, as in a merged cell."""
        look = self._look(self._load_interrupted(), ends_write=True)
        for turn in range(MAX_WRITE_ROUNDS):
            if not look.changes:
                break
            if turn == 0:
                self.on_write_start()
            look = self._tag_columns(look)
            if not look.changes:
                break
            self._write_with_journal(look)
            self.modified_time = self.get_modified_time()
            written, look = look, self._look(look, ends_write=True)
            if look.changes == written.changes:
                self.is_up_to_date = True
                return
        self.is_up_to_date = not look.changes

    def _load_interrupted(self) -> SheetLook | None:
        """Return the look before an interrupted write; None without one, or if it is lost, which is told."""
        try:
            return self.journal.load() if self.journal else None
        except KpisError as error:
            self.displacement = error
            return None

    def _look(
        self, last_look: SheetLook | None = None, restores_left: int = MAX_WRITE_ROUNDS, *, ends_write: bool = False
    ) -> SheetLook:
        """Read the sheet, remove texts that a write after `last_look` displaced, and check the rows.

        `ends_write`: that write is over, so its journal is removed after this look.
        """
        self.read_count += 1
        reading = look_at_sheet(self.source, self.client, self.now, self.last_tabs)
        self.last_tabs = reading.tabs or self.last_tabs
        if last_look is not None and self._restore_displaced(last_look, reading.contents) and restores_left:
            return self._look(last_look, restores_left - 1, ends_write=ends_write)
        if self.journal and ends_write:
            self.journal.clear()
        look = reading.check(self.check_sheet, self._get_recorded_text, self.protected_kinds, self.check_explanations)
        self.positions_hash = look.positions_hash
        self.without_column |= dict.fromkeys(look.without_column)
        return look

    def _get_recorded_text(self, row: CheckedRow | SetAsideRow) -> str:
        return self.get_text(row) if row.row_hash in self.recorded_hashes else ""

    def _tag_columns(self, look: SheetLook) -> SheetLook:
        """Tag the feedback columns to write to, and look again until each of them is seen with its tag."""
        for _ in range(_MAX_TAG_ROUNDS):
            untagged = look.list_untagged()
            if not untagged:
                return look
            requests = [build_tag_request(tab_id, column) for tab_id, column in untagged]
            self.client.batch_update(self.file_id, requests)
            look = self._look()
        if look.list_untagged():  # columns moved each time; no cell is written without a tag
            raise GoogleError("bad_range")
        return look

    def _write_with_journal(self, look: SheetLook) -> None:
        """Write; the journal stays until the look that follows, unless Google has certainly written nothing."""
        written_before = self.written_cells
        if self.journal:
            self.journal.keep(look)
        try:
            self._write(look)
        except GoogleError as failure:
            if self.journal and failure.kind in _NEVER_WRITTEN and self.written_cells == written_before:
                self.journal.clear()
            raise

    def _write(self, look: SheetLook) -> None:
        try:
            self._send(look, look.changes)
        except GoogleError as failure:
            kinds = {cell.kind for cell in look.changes}
            if failure.kind != "protected" or len(kinds) == 1:
                raise
            # Google writes all ranges or none, so the tabs that are not protected are written separately.
            for kind in sorted(kinds):
                try:
                    texts = {cell: text for cell, text in look.changes.items() if cell.kind == kind}
                    self._send(look, texts)
                except GoogleError as tab_failure:
                    if tab_failure.kind != "protected":
                        raise
                    self.problem = tab_failure
                    self.protected_kinds.add(kind)

    def _send(self, look: SheetLook, texts: Mapping[FeedbackCell, str]) -> None:
        columns: defaultdict[int, dict[int, object]] = defaultdict(dict)
        for cell, text in texts.items():
            columns[cell.tag_id][cell.row] = text
        try:
            self.written_cells += self.client.update_columns(
                self.file_id, columns, lambda: self._look(look).changes == texts
            )
        except GoogleError as failure:
            if failure.kind in _NEVER_WRITTEN:
                raise
            with suppress(KpisError):  # the first failure is the one to report
                after = self._look(look)  # a write whose answer was lost may have been carried out
                if not after.tag_ids.issuperset(columns):
                    raise GoogleError("bad_range") from None
            raise

    def _restore_displaced(self, last_look: SheetLook, contents: Mapping[int, TabContents]) -> bool:
        """Put back what texts written after `last_look` replaced outside `Phản hồi`; True if anything."""
        restored = False
        for tag_id, written in last_look.list_written().items():
            tab_id = last_look.get_tab_id(tag_id)
            if tab_id not in contents or tab_id not in last_look.contents:
                continue
            displaced = find_displaced_texts(tag_id, written, last_look.contents[tab_id], contents[tab_id])
            if displaced is not None:
                self.displacement = self.displacement or displaced.build_error()
                restored = self._put_back(displaced) or restored
        return restored

    def _put_back(self, displaced: DisplacedTexts) -> bool:
        formulas = {row: value.text for row, value in displaced.contents.items() if isinstance(value, Formula)}
        values = {row: value for row, value in displaced.contents.items() if row not in formulas}
        texts = {row: "" if value is None else value for row, value in values.items()}
        for columns, allow_formulas in ((texts, False), (formulas, True)):
            if columns:
                self.client.update_columns(self.file_id, {displaced.tag_id: columns}, allow_formulas=allow_formulas)
        return bool(displaced.contents)
