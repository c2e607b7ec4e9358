"""Where things stand in a sheet: our two tabs, their header rows, the column of each field (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from kpis.errors import SourceError
from kpis.language.normalization import loose
from kpis.sheet.cells import cell_name
from kpis.sheet.model import Cell, Field, RawRow, RawSheet, RawTab

Kind = Literal["progress", "tasks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HEADER_ROWS = 10
"""The header stands within this many rows from the top."""

TAB_NAMES: Mapping[Kind, str] = {"progress": "Tiến độ", "tasks": "Nhiệm vụ"}
_AGENCY, _EVIDENCE = ("Cơ quan", "Đơn vị", "Cơ quan báo cáo"), ("Minh chứng", "Link")
HEADERS: Mapping[Kind, Mapping[Field, tuple[str, ...]]] = {
    "progress": {
        "occurred_on": ("Ngày", "Ngày thực hiện"),
        "agency": _AGENCY,
        "target": ("Chỉ tiêu", "Mã chỉ tiêu"),
        "quantity": ("Số lượng", "Kết quả", "Đã thực hiện", "Tử số"),
        "denominator": ("Tổng số", "Mẫu số"),
        "content": ("Nội dung",),
        "evidence": _EVIDENCE,
        "entered_by": ("Người nhập",),
    },
    "tasks": {
        "task": ("Mã",),
        "task_title": ("Nhiệm vụ",),
        "agency": _AGENCY,
        "status": ("Trạng thái",),
        "finished_on": ("Ngày hoàn thành",),
        "result": ("Kết quả",),
        "evidence": _EVIDENCE,
        "difficulty": ("Khó khăn",),
    },
}
"""The accepted headers of every column that is read, the usual one first."""

REQUIRED: Mapping[Kind, tuple[Field, ...]] = {
    "progress": ("occurred_on", "agency", "target", "quantity"),
    "tasks": ("task", "status"),
}
FEEDBACK = "Phản hồi"
"""Our own column: never read, written where we may."""

_KIND_OF_TAB = {loose(name): kind for kind, name in TAB_NAMES.items()}
_FIELD_OF: Mapping[Kind, Mapping[str, Field]] = {
    kind: {loose(name): field for field, names in fields.items() for name in names}
    for kind, fields in HEADERS.items()
}


@dataclass(frozen=True)
class Layout:
    """One of our tabs: its columns (from 0) and header texts by field, and the row the header stands in."""

    kind: Kind
    tab: RawTab
    header_row: int
    columns: Mapping[Field, int]
    headers: Mapping[Field, str]

    def rows(self) -> Iterable[RawRow]:
        """The rows below the header."""
        return (row for row in self.tab.rows if row.number > self.header_row)

    def place(self, field: Field, row: int) -> str | None:
        """The name of a field's cell ("D12"), None where the sheet lacks the column."""
        column = self.columns.get(field)
        return None if column is None else cell_name(column, row)


def kind_of_tab(name: str) -> Kind | None:
    """Which of our tabs a tab or file name means, None for any other."""
    return _KIND_OF_TAB.get(loose(name))


def find_layouts(raw: RawSheet, *, tasks_required: bool = False) -> tuple[Layout, ...]:
    """The layout of the tab of progress and, where there is one, of tasks.

    An empty tab of tasks is none. SourceError, naming the place: a tab or column missing, two tabs with one
    name, two columns for one field, a cell that still says “Loading…”.
    """
    found: list[Layout] = []
    for kind in KINDS:
        tab = _only_tab(raw, kind)
        needed = kind == "progress" or tasks_required
        if tab is None and needed:
            there = ", ".join(other.name for other in raw.tabs) or "–"
            raise SourceError(
                "The tab “{tab}” is missing. Add it or give it its name back. Tabs there: {there}.",
                tab=TAB_NAMES[kind],
                there=there,
            )
        if tab is not None and (tab.rows or needed):
            _refuse_loading(tab)
            found.append(_layout(kind, tab))
    return tuple(found)


def _only_tab(raw: RawSheet, kind: Kind) -> RawTab | None:
    tabs = [tab for tab in raw.tabs if kind_of_tab(tab.name) == kind]
    if len(tabs) > 1:
        raise SourceError(
            "Two tabs are both “{tab}”: “{first}” and “{second}”. Rename or delete one.",
            tab=TAB_NAMES[kind],
            first=tabs[0].name,
            second=tabs[1].name,
        )
    return tabs[0] if tabs else None


def _layout(kind: Kind, tab: RawTab) -> Layout:
    header = _header_row(kind, tab)
    columns: dict[Field, int] = {}
    headers: dict[Field, str] = {}
    for column, field, text in _fields(kind, header.cells):
        if field in columns:
            raise SourceError(
                "Tab “{tab}”: the columns {first} and {second} both mean “{field}”. Rename or delete one.",
                tab=tab.name,
                first=f"{cell_name(columns[field], header.number)} “{headers[field]}”",
                second=f"{cell_name(column, header.number)} “{text}”",
                field=HEADERS[kind][field][0],
            )
        columns[field], headers[field] = column, text
    missing = [HEADERS[kind][field][0] for field in REQUIRED[kind] if field not in columns]
    if missing:
        raise SourceError(
            "Tab “{tab}” lacks: {columns}. Add the header within the first {rows} rows.",
            tab=tab.name,
            columns=", ".join(missing),
            rows=HEADER_ROWS,
        )
    return Layout(kind, tab, header.number, columns, headers)


def _header_row(kind: Kind, tab: RawTab) -> RawRow:
    """The first row that holds every required header, else the one that comes nearest."""
    candidates = [row for row in tab.rows if row.number <= HEADER_ROWS]
    best, most = RawRow(0, ()), 0
    for row in candidates:
        fields = {field for _, field, _ in _fields(kind, row.cells)}
        if fields.issuperset(REQUIRED[kind]):
            return row
        if len(fields) > most:
            best, most = row, len(fields)
    return best


def headers_matched(kind: Kind, cells: Iterable[Cell]) -> int:
    """How many columns of one of our tabs a row names: the more, the more likely it is the header."""
    return sum(1 for _ in _fields(kind, cells))


def _fields(kind: Kind, cells: Iterable[Cell]) -> Iterable[tuple[int, Field, str]]:
    known = _FIELD_OF[kind]
    for column, cell in enumerate(cells):
        field = known.get(loose(cell.text)) if cell.kind == "text" else None
        if field is not None:
            yield column, field, cell.text


def _refuse_loading(tab: RawTab) -> None:
    for row in tab.rows:
        for column, cell in enumerate(row.cells):
            if cell.kind == "loading":
                raise SourceError(
                    "Tab “{tab}”, cell {cell} still says “{shown}”. "
                    "Open the sheet, wait until it has loaded, and it will be read again.",
                    tab=tab.name,
                    cell=cell_name(column, row.number),
                    shown=cell.text,
                )
