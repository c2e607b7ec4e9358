"""Write the questions of the ledger into the tab “Giải trình” of a Google Sheet, each once (design.md §5).

Google has no "append once", so the id of each request is looked for before it is written and afterwards. A row that
people have touched is never changed: only a copy that is exactly ours is emptied, or moved under its headers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kpis.errors import KpisError, SourceError
from kpis.feedback.cell_changes import is_feedback_header
from kpis.feedback.request_row import RequestRow
from kpis.language.normalization import fold
from kpis.sheet.cells import format_column_letters
from kpis.sheet.layout import TabLayout, find_explanation_layouts
from kpis.sheet.model import Field, RawRow, Source
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_reader import TabSnapshot, get_tab_name, read_google_sheet
from kpis.sources.google.urls import parse_spreadsheet_id

MAX_ROWS_PER_REQUEST = 500
NO_TAB = "The sheet has no tab “Giải trình”. Run prepare-sheet, which adds it."
NO_COLUMN = "The tab “Giải trình” has no column “Mã yêu cầu”. Add the header, or run prepare-sheet."
_NEVER_WRITTEN = frozenset({"read_only", "protected", "not_shared", "missing", "scope", "key_refused"})


@dataclass
class RequestWriteResult:
    """Which requests stand in the sheet now; `problem` is why the others do not."""

    standing: set[str] = field(default_factory=set)
    problem: KpisError | None = None
    has_written: bool = False


def write_request_rows(
    source: Source,
    client: GoogleClient,
    now: datetime,
    rows: Sequence[RequestRow],
    last_tabs: Sequence[TabSnapshot] = (),
) -> RequestWriteResult:
    """Write the rows that the sheet does not hold yet. Raises nothing: the result's `problem` says why not."""
    writer = _RequestWriter(source, client, now, {fold(row.id): row for row in rows}, last_tabs)
    try:
        writer.run()
    except KpisError as problem:
        writer.result.problem = problem
    return writer.result


@dataclass(frozen=True)
class _Place:
    """Where the id of a request stands: a row, and whether under its header."""

    layout: TabLayout
    row: RawRow
    is_under_header: bool


class _RequestWriter:
    """The requests of one sheet while they are written."""

    def __init__(
        self,
        source: Source,
        client: GoogleClient,
        now: datetime,
        rows: Mapping[str, RequestRow],
        last_tabs: Sequence[TabSnapshot],
    ) -> None:
        self._source, self._client, self._now, self._rows = source, client, now, rows
        # A tab that was added since is seen only if the sheet is read whole.
        self._last_tabs = last_tabs if any(tab.kind == "explanations" for tab in last_tabs) else ()
        self._file_id = parse_spreadsheet_id(source.location)
        self._titles: dict[str, str] = {}
        self.result = RequestWriteResult()

    def run(self) -> None:
        """Look, write what is missing, and look again until each id was seen."""
        places = self._look()
        if missing := [row for key, row in self._rows.items() if key not in places]:
            try:
                self._append(missing)
            except GoogleError as failure:
                if failure.kind in _NEVER_WRITTEN:
                    raise
                self.result.problem = failure  # it may have been carried out: the look tells
            places = self._look()
        if any(len(at) > 1 or not at[0].is_under_header for at in places.values()):
            self._put_right(places)
            places = self._look()
        self.result.standing = {self._rows[key].id for key in places}
        if len(self.result.standing) == len(self._rows):
            self.result.problem = None

    def _look(self) -> dict[str, list[_Place]]:
        """Return where the ids of our rows stand now."""
        read = read_google_sheet(self._source, self._client, self._now, self._last_tabs)
        self._last_tabs = read.tabs or self._last_tabs
        self._titles = {
            get_tab_name("explanations", tab.title): tab.title for tab in read.tabs if tab.kind == "explanations"
        }
        self._layouts = find_explanation_layouts(read.sheet)
        if not self._layouts:
            raise SourceError(NO_TAB)
        places: dict[str, list[_Place]] = defaultdict(list)
        for layout in self._layouts:
            for row in layout.iterate_rows():
                for column, cell in enumerate(row.cells):
                    if cell.kind == "text" and fold(cell.text) in self._rows:
                        places[fold(cell.text)].append(_Place(layout, row, column == layout.columns.get("request")))
        return places

    def _append(self, rows: Sequence[RequestRow]) -> None:
        layout = self._layouts[0]
        if "request" not in layout.columns:
            raise SourceError(NO_COLUMN)
        first, last = _find_table_columns(layout)
        letters = format_column_letters(first), format_column_letters(last)
        area = f"{self._quote_title(layout)}!{letters[0]}{layout.header_row}:{letters[1]}{layout.header_row}"
        for start in range(0, len(rows), MAX_ROWS_PER_REQUEST):
            texts = [_lay_out(row, layout)[first : last + 1] for row in rows[start : start + MAX_ROWS_PER_REQUEST]]
            self._client.append_rows(self._file_id, area, texts)
            self.result.has_written = True

    def _put_right(self, places: Mapping[str, Sequence[_Place]]) -> None:
        """Empty copies that are exactly ours but for one, and move a row of ours under its headers."""
        for key, copies in places.items():
            ours = [place for place in copies if _is_exactly_ours(place, self._rows[key])]
            first = next((place for place in copies if place not in ours), ours[0] if ours else None)
            for place in ours:
                if place is not first:
                    self._write_row(place, [])
                elif not place.is_under_header:
                    self._write_row(place, _lay_out(self._rows[key], place.layout))

    def _write_row(self, place: _Place, texts: Sequence[str | None]) -> None:
        """Replace our own texts of a row; the column of our feedback stays."""
        feedback = _find_feedback(place.layout)
        width = max(len(place.row.cells), len(texts))
        new: list[str | None] = [""] * width
        for column, text in enumerate(texts):
            new[column] = text or ""
        for column in feedback:
            if column < width:
                new[column] = None
        number, letters = place.row.number, format_column_letters(width - 1)
        self._client.update_row(self._file_id, f"{self._quote_title(place.layout)}!A{number}:{letters}{number}", new)
        self.result.has_written = True

    def _quote_title(self, layout: TabLayout) -> str:
        title = self._titles.get(layout.tab.name, layout.tab.name)
        return "'" + title.replace("'", "''") + "'"


def _find_table_columns(layout: TabLayout) -> tuple[int, int]:
    """Return the first and the last column with a header."""
    header = next(row for row in layout.tab.rows if row.number == layout.header_row)
    filled = [column for column, cell in enumerate(header.cells) if cell.kind != "empty"]
    return filled[0], filled[-1]


def _lay_out(row: RequestRow, layout: TabLayout) -> list[str | None]:
    """Return the texts of a row by the columns of a header; None for columns that are not ours to fill."""
    texts: list[str | None] = [None] * (max(layout.columns.values()) + 1)
    for name, text in row.texts.items():
        if name in layout.columns:
            texts[layout.columns[name]] = text
    _, last = _find_table_columns(layout)
    return texts + [None] * (last + 1 - len(texts))


def _find_feedback(layout: TabLayout) -> set[int]:
    header = next(row for row in layout.tab.rows if row.number == layout.header_row)
    return {column for column, cell in enumerate(header.cells) if cell.kind == "text" and is_feedback_header(cell.text)}


def _is_exactly_ours(place: _Place, row: RequestRow) -> bool:
    """True if a row holds what we write and nothing else, whatever the order of its cells."""
    feedback = _find_feedback(place.layout)
    texts = sorted(_list_texts(place.row, feedback))
    return texts in (sorted(map(fold, row.texts.values())), sorted(fold(text) for _, text in _list_columns(place, row)))


def _list_columns(place: _Place, row: RequestRow) -> Iterator[tuple[Field, str]]:
    """Yield what we write under the columns that the tab has."""
    return ((name, text) for name, text in row.texts.items() if name in place.layout.columns)


def _list_texts(row: RawRow, feedback: set[int]) -> Iterator[str]:
    for column, cell in enumerate(row.cells):
        if cell.kind != "empty" and column not in feedback:
            yield fold(cell.text)
