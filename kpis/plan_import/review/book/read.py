"""Read the workbook of a draft back: the decisions, once it is certain that the book is of this draft as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from kpis.language.normalization import clean, fold
from kpis.plan_import.review.book.cell_texts import format_place, format_quote
from kpis.plan_import.review.book.layout import (
    DECISION_COLUMN,
    DECISIONS,
    FIRST_FIELD_COLUMN,
    ID_COLUMN,
    PLACE_COLUMN,
    QUOTE_COLUMN,
    SYSTEM_TAB,
    TABS,
    BookColumn,
    list_columns,
    list_titles,
)
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import Decision, Draft, DraftRow, ReviewError, RowKind
from kpis.plan_import.review.draft.values import check_is_plain, format_value, parse_cell
from kpis.sheet.cells import EMPTY_CELL, format_cell_name
from kpis.sheet.model import Cell, RawRow
from kpis.sources.bounds import TooMuchError
from kpis.sources.xlsx.package import DAMAGE_ERRORS
from kpis.sources.xlsx.read_workbook import read_named_tabs

MAX_UNPACKED_BYTES = 1 << 27
"""A document has at most 900,000 characters; its workbook unpacks to a tenth of this."""
_MAX_LISTED = 10
_TITLE_ROW = "header.title"
_CLAUSE_COLUMNS = frozenset((QUOTE_COLUMN, PLACE_COLUMN))


@dataclass(frozen=True)
class CellFault:
    """A cell of the book that cannot be used: its tab, its name ("D12") and why."""

    tab: str
    cell: str
    reason: ReviewError


@dataclass(frozen=True)
class BookIdentity:
    """The draft that a book was written from."""

    plan: str
    draft: str
    revision: int


@dataclass(frozen=True)
class ReviewBook:
    """A book as read: its rows by kind, the row number of each id."""

    file_name: str
    identity: BookIdentity
    rows: Mapping[RowKind, tuple[RawRow, ...]]

    def locate(self, row: DraftRow, field_name: str | None) -> tuple[str, str]:
        """Return tab and cell name of a row's field; of its decision for None."""
        number = next((raw.number for raw in self.rows[row.kind] if _get_cell(raw, ID_COLUMN).text == row.id), 1)
        column = DECISION_COLUMN
        for position, book_column in enumerate(list_columns(row.kind), start=FIRST_FIELD_COLUMN):
            if book_column.is_entered and book_column.item.name == field_name:
                column = position
        return TABS[row.kind], format_cell_name(column, number)


def read_book(path: Path) -> ReviewBook:
    """Read a book. SourceError for a damaged file, ReviewError for a workbook that is no book of a draft."""
    _check_size(path)
    try:
        tabs = read_named_tabs(path, {*TABS.values(), SYSTEM_TAB})
    except TooMuchError as error:
        raise _build_size_error(path) from error
    values = {_get_cell(row, 0).text: _get_cell(row, 1).text for row in tabs.get(SYSTEM_TAB, ())}
    if not {"plan", "draft", "revision"} <= values.keys() or not values["revision"].isdecimal():
        raise ReviewError(
            "{file} is not a workbook of “plan import”. Give the workbook that it wrote, with all its tabs.",
            file=path.name,
        )
    missing = [name for name in TABS.values() if name not in tabs]
    if missing:
        raise ReviewError(
            "{file} lacks the tabs {tabs}. Write the workbook again with “plan import” of the same document, and copy "
            "your decisions into it.",
            file=path.name, tabs=", ".join(missing),
        )  # fmt: skip
    identity = BookIdentity(values["plan"], values["draft"], int(values["revision"]))
    return ReviewBook(path.name, identity, {kind: tabs[name] for kind, name in TABS.items()})


def _check_size(path: Path) -> None:
    """Refuse a file that unpacks to more than any draft's workbook; `read_named_tabs` names every other damage."""
    with suppress(OSError, *DAMAGE_ERRORS), ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > MAX_UNPACKED_BYTES:
            raise _build_size_error(path)


def _build_size_error(path: Path) -> ReviewError:
    return ReviewError(
        "{file} is larger than any workbook of “plan import”. Write the workbook again with “plan import” of the same "
        "document, and decide in that.",
        file=path.name,
    )


def take_in_book(book: ReviewBook, draft: Draft) -> tuple[Draft, list[CellFault]]:
    """Return the draft with the book's decisions, and the cells that cannot be used.

    Raises ReviewError for a book of another plan or proposal, of an older revision, or whose codes were changed.
    """
    _check_identity(book, draft)
    faults: list[CellFault] = []
    changed = {}
    for kind in TABS:
        _check_titles(book, kind)
        raw_rows = _index_rows(book, draft, kind)
        for row in draft.list_rows(kind):
            decided, row_faults = _read_row(row, raw_rows[row.id])
            changed[row.id] = decided
            faults += row_faults
    return draft.with_rows(changed), faults


def _check_identity(book: ReviewBook, draft: Draft) -> None:
    identity = book.identity
    titles = _read_title(book), clean(draft.get_row(_TITLE_ROW).proposed.get("value", ""))
    is_other_import = identity.draft != draft.id or identity.revision > draft.revision
    if identity.plan != draft.plan or (is_other_import and all(titles) and titles[0] != titles[1]):
        other, plan = (
            f"{name} – {title}" if title else name
            for name, title in zip((identity.plan, draft.plan), titles, strict=True)
        )
        raise ReviewError(
            "{file} is of the plan “{other}”; under review is “{plan}”. Nothing was taken in.",
            file=book.file_name, other=other, plan=plan,
        )  # fmt: skip
    if is_other_import:
        raise ReviewError(
            "{file} is of another import of “{plan}”; under review is that of {document}. Use the workbook that this "
            "import wrote.",
            file=book.file_name, plan=draft.plan, document=draft.file_name,
        )  # fmt: skip
    if identity.revision < draft.revision:
        moved = [row.id for row in draft.rows if row.revision > identity.revision]
        raise ReviewError(
            "{file} is of revision {old}, the draft is at revision {new}; decided since: {rows}. Write the workbook "
            "again with “plan import” of the same document, and decide in that.",
            file=book.file_name, old=identity.revision, new=draft.revision,
            rows=", ".join(moved[:_MAX_LISTED]) + (" …" if len(moved) > _MAX_LISTED else ""),
        )  # fmt: skip


def _read_title(book: ReviewBook) -> str:
    """Return the title of the plan as the book's document proposes it; "" if there is none."""
    rows = (row for row in book.rows["header"] if _get_cell(row, ID_COLUMN).text == _TITLE_ROW)
    return next((_get_cell(row, FIRST_FIELD_COLUMN).text for row in rows), "")


def _check_titles(book: ReviewBook, kind: RowKind) -> None:
    """Refuse a tab whose columns were moved: a value would count for another field."""
    first = next((row for row in book.rows[kind] if row.number == 1), RawRow(1, ()))
    for position, title in enumerate(list_titles(kind)):
        if _get_cell(first, position).text != clean(title):
            raise ReviewError(
                "{file}, tab “{tab}”, cell {cell}: the heading is not “{title}”. Columns must stay where they are; "
                "undo it or write the workbook again.",
                file=book.file_name, tab=TABS[kind], cell=format_cell_name(position, 1), title=title,
            )  # fmt: skip


def _index_rows(book: ReviewBook, draft: Draft, kind: RowKind) -> dict[str, RawRow]:
    """Return the rows of a tab by id; ReviewError unless they are those of the draft, each once."""
    ids = {row.id for row in draft.list_rows(kind)}
    rows: dict[str, RawRow] = {}
    for raw in book.rows[kind]:
        if raw.number == 1:
            continue
        code = _get_cell(raw, ID_COLUMN).text
        if not code and not any(cell.kind != "empty" for cell in raw.cells):
            continue
        if code not in ids or code in rows:
            raise ReviewError(
                "{file}, tab “{tab}”, cell {cell}: “{code}” is not a code of this tab, or stands there twice. Codes "
                "must not be changed; undo it or write the workbook again.",
                file=book.file_name, tab=TABS[kind], cell=format_cell_name(ID_COLUMN, raw.number), code=code,
            )  # fmt: skip
        rows[code] = raw
    if missing := sorted(ids - rows.keys()):
        raise ReviewError(
            "{file}, tab “{tab}”: the rows {rows} are missing. Choose Drop instead of deleting a row; write the "
            "workbook again.",
            file=book.file_name, tab=TABS[kind], rows=", ".join(missing[:_MAX_LISTED]),
        )  # fmt: skip
    return rows


def _read_row(row: DraftRow, raw: RawRow) -> tuple[DraftRow, list[CellFault]]:
    faults: list[CellFault] = []
    entered: dict[str, str] = {}
    decision = row.decision
    columns = list_columns(row.kind)
    for position in range(max(len(raw.cells), FIRST_FIELD_COLUMN + len(columns))):
        cell = _get_cell(raw, position)
        try:
            if position == DECISION_COLUMN:
                decision = _parse_decision(cell)
            elif position in _CLAUSE_COLUMNS:
                _check_clause(cell, format_quote(row) if position == QUOTE_COLUMN else format_place(row.place))
            elif position >= FIRST_FIELD_COLUMN:
                column = (
                    columns[position - FIRST_FIELD_COLUMN] if position - FIRST_FIELD_COLUMN < len(columns) else None
                )
                entered |= _read_field(row, column, cell)
        except ReviewError as error:
            faults.append(CellFault(TABS[row.kind], format_cell_name(position, raw.number), error))
    return row.with_decision(decision, entered), faults


def _read_field(row: DraftRow, column: BookColumn | None, cell: Cell) -> dict[str, str]:
    """Return the entered value of a cell by field; nothing for a proposed one, which must be as it was written."""
    item = next((item for item in list_fields(row) if column is not None and item.name == column.item.name), None)
    if column is None or item is None:
        if cell.kind != "empty":
            raise ReviewError("this cell is not used in this row; empty it")
        return {}
    if column.is_entered:
        return {item.name: parse_cell(item, cell)}
    # A value typed over the proposed one would otherwise count for nothing, in silence.
    if cell.text != clean(format_value(item, row.proposed.get(item.name, ""), "vi")):
        raise ReviewError("the proposed value was typed over; undo it and write the value in the cell beside it")
    return {}


def _parse_decision(cell: Cell) -> Decision | None:
    if cell.kind == "empty":
        return None
    check_is_plain(cell)
    for decision, word in DECISIONS.items():
        if fold(cell.text) == fold(word):
            return decision
    raise ReviewError("“{text}” is no decision; choose {words}", text=cell.text, words=", ".join(DECISIONS.values()))


def _check_clause(cell: Cell, text: str) -> None:
    """The book is the record: whoever signs it has read what the document says, and where."""
    if cell.text != clean(text):
        raise ReviewError("the text of the document was typed over; undo it")


def _get_cell(row: RawRow, position: int) -> Cell:
    return row.cells[position] if position < len(row.cells) else EMPTY_CELL
