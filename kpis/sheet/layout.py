"""Finds our two tabs in a sheet, their header rows and the column of each field (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpis.errors import SourceError
from kpis.language.normalization import fold_to_alphanumeric
from kpis.language.old_fonts import find_old_font
from kpis.sheet.cells import format_cell_name
from kpis.sheet.header_faults import raise_visible_cause
from kpis.sheet.headers import find_near_header
from kpis.sheet.model import Field, RawRow, RawSheet, RawTab, SheetNote
from kpis.sheet.tab_headers import (
    HEADERS,
    MAIN_KINDS,
    MAX_HEADER_ROWS,
    REQUIRED_FIELDS,
    TAB_NAMES,
    TEXT_FIELDS,
    TabKind,
    find_field,
    find_fields,
    find_tab_kind,
    rank_header,
)

_MAX_NEAR_HEADERS = 6

SECOND_COLUMN_NOTE = (
    "Tab “{tab}”: the columns {first} and {second} both mean “{field}”; {first} is read. A row is rejected "
    "where the other column holds another valid value. Rename one of the two."
)
SECOND_TEXT_COLUMN_NOTE = (
    "Tab “{tab}”: the columns {first} and {second} both mean “{field}”; of each row, the first of them that "
    "is filled is read. Rename one of the two."
)


@dataclass(frozen=True, slots=True)
class OtherColumn:
    """A column whose field is already read from another column: its index (from 0) and its header."""

    field: Field
    column: int
    header: str


@dataclass(frozen=True)
class TabLayout:
    """One of our tabs: columns (from 0) and header texts by field, and the number of the header row."""

    kind: TabKind
    tab: RawTab
    header_row: int
    columns: Mapping[Field, int]
    headers: Mapping[Field, str]
    other_columns: tuple[OtherColumn, ...] = ()

    def iterate_rows(self) -> Iterable[RawRow]:
        """Return the rows below the header."""
        return (row for row in self.tab.rows if row.number > self.header_row)

    def get_cell_name(self, field: Field, row: int) -> str | None:
        """Return the name of a field's cell ("D12"), None if the sheet lacks the column."""
        column = self.columns.get(field)
        return None if column is None else format_cell_name(column, row)

    def list_stored_columns(self) -> Mapping[str, tuple[int, str]]:
        """Return index and header of every column that is looked at, by a name that a stored row gives it."""
        stored: dict[str, tuple[int, str]] = {name: (index, self.headers[name]) for name, index in self.columns.items()}
        others = {
            f"{other.field}#{number}": (other.column, other.header)
            for number, other in enumerate(self.other_columns, start=2)
        }
        return stored | others

    def list_notes(self) -> Iterable[SheetNote]:
        """Yield a note for each column whose field is already read from another column."""
        for other in self.other_columns:
            is_text = other.field in TEXT_FIELDS
            name = format_cell_name(self.columns[other.field], self.header_row)
            yield SheetNote(
                SECOND_TEXT_COLUMN_NOTE if is_text else SECOND_COLUMN_NOTE,
                {
                    "tab": self.tab.name,
                    "first": f"{name} “{self.headers[other.field]}”",
                    "second": f"{format_cell_name(other.column, self.header_row)} “{other.header}”",
                    "field": HEADERS[self.kind][other.field][0],
                },
            )


def find_layouts(raw: RawSheet, *, tasks_required: bool = False) -> tuple[TabLayout, ...]:
    """Return the layouts of the tabs of progress and, if there are any with rows, of the tabs of tasks.

    “Tiến độ” and “Tiến độ 2027” are both read; a tab of a year without rows is left out beside another.
    Raises SourceError, naming tab, column or cell: a tab or column is missing, two tabs have one name, a cell
    still says “Loading…”.
    """
    layouts: list[TabLayout] = []
    for kind in MAIN_KINDS:
        tabs = _find_tabs(raw, kind)
        required = kind == "progress" or tasks_required
        if not tabs and required:
            for other in raw.tabs:
                if (font := find_old_font(other.name)) is not None:
                    raise SourceError(
                        "The tab “{tab}” is missing. The name “{name}” is written in the old font {font}; "
                        "convert it to Unicode.",
                        tab=TAB_NAMES[kind],
                        name=other.name,
                        font=font,
                    )
            raise SourceError(
                "The tab “{tab}” is missing. Add it or restore its name. Tabs found: {tabs}.",
                tab=TAB_NAMES[kind],
                tabs=", ".join(other.name for other in raw.tabs) or "–",
            )
        filled = [tab for tab in tabs if tab.rows]
        for tab in filled or (tabs[:1] if required else ()):
            _reject_loading(tab)
            layouts.append(_build_layout(kind, tab))
    return tuple(layouts)


def find_explanation_layouts(raw: RawSheet) -> tuple[TabLayout, ...]:
    """Return the layouts of the optional tabs of explanations; SourceError as for the others, or what a reader met."""
    tabs = _find_tabs(raw, "explanations")
    for tab in tabs:
        if tab.problem is not None:
            raise SourceError(tab.problem.key, **tab.problem.values)
        _reject_loading(tab)
    filled = [tab for tab in tabs if tab.rows]
    return tuple(_build_layout("explanations", tab) for tab in filled)


def _find_tabs(raw: RawSheet, kind: TabKind) -> list[RawTab]:
    tabs = [tab for tab in raw.tabs if find_tab_kind(tab.name) == kind]
    by_name: dict[str, RawTab] = {}
    for tab in tabs:
        twin = by_name.setdefault(fold_to_alphanumeric(tab.name), tab)
        if twin is not tab:
            raise SourceError(
                "Two tabs are both “{tab}”: {first} and {second}. Rename one; with its year in the name, "
                "like “{tab} 2027”, both are read.",
                tab=TAB_NAMES[kind],
                first=_describe_tab(twin),
                second=_describe_tab(tab),
            )
    return tabs


def _describe_tab(tab: RawTab) -> SourceError:
    """Return a tab's name with what makes it hard to see: it is hidden, or a space is part of its name."""
    match tab.is_hidden, tab.has_outer_spaces:
        case True, True:
            text = "“{name}” (hidden, with a space at the end of its name)"
        case True, False:
            text = "“{name}” (hidden)"
        case False, True:
            text = "“{name}” (with a space at the end of its name)"
        case _:
            text = "“{name}”"
    return SourceError(text, name=tab.name)


def _build_layout(kind: TabKind, tab: RawTab) -> TabLayout:
    header = _find_header_row(kind, tab)
    columns: dict[Field, int] = {}
    headers: dict[Field, str] = {}
    fields = sorted(find_fields(kind, header.cells), key=lambda item: (rank_header(kind, *item[1:]), item[0]))
    others: list[OtherColumn] = []
    for column, field, text in fields:
        if field in columns:
            others.append(OtherColumn(field, column, text))
        else:
            columns[field], headers[field] = column, text
    missing = [field for field in REQUIRED_FIELDS[kind] if field not in columns]
    if missing:
        raise_visible_cause(tab, MAX_HEADER_ROWS, header.number, [HEADERS[kind][field][0] for field in missing])
        raise _build_missing_error(kind, tab, missing, header)
    others.sort(key=lambda other: other.column)
    return TabLayout(kind, tab, header.number, columns, headers, tuple(others))


def _build_missing_error(kind: TabKind, tab: RawTab, missing: Iterable[Field], header: RawRow) -> SourceError:
    """Return the error on missing columns; it names the headers that are nearly right."""
    names = {field: HEADERS[kind][field][0] for field in missing}
    rows = [header] if header.number else [row for row in tab.rows if row.number <= MAX_HEADER_ROWS]
    near = [
        f"{format_cell_name(column, row.number)} “{cell.text}” → “{names[field]}”"
        for row in rows
        for column, cell in enumerate(row.cells)
        if cell.kind == "text" and find_field(kind, cell) is None
        if (field := find_near_header(cell.text, {name: HEADERS[kind][name] for name in names})) is not None
    ]
    columns = ", ".join(names.values())
    if not near:
        return SourceError(
            "Tab “{tab}” lacks: {columns}. Add the header within the first {rows} rows.",
            tab=tab.name,
            columns=columns,
            rows=MAX_HEADER_ROWS,
        )
    return SourceError(
        "Tab “{tab}” lacks: {columns}. Nearly right: {near}. Write the header as shown after the arrow, "
        "within the first {rows} rows.",
        tab=tab.name,
        columns=columns,
        near="; ".join(near[:_MAX_NEAR_HEADERS]),
        rows=MAX_HEADER_ROWS,
    )


def _find_header_row(kind: TabKind, tab: RawTab) -> RawRow:
    """Return the first row with every required header, else the one with the most headers."""
    candidates = [row for row in tab.rows if row.number <= MAX_HEADER_ROWS]
    best, most = RawRow(0, ()), 0
    for row in candidates:
        fields = {field for _, field, _ in find_fields(kind, row.cells)}
        if fields.issuperset(REQUIRED_FIELDS[kind]):
            return row
        if len(fields) > most:
            best, most = row, len(fields)
    return best


def repeats_header(layout: TabLayout, row: RawRow) -> bool:
    """True if a row repeats headers: at least two cells that we read, each a header of its own column."""
    columns = [*layout.columns.items(), *((other.field, other.column) for other in layout.other_columns)]
    filled = [
        (field, row.cells[column])
        for field, column in columns
        if column < len(row.cells) and row.cells[column].kind != "empty"
    ]
    return len(filled) > 1 and all(find_field(layout.kind, cell) == field for field, cell in filled)


def _reject_loading(tab: RawTab) -> None:
    for row in tab.rows:
        for column, cell in enumerate(row.cells):
            if cell.kind == "loading":
                raise SourceError(
                    "Tab “{tab}”, cell {cell} still says “{text}”. "
                    "Open the sheet and wait until it has loaded; it will be read again at the next sync.",
                    tab=tab.name,
                    cell=format_cell_name(column, row.number),
                    text=cell.text,
                )
