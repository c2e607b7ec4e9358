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
from kpis.feedback.cell_changes import changes, feedback_column, standing
from kpis.sheet.cells import column_letters
from kpis.sheet.layout import Kind, find_layouts
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet, Source
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.read import KnownTab, read_google
from kpis.sources.google.urls import spreadsheet_id

ROUNDS = 3
"""Writes in one sync, the second and third only where people edited between our read and our write."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: the tab's kind and title, the column from 0, the row from 1."""

    kind: Kind
    title: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class SeenTab:
    """One tab with the column: what stands in it by row number, and the rows beside it."""

    kind: Kind
    column: int
    standing: Mapping[int, str]
    rows: tuple[CheckedRow, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one read showed of the column `Phản hồi`: enough to compare with verdicts that are known later.

    `arrangement` is the same for two reads that found the same rows in the same places.
    """

    tabs: tuple[SeenTab, ...]
    without_column: tuple[str, ...]
    arrangement: str

    def differing(self, text: Callable[[CheckedRow], str]) -> Iterator[tuple[SeenTab, dict[int, str]]]:
        """Per tab what is to be written by row number, `text` being the verdict of every row."""
        for tab in self.tabs:
            yield tab, changes(tab.standing, {row.number: text(row) for row in tab.rows})

    def light(self) -> Seen:
        """Without the texts that no verdict shows: thousands of sheets may be compared after a pass."""
        tabs = (replace(tab, rows=tuple(map(_light, tab.rows))) for tab in self.tabs)
        return replace(self, tabs=tuple(tabs))


def seen(sheet: RawSheet, rows: Sequence[CheckedRow]) -> Seen:
    """What a read shows of the column, and the rows as they were judged."""
    tabs: list[SeenTab] = []
    without: list[str] = []
    for layout in find_layouts(sheet):
        column = feedback_column(layout)
        if column is None:
            without.append(layout.tab.name)
            continue
        of_tab = tuple(row for row in rows if row.tab == layout.kind)
        tabs.append(SeenTab(layout.kind, column, standing(layout, column), of_tab))
    places = [(row.tab, row.number, row.row_hash) for row in rows]
    arrangement = blake2b(f"{sheet.notes} {places}".encode(), digest_size=16).hexdigest()
    return Seen(tuple(tabs), tuple(without), arrangement)


def _light(row: CheckedRow) -> CheckedRow:
    if row.entry is not None:
        return replace(row, entry=replace(row.entry, content=None, evidence=None, entered_by=None))
    if row.report is not None:
        return replace(row, report=replace(row.report, result=None, evidence=None, difficulty=None))
    return row


@dataclass(frozen=True)
class Answer:
    """How a sheet was answered: cells written, tabs without the column, and why nothing more was written.

    `settled`: the last look found every verdict where it belongs; `arrangement` is how it found the rows.
    `modified` is the time that our last write made, as it was said between that write and that look. `looks`
    counts the reads.
    """

    written: int
    without_column: tuple[str, ...] = ()
    problem: KpisError | None = None
    settled: bool = False
    arrangement: str = ""
    modified: str | None = None
    looks: int = 0


def answer(
    source: Source,
    client: GoogleClient,
    now: datetime,
    judge: Callable[[RawSheet], CheckedSheet],
    recorded: Collection[int],
    text: Callable[[CheckedRow], str],
    known: Sequence[KnownTab] = (),
    writing: Callable[[], object] = lambda: None,
    modified: Callable[[], str | None] = lambda: None,
) -> Answer:
    """Write the verdict of each recorded row beside it; only cells that change, in one request.

    `recorded` are the hashes of the rows that the database holds, `text` gives a row's verdict. `writing` is
    called right before the first write, `modified` after each. Nothing is raised for a sheet that cannot be
    written in: `problem` says why, and reading it goes on as ever.
    """
    answering = _Answering(source, client, now, judge, frozenset(recorded), text, known, writing, modified)
    problem: KpisError | None = None
    try:
        answering.run()
    except KpisError as failure:
        problem = failure
    return Answer(
        answering.written,
        tuple(answering.without_column),
        problem or answering.problem,
        answering.settled,
        answering.arrangement,
        answering.modified,
        answering.looks,
    )


class _Answering:
    """One sheet while it is being answered."""

    def __init__(
        self,
        source: Source,
        client: GoogleClient,
        now: datetime,
        judge: Callable[[RawSheet], CheckedSheet],
        recorded: frozenset[int],
        text: Callable[[CheckedRow], str],
        known: Sequence[KnownTab],
        writing: Callable[[], object],
        modified: Callable[[], str | None],
    ) -> None:
        self.written = self.looks = 0
        self.settled = False
        self.arrangement = ""
        self.modified: str | None = None
        self.without_column: dict[str, None] = {}
        self.problem: GoogleError | None = None
        self._source, self._client, self._now = source, client, now
        self._judge, self._recorded, self._text, self._known = judge, recorded, text, known
        self._writing, self._ask_modified = writing, modified
        self._shut: set[Kind] = set()

    def run(self) -> None:
        """Look and write until nothing differs. A write without effect, as under a merged cell, ends it."""
        wanted = self._look()
        for turn in range(ROUNDS):
            if not wanted:
                break
            if turn == 0:
                self._writing()
            self._write(wanted)
            self.modified = self._ask_modified()
            before, wanted = wanted, self._look()
            if wanted == before:
                wanted = {}
        self.settled = not wanted

    def _look(self) -> dict[Place, str]:
        """Read the sheet, judge it, and say what should be written where."""
        self.looks += 1
        read = read_google(self._source, self._client, self._now, self._known)
        self._known = read.tabs or self._known
        titles = {tab.kind: tab.title for tab in read.tabs}
        shown = seen(read.sheet, self._judge(read.sheet).rows)
        self.arrangement = shown.arrangement
        self.without_column |= dict.fromkeys(shown.without_column)
        wanted: dict[Place, str] = {}
        for tab in shown.tabs:
            if tab.kind in self._shut:
                continue
            verdicts = {row.number: self._text(row) for row in tab.rows if row.row_hash in self._recorded}
            for number, text in changes(tab.standing, verdicts).items():
                wanted[Place(tab.kind, titles[tab.kind], tab.column, number)] = text
        return wanted

    def _write(self, wanted: Mapping[Place, str]) -> None:
        try:
            self._send(wanted)
        except GoogleError as failure:
            kinds = {place.kind for place in wanted}
            if failure.kind != "protected" or len(kinds) == 1:
                raise
            # All or nothing is written: where one tab is protected, the other can still be answered.
            for kind in sorted(kinds):
                try:
                    self._send({place: text for place, text in wanted.items() if place.kind == kind})
                except GoogleError as of_tab:
                    if of_tab.kind != "protected":
                        raise
                    self.problem = of_tab
                    self._shut.add(kind)

    def _send(self, wanted: Mapping[Place, str]) -> None:
        file = spreadsheet_id(self._source.location)
        self._client.values_update(file, list(_ranges(wanted)), lambda: self._look() == wanted)
        self.written += len(wanted)


def _ranges(wanted: Mapping[Place, str]) -> Iterator[Json]:
    """Runs of rows below each other, one range each."""
    places = sorted(wanted, key=lambda place: (place.kind, place.row))
    for _, run in groupby(enumerate(places), key=lambda item: (item[1].kind, item[1].row - item[0])):
        cells = [place for _, place in run]
        letters = column_letters(cells[0].column)
        title = cells[0].title.replace("'", "''")
        yield {
            "range": f"'{title}'!{letters}{cells[0].row}:{letters}{cells[-1].row}",
            "values": [[wanted[place]] for place in cells],
        }
