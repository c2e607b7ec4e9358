"""Verdicts written into a Google Sheet's column `Phản hồi`, each beside the row it is about (design.md §4).

Google has no "write if unchanged", so the sheet is read and judged again before the write and after it. A
verdict belongs to a row's content, never to its number: rows that moved get their own, rows that nobody has
recorded yet (new, or edited since) have none until the next sync, and what went beside the wrong row in
between is put right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from kpis.sources.google.urls import parse_spreadsheet_id

MAX_WRITE_ROUNDS = 3
"""Writes in one sync, the second and third only where people edited between our read and our write."""


@dataclass(frozen=True, slots=True)
class FeedbackCell:
    """One cell: the tab's kind and title, the column from 0, the row from 1."""

    kind: TabKind
    title: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class TabFeedback:
    """One tab with the column: what stands in it by row number, and the rows beside it."""

    kind: TabKind
    column: int
    current_texts: Mapping[int, str]
    rows: tuple[CheckedRow, ...]


@dataclass(frozen=True, slots=True)
class FeedbackSnapshot:
    """What one read showed of the column `Phản hồi`: enough to compare with verdicts that are known later.

    `arrangement` is the same for two reads that found the same rows in the same places.
    """

    tabs: tuple[TabFeedback, ...]
    without_column: tuple[str, ...]
    positions_hash: str

    def list_changes(
        self, get_text: Callable[[CheckedRow], str]
    ) -> Iterator[tuple[TabFeedback, dict[int, str]]]:
        """Per tab what is to be written by row number, `text` being the verdict of every row."""
        for tab in self.tabs:
            yield tab, compute_changes(tab.current_texts, {row.number: get_text(row) for row in tab.rows})

    def without_details(self) -> FeedbackSnapshot:
        """Without the texts that no verdict shows: thousands of sheets may be compared after a pass."""
        tabs = (replace(tab, rows=tuple(map(_without_details, tab.rows))) for tab in self.tabs)
        return replace(self, tabs=tuple(tabs))


def snapshot_feedback(sheet: RawSheet, rows: Sequence[CheckedRow]) -> FeedbackSnapshot:
    """What a read shows of the column, and the rows as they were judged."""
    tabs: list[TabFeedback] = []
    without: list[str] = []
    for layout in find_layouts(sheet):
        column = find_feedback_column(layout)
        if column is None:
            without.append(layout.tab.name)
            continue
        of_tab = tuple(row for row in rows if row.tab == layout.kind)
        tabs.append(TabFeedback(layout.kind, column, read_column_texts(layout, column), of_tab))
    places = [(row.tab, row.number, row.row_hash) for row in rows]
    arrangement = blake2b(f"{sheet.notes} {places}".encode(), digest_size=16).hexdigest()
    return FeedbackSnapshot(tuple(tabs), tuple(without), arrangement)


def _without_details(row: CheckedRow) -> CheckedRow:
    if row.entry is not None:
        return replace(row, entry=replace(row.entry, content=None, evidence=None, entered_by=None))
    if row.report is not None:
        return replace(row, report=replace(row.report, result=None, evidence=None, difficulty=None))
    return row


@dataclass(frozen=True)
class FeedbackResult:
    """How a sheet was answered: cells written, tabs without the column, and why nothing more was written.

    `settled`: the last look found every verdict where it belongs; `arrangement` is how it found the rows.
    `modified` is the time that our last write made, as it was said between that write and that look. `looks`
    counts the reads.
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
    """Write the verdict of each recorded row beside it; only cells that change, in one request.

    `recorded` are the hashes of the rows that the database holds, `text` gives a row's verdict. `writing` is
    called right before the first write, `modified` after each. Nothing is raised for a sheet that cannot be
    written in: `problem` says why, and reading it goes on as ever.
    """
    answering = _FeedbackWriter(
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
        answering.run()
    except KpisError as failure:
        problem = failure
    return FeedbackResult(
        answering.written_cells,
        tuple(answering.without_column),
        problem or answering.problem,
        answering.is_up_to_date,
        answering.positions_hash,
        answering.modified_time,
        answering.read_count,
    )


class _FeedbackWriter:
    """One sheet while it is being answered."""

    def __init__(
        self,
        source: Source,
        client: GoogleClient,
        now: datetime,
        check_sheet: Callable[[RawSheet], CheckedSheet],
        recorded_hashes: frozenset[int],
        get_text: Callable[[CheckedRow], str],
        last_tabs: Sequence[TabSnapshot],
        on_write_start: Callable[[], object],
        get_modified_time: Callable[[], str | None],
    ) -> None:
        self.written_cells = self.read_count = 0
        self.is_up_to_date = False
        self.positions_hash = ""
        self.modified_time: str | None = None
        self.without_column: dict[str, None] = {}
        self.problem: GoogleError | None = None
        self._source, self._client, self._now = source, client, now
        self._check_sheet, self._recorded_hashes, self._get_text, self._last_tabs = (
            check_sheet,
            recorded_hashes,
            get_text,
            last_tabs,
        )
        self._on_write_start, self._get_modified_time = on_write_start, get_modified_time
        self._protected_kinds: set[TabKind] = set()

    def run(self) -> None:
        """Look and write until nothing differs. A write without effect, as under a merged cell, ends it."""
        wanted = self._read_changes()
        for turn in range(MAX_WRITE_ROUNDS):
            if not wanted:
                break
            if turn == 0:
                self._on_write_start()
            self._write(wanted)
            self.modified_time = self._get_modified_time()
            before, wanted = wanted, self._read_changes()
            if wanted == before:
                wanted = {}
        self.is_up_to_date = not wanted

    def _read_changes(self) -> dict[FeedbackCell, str]:
        """Read the sheet, judge it, and say what should be written where."""
        self.read_count += 1
        read = read_google_sheet(self._source, self._client, self._now, self._last_tabs)
        self._last_tabs = read.tabs or self._last_tabs
        titles = {tab.kind: tab.title for tab in read.tabs}
        shown = snapshot_feedback(read.sheet, self._check_sheet(read.sheet).rows)
        self.positions_hash = shown.positions_hash
        self.without_column |= dict.fromkeys(shown.without_column)
        wanted: dict[FeedbackCell, str] = {}
        for tab in shown.tabs:
            if tab.kind in self._protected_kinds:
                continue
            verdicts = {
                row.number: self._get_text(row) for row in tab.rows if row.row_hash in self._recorded_hashes
            }
            for number, text in compute_changes(tab.current_texts, verdicts).items():
                wanted[FeedbackCell(tab.kind, titles[tab.kind], tab.column, number)] = text
        return wanted

    def _write(self, texts: Mapping[FeedbackCell, str]) -> None:
        try:
            self._send(texts)
        except GoogleError as failure:
            kinds = {place.kind for place in texts}
            if failure.kind != "protected" or len(kinds) == 1:
                raise
            # All or nothing is written: where one tab is protected, the other can still be answered.
            for kind in sorted(kinds):
                try:
                    self._send({place: text for place, text in texts.items() if place.kind == kind})
                except GoogleError as of_tab:
                    if of_tab.kind != "protected":
                        raise
                    self.problem = of_tab
                    self._protected_kinds.add(kind)

    def _send(self, texts: Mapping[FeedbackCell, str]) -> None:
        file = parse_spreadsheet_id(self._source.location)
        self._client.update_values(file, list(_build_ranges(texts)), lambda: self._read_changes() == texts)
        self.written_cells += len(texts)


def _build_ranges(texts: Mapping[FeedbackCell, str]) -> Iterator[Json]:
    """Runs of rows below each other, one range each."""
    places = sorted(texts, key=lambda place: (place.kind, place.row))
    for _, run in groupby(enumerate(places), key=lambda item: (item[1].kind, item[1].row - item[0])):
        cells = [place for _, place in run]
        letters = format_column_letters(cells[0].column)
        title = cells[0].title.replace("'", "''")
        yield {
            "range": f"'{title}'!{letters}{cells[0].row}:{letters}{cells[-1].row}",
            "values": [[texts[place]] for place in cells],
        }
