"""Each assumption about openpyxl's private parser has its own test, to be read before raising the version."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import kpis
from kpis.sources.xlsx import openpyxl_internals
from kpis.sources.xlsx.openpyxl_internals import (
    BUILTIN_FORMATS,
    ParsedCell,
    RowParser,
    has_empty_result,
    list_formula_ranges,
    parse_text,
    range_boundaries,
    unescape,
)
from kpis.sources.xlsx.safe_xml import Element, parse_xml

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def _parse_element(xml: str, namespace: str = NAMESPACE) -> Element:
    return parse_xml(re.sub(r"^<(\w+)", rf'<\1 xmlns="{namespace}"', xml).encode())


def _parse_cell(xml: str, texts: dict[int, object] | None = None) -> ParsedCell:
    _, (cell,) = RowParser(texts or {}).parse(_parse_element(f"<row>{xml}</row>"))
    return cell


def test_no_other_module_imports_openpyxl() -> None:
    pattern = re.compile(r"^\s*(?:from|import) openpyxl\b", re.MULTILINE)
    root = Path(kpis.__file__).parent
    modules = [path for path in root.rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    assert modules == [Path(openpyxl_internals.__file__)]


def test_openpyxl_parses_one_row_element_without_a_file() -> None:
    row = _parse_element('<row r="7"><c r="B7"><v>5</v></c></row>')
    assert RowParser({}).parse(row) == (7, [ParsedCell(2, "n", 5, 0, None, row[0])])


def test_openpyxl_parses_one_cell_per_element_in_their_order() -> None:
    _, cells = RowParser({}).parse(_parse_element('<row><c r="C1"/><c r="A1"><v>1</v></c><c><v>2</v></c></row>'))
    assert [(cell.column, cell.value) for cell in cells] == [(3, None), (1, 1), (2, 2)]


def test_openpyxl_continues_row_numbers_without_references() -> None:
    parser = RowParser({})
    rows = [_parse_element(xml) for xml in ('<row r="4"/>', "<row/>", '<row r="2"/>', "<row/>")]
    assert [parser.parse(row)[0] for row in rows] == [4, 5, 2, 3]


def test_openpyxl_returns_a_row_number_that_excel_does_not_have() -> None:
    assert RowParser({}).parse(_parse_element('<row r="2000000"/>'))[0] == 2_000_000


def test_openpyxl_row_formats_are_not_kept() -> None:
    parser = RowParser({})
    parser.parse(_parse_element('<row r="1" ht="30" customHeight="1"/>'))
    assert parser._parser.row_dimensions == {}


def test_openpyxl_knows_only_the_usual_namespace_so_strict_rows_are_renamed() -> None:
    row = _parse_element('<row r="1"><c r="A1"><v>5</v></c></row>', STRICT_NAMESPACE)
    assert RowParser({}).parse(row) == (1, [ParsedCell(1, "n", 5, 0, None, row[0])])


@pytest.mark.parametrize(
    ("xml", "kind", "value"),
    [
        ("<c><v>5</v></c>", "n", 5),
        ("<c><v>-1.5E3</v></c>", "n", -1500.0),
        ('<c t="b"><v>1</v></c>', "b", True),
        ('<c t="e"><v>#REF!</v></c>', "e", "#REF!"),
        ('<c t="str"><v>ab</v></c>', "s", "ab"),
        ('<c t="inlineStr"><is><r><t>Tin </t></r><r><t>bài</t></r></is></c>', "s", "Tin bài"),
        ('<c t="s"><v>1</v></c>', "s", "shared"),
        ('<c t="d"><v>2026-03-05</v></c>', "d", date(2026, 3, 5)),
    ],
)
def test_openpyxl_data_types_of_stored_values(xml: str, kind: str, value: object) -> None:
    cell = _parse_cell(xml, {1: "shared"})
    assert (cell.kind, cell.value) == (kind, value)


def test_openpyxl_looks_shared_texts_up_by_their_number() -> None:
    text = object()
    assert _parse_cell('<c t="s"><v>1</v></c>', {1: text}).value is text
    for number in ("2", "-1"):
        with pytest.raises(LookupError):
            _parse_cell(f'<c t="s"><v>{number}</v></c>', {1: text})


def test_openpyxl_leaves_numbers_with_a_date_format_as_stored() -> None:
    cell = _parse_cell('<c s="3"><v>46086.75</v></c>')
    assert (cell.kind, cell.value, cell.style) == ("n", 46086.75, 3)


def test_openpyxl_returns_the_stored_value_of_a_formula() -> None:
    cell = _parse_cell("<c><f>1+1</f><v>2</v></c>")
    assert (cell.kind, cell.value, cell.formula) == ("n", 2, "1+1")


@pytest.mark.parametrize(
    ("xml", "formula"),
    [
        ("<c/>", None),
        ("<c><v></v></c>", None),
        ("<c><f>1+1</f></c>", "1+1"),
        ("<c><f>1+1</f><v></v></c>", "1+1"),
        ('<c><f t="shared" si="0"/></c>', ""),
        ('<c t="str"><f>IF(A1,"","x")</f><v></v></c>', 'IF(A1,"","x")'),
    ],
)
def test_openpyxl_returns_none_for_an_empty_cell_an_uncomputed_formula_and_an_empty_result(
    xml: str, formula: str | None
) -> None:
    cell = _parse_cell(xml)
    assert (cell.value, cell.formula) == (None, formula)
    assert has_empty_result(cell.node) is ('t="str"' in xml)


def test_openpyxl_finds_the_references_of_a_formula() -> None:
    formula = "SUM($D$2:D3,'Tiến độ'!E4)+F5*2+LEN(\"G6\")+tổng"
    assert list(list_formula_ranges(formula)) == ["$D$2:D3", "'Tiến độ'!E4", "F5", "tổng"]
    assert list(list_formula_ranges('SUM("')) == []


def test_openpyxl_text_joins_runs_without_phonetic_guides() -> None:
    assert parse_text(_parse_element("<si><t>Tin bài</t></si>")) == "Tin bài"
    assert (
        parse_text(_parse_element("<si><r><t>Tin </t></r><r><t>bài</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"))
        == "Tin bài"
    )
    assert parse_text(_parse_element("<si/>")) == ""


def test_openpyxl_unescapes_control_characters_and_an_escaped_underscore() -> None:
    assert unescape("a_x000a_b") == "a\nb"
    assert unescape("_x005f_x0041_") == "_x0041_"


def test_openpyxl_range_boundaries_are_columns_and_rows_from_1() -> None:
    assert range_boundaries("B2:C4") == (2, 2, 3, 4)


def test_openpyxl_built_in_formats_are_codes_by_number() -> None:
    assert [BUILTIN_FORMATS[number] for number in (0, 9, 14, 22, 49)] == [
        "General", "0%", "mm-dd-yy", "m/d/yy h:mm", "@",
    ]  # fmt: skip
