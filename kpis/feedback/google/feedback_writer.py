"""Write feedback into the column `Phản hồi` of a Google Sheet, each text beside its row (design.md §4).

Google has no "write if unchanged", so the sheet is read and checked before and after each write. Feedback
belongs to a row's content, never to its number: rows that moved keep theirs, rows that the database does
not hold yet (new, or edited since the sync) get none until the next sync, and texts that ended up beside the
wrong row are corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import groupby

from kpis.errors import KpisError
from kpis.feedback.cell_changes import compute_changes, find_feedback_column, read_column_texts
from kpis.sheet.cells import format_column_letters
from kpis.sheet.layout import TabKind, find_layouts
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet, Source
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_reader import TabSnapshot, get_tab_name, read_google_sheet
from kpis.sources.google.urls import parse_spreadsheet_id

MAX_WRITE_ROUNDS = 3
"""Writes in one sync; more than one is needed only if people edit between our read and our write."""


@dataclass(frozen=True, slots=True)
class FeedbackCell:
    """One cell of a feedback column: columns count from 0, rows from 1."""

    kind: TabKind
    title: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class TabFeedback:
    """One tab with a feedback column: its texts by row number, and the tab's checked rows."""

    kind: TabKind
    name: str
    column: int
    current_texts: Mapping[int, str]
    rows: tuple[CheckedRow, ...]


@dataclass(frozen=True, slots=True)
class FeedbackSnapshot:
    """The feedback columns of a sheet as one read found them, to compare with the feedback computed later.

    `positions_hash` is equal for two reads that found the same rows in the same places.
    """

    tabs: tuple[TabFeedback, ...]
    without_column: tuple[str, ...]
    positions_hash: str

    def list_changes(
        self, get_text: Callable[[CheckedRow], str]
    ) -> Iterator[tuple[TabFeedback, dict[int, str]]]:
        """Yield each tab with the texts to write by row number; `get_text` gives the feedback on a row."""
        for tab in self.tabs:
            yield tab, compute_changes(tab.current_texts, {row.number: get_text(row) for row in tab.rows})

    def without_details(self) -> FeedbackSnapshot:
        """Return a copy without texts that no feedback shows, to save memory with thousands of sheets."""
        tabs = (replace(tab, rows=tuple(map(_without_details, tab.rows))) for tab in self.tabs)
        return replace(self, tabs=tuple(tabs))


def snapshot_feedback(sheet: RawSheet, rows: Sequence[CheckedRow]) -> FeedbackSnapshot:
    """Return the feedback columns of `sheet`, whose checked rows are `rows`."""
    tabs: list[TabFeedback] = []
    without_column: list[str] = []
    for layout in find_layouts(sheet):
        column = find_feedback_column(layout)
        if column is None:
            without_column.append(layout.tab.name)
            continue
        tab_rows = tuple(row for row in rows if row.tab == layout.kind and row.tab_name == layout.tab.name)
        tabs.append(
            TabFeedback(layout.kind, layout.tab.name, column, read_column_texts(layout, column), tab_rows)
        )
    positions = [(row.tab, row.number, row.row_hash) for row in rows]
    positions_hash = blake2b(f"{sheet.notes} {positions}".encode(), digest_size=16).hexdigest()
    return FeedbackSnapshot(tuple(tabs), tuple(without_column), positions_hash)


def _without_details(row: CheckedRow) -> CheckedRow:
    if row.entry is not None:
        return replace(row, entry=replace(row.entry, content=None, evidence=None, entered_by=None))
    if row.report is not None:
        return replace(row, report=replace(row.report, result=None, evidence=None, difficulty=None))
    return row


@dataclass(frozen=True)
class FeedbackResult:
    """The result of writing feedback to one sheet; `problem` is why not everything was written.

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


def write_feedback(
    source: Source,
    client: GoogleClient,
    now: datetime,
    check_sheet: Callable[[RawSheet], CheckedSheet],
    recorded_hashes: Collection[int],
    get_text: Callable[[CheckedRow], str],
    last_tabs: Sequence[TabSnapshot] = (),
    on_write_start: Callable[[], object] = lambda: None,
    get_modified_time: Callable[[], str | None] = lambda: None,
) -> FeedbackResult:
    """Write the feedback on each recorded row beside it; only cells that change, in one request.

    `recorded_hashes` are the hashes of the rows in the database, `get_text` gives the feedback on a row.
    `on_write_start` is called right before the first write, `get_modified_time` after each. A sheet that
    cannot be written to raises nothing: the result's `problem` says why.
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
    )
    problem: KpisError | None = None
    try:
        writer.run()
    except KpisError as failure:
        problem = failure
    return FeedbackResult(
        writer.written_cells,
        tuple(writer.without_column),
        problem or writer.problem,
        writer.is_up_to_date,
        writer.positions_hash,
        writer.modified_time,
        writer.read_count,
    )


@dataclass
class _FeedbackWriter:
    """The feedback of one sheet while it is being written; parameters as in `write_feedback`."""

    source: Source
    client: GoogleClient
    now: datetime
    check_sheet: Callable[[RawSheet], CheckedSheet]
    recorded_hashes: frozenset[int]
    get_text: Callable[[CheckedRow], str]
    last_tabs: Sequence[TabSnapshot]
    on_write_start: Callable[[], object]
    get_modified_time: Callable[[], str | None]
    written_cells: int = 0
    read_count: int = 0
    is_up_to_date: bool = False
    positions_hash: str = ""
    modified_time: str | None = None
    without_column: dict[str, None] = field(default_factory=dict)
    problem: GoogleError | None = None
    protected_kinds: set[TabKind] = field(default_factory=set)

    def run(self) -> None:
        """Read and write until nothing differs, or until a write changes nothing, as in a merged cell."""
        changes = self._read_changes()
        for turn in range(MAX_WRITE_ROUNDS):
            if not changes:
                break
            if turn == 0:
                self.on_write_start()
            self._write(changes)
            self.modified_time = self.get_modified_time()
            written, changes = changes, self._read_changes()
            if changes == written:
                changes = {}
        self.is_up_to_date = not changes

    def _read_changes(self) -> dict[FeedbackCell, str]:
        """Read and check the sheet, and return the texts to write."""
        self.read_count += 1
        read = read_google_sheet(self.source, self.client, self.now, self.last_tabs)
        self.last_tabs = read.tabs or self.last_tabs
        titles = {get_tab_name(tab.kind, tab.title): tab.title for tab in read.tabs}
        snapshot = snapshot_feedback(read.sheet, self.check_sheet(read.sheet).rows)
        self.positions_hash = snapshot.positions_hash
        self.without_column |= dict.fromkeys(snapshot.without_column)
        changes: dict[FeedbackCell, str] = {}
        for tab in snapshot.tabs:
            if tab.kind in self.protected_kinds:
                continue
            feedback = {
                row.number: self.get_text(row) for row in tab.rows if row.row_hash in self.recorded_hashes
            }
            for number, text in compute_changes(tab.current_texts, feedback).items():
                changes[FeedbackCell(tab.kind, titles[tab.name], tab.column, number)] = text
        return changes

    def _write(self, texts: Mapping[FeedbackCell, str]) -> None:
        try:
            self._send(texts)
        except GoogleError as failure:
            kinds = {cell.kind for cell in texts}
            if failure.kind != "protected" or len(kinds) == 1:
                raise
            # Google writes all ranges or none, so the tabs that are not protected are written separately.
            for kind in sorted(kinds):
                try:
                    self._send({cell: text for cell, text in texts.items() if cell.kind == kind})
                except GoogleError as tab_failure:
                    if tab_failure.kind != "protected":
                        raise
                    self.problem = tab_failure
                    self.protected_kinds.add(kind)

    def _send(self, texts: Mapping[FeedbackCell, str]) -> None:
        file_id = parse_spreadsheet_id(self.source.location)
        self.client.update_values(file_id, list(_build_ranges(texts)), lambda: self._read_changes() == texts)
        self.written_cells += len(texts)


def _build_ranges(texts: Mapping[FeedbackCell, str]) -> Iterator[Json]:
    """Yield one range of values for each run of consecutive rows."""
    ordered = sorted(texts, key=lambda cell: (cell.kind, cell.title, cell.row))
    for _, run in groupby(enumerate(ordered), key=lambda item: (item[1].title, item[1].row - item[0])):
        cells = [cell for _, cell in run]
        letters = format_column_letters(cells[0].column)
        title = cells[0].title.replace("'", "''")
        yield {
            "range": f"'{title}'!{letters}{cells[0].row}:{letters}{cells[-1].row}",
            "values": [[texts[cell]] for cell in cells],
        }
