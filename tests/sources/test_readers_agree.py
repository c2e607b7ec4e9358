"""Our reader of rows agrees with openpyxl's, on every workbook of the sample and on made ones that are odd; and both
with calamine, where calamine tells what stands in a cell."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import Cell
from kpis.sources.bounds import ContentCounter
from kpis.sources.xlsx.cell_elements import build_tags, parse_element
from kpis.sources.xlsx.cell_maker import CellMaker
from kpis.sources.xlsx.package import WorkbookPackage, open_package
from kpis.sources.xlsx.rich_text import RichText, make_escaped_text_cell, parse_text, read_text
from kpis.sources.xlsx.safe_xml import Element, iterate_elements, parse_xml
from kpis.sources.xlsx.workbook_parts import WorkbookParts, read_parts
from kpis.sources.xlsx.workbook_rows import RowReader
from tests.paths import ROOT
from tests.sources.odd_workbook import NAMESPACE, write_odd_workbook

SAMPLE_WORKBOOKS = sorted((ROOT / "data" / "sample").rglob("*.xlsx"))
# openpyxl has no types, and these two are not its public names: only a test may use them.
SHEET_PARSER: Any = import_module("openpyxl.worksheet._reader").WorkSheetParser
TEXT: Any = import_module("openpyxl.cell.text").Text


def _list_row_elements(package: WorkbookPackage, part: str) -> Iterator[Element]:
    with package.archive.open(part) as file:
        yield from iterate_elements(file, "row")


def _simplify(value: object) -> object:
    """Return what both parsers say about a value: a text is its cell, whatever its runs look like."""
    if isinstance(value, RichText):
        return value.cell
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return make_escaped_text_cell(value) if isinstance(value, str) else value


def _parse_as_openpyxl(parser: Any, row: Element) -> list[tuple[object, ...]]:
    row = deepcopy(row)
    for node in row.iter():  # it finds nothing in the namespace of "Strict" files
        node.tag = f"{{{NAMESPACE}}}{node.tag.rpartition('}')[2]}"
    _, cells = parser.parse_row(row)
    return [
        # An inline text without its element has no kind of ours.
        (cell["column"], "s" if cell["data_type"] == "inlineStr" else cell["data_type"],
         _simplify(cell["value"]), cell["style_id"])
        for cell in cells
    ]  # fmt: skip


def _parse_as_ours(parts: WorkbookParts, row: Element, columns: list[int]) -> list[tuple[object, ...]]:
    contents = [parse_element(node, build_tags(row.tag), parts.texts) for node in row]
    return [
        (column, content.kind, _simplify(content.value), content.style)
        for column, content in zip(columns, contents, strict=True)
    ]


def _check_workbook(path: Path) -> int:
    """Compare every cell of every tab; return how many were compared."""
    compared = 0
    with zipfile.ZipFile(path) as archive:
        package = open_package(archive)
        parts = read_parts(package)
        for name, part in package.tabs:
            parser = SHEET_PARSER(None, parts.texts, data_only=True)
            reader, maker = RowReader(parts, name, ContentCounter()), CellMaker(parts, name)
            for row in _list_row_elements(package, part):
                expected = _parse_as_openpyxl(parser, row)
                columns = [int(str(column)) for column, *_ in expected]
                assert _parse_as_ours(parts, row, columns) == expected, (path, parser.row_counter)
                built = reader.build_row(row)
                assert built.number == parser.row_counter
                cells: dict[int, Cell] = {}
                for node, column in zip(row, columns, strict=True):
                    cell = maker.make_cell(node, build_tags(row.tag), column)
                    cells |= {} if cell is EMPTY_CELL else {column: cell}
                assert {
                    column: cell for column, cell in enumerate(built.cells, start=1) if cell.kind != "empty"
                } == cells
                compared += len(expected)
    return compared


@pytest.mark.parametrize("path", SAMPLE_WORKBOOKS, ids=lambda path: path.stem)
def test_a_workbook_of_the_sample_is_parsed_as_by_openpyxl(path: Path) -> None:
    assert _check_workbook(path) > 50


@pytest.mark.parametrize("seed", range(40))
def test_an_odd_workbook_is_parsed_as_by_openpyxl(tmp_path: Path, seed: int) -> None:
    assert _check_workbook(write_odd_workbook(tmp_path / "a.xlsx", random.Random(seed))) >= 0


@pytest.mark.parametrize(
    "xml",
    [
        "<si/>", "<si><t/></si>", "<si><t> hai  ba </t></si>", "<si><r><t>Tin </t></r><r><t>bài</t></r></si>",
        "<si><t>a</t><r><t>b</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>", "<si><t>a_x000a_b</t></si>",
        "<si><r><rPr><strike/><sz val='11'/></rPr><t>bỏ</t></r></si>",
    ],
)  # fmt: skip
def test_a_text_is_that_of_openpyxl(xml: str) -> None:
    element = parse_xml(xml.encode())
    content = TEXT.from_tree(element).content
    assert parse_text(element) == content
    assert _simplify(read_text(element)) == make_escaped_text_cell(content)


@pytest.mark.parametrize("path", SAMPLE_WORKBOOKS, ids=lambda path: path.stem)
def test_a_workbook_of_the_sample_has_the_values_that_calamine_reads(path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(path)
    with zipfile.ZipFile(path) as archive:
        package = open_package(archive)
        parts = read_parts(package)
        for name, part in package.tabs:
            rows, merged = RowReader(parts, name, ContentCounter()).read_rows(part)
            values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            hidden = {
                (row, column)
                for top, left, bottom, right in merged
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
                if (row, column) != (top, left)
            }
            ours = {(row.number, column): cell for row in rows for column, cell in enumerate(row.cells, start=1)}
            for number, value_row in enumerate(values, start=1):
                for column, value in enumerate(value_row, start=1):
                    if (number, column) not in hidden:
                        cell = ours.get((number, column))
                        assert _agrees(cell, value), (name, number, column, cell, value)


def _agrees(cell: Cell | None, value: object) -> bool:
    if cell is None or cell.kind in {"empty", "error"}:
        return str(value).strip() == ""
    match value:
        case datetime():
            return cell.value == value.date()
        case date() | bool():
            return cell.value == value
        case int() | float():
            return cell.value == pytest.approx(value, rel=1e-14)
        case _:
            return cell == make_escaped_text_cell(str(value))
