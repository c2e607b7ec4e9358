"""Verdicts written into a Google Sheet's column `Phản hồi`, each beside the row it is about (design.md §4).

Google has no "write if unchanged", so the sheet is read and judged again before the write and after it. A
verdict belongs to a row's content, never to its number: rows that moved get their own, rows that nobody has
recorded yet (new, or edited since) have none until the next sync, and what went beside the wrong row in
between is put right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kpis.errors import KpisError
from kpis.sheets.cells import column_letters
from kpis.sheets.feedback_plan import changes, feedback_column, standing
from kpis.sheets.google.client import GoogleClient, Json
from kpis.sheets.google.failures import GoogleError
from kpis.sheets.google.read import KnownTab, read_google
from kpis.sheets.google.urls import spreadsheet_id
from kpis.sheets.layout import Kind, find_layouts
from kpis.sheets.model import CheckedRow, CheckedSheet, RawSheet, Source

ROUNDS = 3
"""Writes in one sync, the second and third only where people edited between our read and our write."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: the tab's kind and title, the column from 0, the row from 1."""

    kind: Kind
    title: str
    column: int
    row: int


@dataclass(frozen=True)
class Answer:
    """How a sheet was answered: cells written, tabs without the column, and why nothing more was written."""

    written: int
    without_column: tuple[str, ...] = ()
    problem: KpisError | None = None


def answer(
    source: Source,
    client: GoogleClient,
    now: datetime,
    judge: Callable[[RawSheet], CheckedSheet],
    recorded: Collection[int],
    text: Callable[[CheckedRow], str],
    known: Sequence[KnownTab] = (),
) -> Answer:
    """Write the verdict of each recorded row beside it; only cells that change, in one request.

    `recorded` are the hashes of the rows that the database holds, `text` gives a row's verdict. Nothing is
    raised for a sheet that cannot be written in: `problem` says why, and reading it goes on as ever.
    """
    answering = _Answering(source, client, now, judge, frozenset(recorded), text, known)
    try:
        answering.run()
    except KpisError as problem:
        return Answer(answering.written, tuple(answering.without_column), problem)
    return Answer(answering.written, tuple(answering.without_column), answering.problem)


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
    ) -> None:
        self.written = 0
        self.without_column: dict[str, None] = {}
        self.problem: GoogleError | None = None
        self._source, self._client, self._now = source, client, now
        self._judge, self._recorded, self._text, self._known = judge, recorded, text, known
        self._shut: set[Kind] = set()

    def run(self) -> None:
        """Look and write until nothing differs. A write without effect, as under a merged cell, ends it."""
        wanted = self._look()
        for _ in range(ROUNDS):
            if not wanted:
                return
            self._write(wanted)
            before, wanted = wanted, self._look()
            if wanted == before:
                return

    def _look(self) -> dict[Place, str]:
        """Read the sheet, judge it, and say what should be written where."""
        read = read_google(self._source, self._client, self._now, self._known)
        self._known = read.tabs or self._known
        titles = {tab.kind: tab.title for tab in read.tabs}
        rows = self._judge(read.sheet).rows
        wanted: dict[Place, str] = {}
        for layout in find_layouts(read.sheet):
            kind, column = layout.kind, feedback_column(layout)
            if column is None:
                self.without_column[layout.tab.name] = None
            if column is None or kind in self._shut:
                continue
            verdicts = {
                row.number: self._text(row)
                for row in rows
                if row.tab == kind and row.row_hash in self._recorded
            }
            for number, text in changes(standing(layout, column), verdicts).items():
                wanted[Place(kind, titles[kind], column, number)] = text
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
