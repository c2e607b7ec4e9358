"""What the elements of rows and cells hold, as Excel and other programs write them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kpis.sheet.cells import make_text_cell
from kpis.sheet.model import Cell
from kpis.sources.xlsx.cell_elements import (
    CellContent,
    ColumnNumbers,
    build_tags,
    parse_element,
    parse_row_number,
    parse_value,
)
from kpis.sources.xlsx.rich_text import RichText, parse_text
from kpis.sources.xlsx.safe_xml import Element, parse_xml

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def _parse_xml(xml: str, namespace: str = NAMESPACE) -> Element:
    return parse_xml(re.sub(r"^<(\w+)", rf'<\1 xmlns="{namespace}"', xml).encode())


def _parse_cell(xml: str, texts: dict[int, Cell | RichText] | None = None, namespace: str = NAMESPACE) -> CellContent:
    node = _parse_xml(xml, namespace)
    return parse_element(node, build_tags(node.tag), texts or {})


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("1048576", 1_048_576), ("4.0", 4), ("-3", -3)])
def test_a_row_may_be_numbered_with_a_fraction_of_zero(text: str, number: int) -> None:
    assert parse_row_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "4.5", "nan", "inf", "1e400"])
def test_another_row_number_is_damage(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_row_number(text)


def test_columns_are_numbered_from_1_and_no_others_exist() -> None:
    numbers = ColumnNumbers()
    assert [numbers[letters] for letters in ("A", "z", "AA", "XFD", "A")] == [1, 26, 27, 16384, 1]
    for letters in ("", "Ă", "ABCD", "A1B"):
        with pytest.raises(ValueError, match=r"."):
            numbers[letters]


@pytest.mark.parametrize("namespace", [NAMESPACE, STRICT_NAMESPACE])
@pytest.mark.parametrize(
    ("xml", "kind", "value"),
    [
        ("<c><v>5</v></c>", "n", 5),
        ('<c t="n"><v>-1.5E3</v></c>', "n", -1500.0),
        ('<c t="b"><v>1</v></c>', "b", True),
        ('<c t="e"><v>#REF!</v></c>', "e", "#REF!"),
        ('<c t="str"><v>a_x0062_</v></c>', "s", make_text_cell("ab")),
        ('<c t="inlineStr"><is><r><t>Tin </t></r><r><t>bài</t></r></is></c>', "s", make_text_cell("Tin bài")),
        ('<c t="s"><v>1</v></c>', "s", make_text_cell("chung")),
        ('<c t="d"><v>2026-03-05</v></c>', "d", date(2026, 3, 5)),
    ],
)
def test_a_value_is_stored_by_its_kind(namespace: str, xml: str, kind: str, value: object) -> None:
    content = _parse_cell(xml, {1: make_text_cell("chung")}, namespace)
    assert (content.kind, content.value) == (kind, value)


def test_a_text_that_the_file_does_not_have_is_damage() -> None:
    for number in ("2", "-1"):
        with pytest.raises(LookupError):
            parse_value("s", number, 0, {1: make_text_cell("chung")})


@pytest.mark.parametrize("text", ["x", "1,5", "nan", "1" * 400])
def test_a_number_that_no_program_writes_is_damage(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        parse_value("n", text, 0, {})


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
def test_an_empty_cell_an_uncomputed_formula_and_an_empty_result_are_told_apart(xml: str, formula: str | None) -> None:
    content = _parse_cell(xml)
    assert (content.value, content.formula) == (None, formula)
    assert content.has_empty_result is ('t="str"' in xml)


def test_a_formula_has_its_stored_value_and_its_element() -> None:
    content = _parse_cell('<c s="3" vm="1"><f t="shared" si="4">1+1</f><v>2</v></c>')
    assert (content.kind, content.value, content.style, content.formula) == ("n", 2, 3, "1+1")
    assert content.formula_node.get("si") == "4"
    assert content.has_rich_data


def test_a_text_joins_its_runs_without_phonetic_guides() -> None:
    assert parse_text(_parse_xml("<si><t>Tin bài</t></si>")) == "Tin bài"
    runs = "<si><r><t>Tin </t></r><r><t>bài</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    assert parse_text(_parse_xml(runs)) == "Tin bài"
    assert parse_text(_parse_xml("<si/>")) == ""
    assert parse_text(_parse_xml("<si><t>Tin</t><phoneticPr fontId='1'/></si>")) == "Tin"
