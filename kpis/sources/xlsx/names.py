"""Names that formulas use for cells: defined names, tables and their columns (ECMA-376 part 1, §18.2.5, §18.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZipFile

from kpis.language.normalization import fold
from kpis.sheet.cells import format_cell_name
from kpis.sources.xlsx.openpyxl_functions import range_boundaries
from kpis.sources.xlsx.safe_xml import Element, parse_xml


def read_defined_names(workbook: Element) -> dict[str, str]:
    """Return the reference of each defined name, by its folded name."""
    return {
        fold(element.get("name") or ""): element.text
        for element in workbook.iterfind("{*}definedNames/{*}definedName")
        if element.text
    }


def read_table_names(archive: ZipFile, tab: str, parts: Iterable[str]) -> dict[str, str]:
    """Return the references of a tab's tables by "table", and of their columns by "table[column]", folded."""
    return dict(pair for part in parts for pair in _list_table(parse_xml(archive.read(part)), tab))


def _list_table(table: Element, tab: str) -> Iterator[tuple[str, str]]:
    left, top, right, bottom = range_boundaries(table.get("ref") or "")
    name, sheet = fold(table.get("displayName") or ""), "'" + tab.replace("'", "''") + "'"
    yield name, _format_area(sheet, left, top, right, bottom)
    for column, element in enumerate(table.iterfind("{*}tableColumns/{*}tableColumn"), start=left):
        yield f"{name}[{fold(element.get('name') or '')}]", _format_area(sheet, column, top, column, bottom)


def _format_area(sheet: str, left: int, top: int, right: int, bottom: int) -> str:
    return f"{sheet}!{format_cell_name(left - 1, top)}:{format_cell_name(right - 1, bottom)}"
