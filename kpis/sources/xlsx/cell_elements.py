"""What the element of one cell holds (ECMA-376 part 1, §18.3.1.4): its kind, value, style and formula."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kpis.sheet.model import Cell
from kpis.sources.xlsx.openpyxl_functions import column_index_from_string, from_iso8601
from kpis.sources.xlsx.rich_text import RichText, make_escaped_text_cell, read_text
from kpis.sources.xlsx.safe_xml import Element


class CellTags(NamedTuple):
    """The names of the elements within a cell, in the namespace of their row: Excel's "Strict" files use another."""

    value: str
    formula: str
    inline: str
    text: str


class CellContent(NamedTuple):
    """What one cell holds. `kind`: s text, n number, b boolean, e error, d date, or what the file says.

    `value` is None if none is stored; a text is a cell already. `formula` is without the equals sign, and
    `formula_node` its element.
    """

    kind: str
    value: Any
    style: int
    formula: str | None = None
    formula_node: Element = None
    has_empty_result: bool = False
    has_rich_data: bool = False


class ColumnNumbers(dict[str, int]):
    """The number of a column, from 1, by its letters; ValueError if there is no such column."""

    def __missing__(self, letters: str) -> int:
        self[letters] = number = int(column_index_from_string(letters))
        return number


@lru_cache(maxsize=16)
def build_tags(row_tag: str) -> CellTags:
    """Return the names of a row's elements."""
    namespace = row_tag[: row_tag.rindex("}") + 1] if "}" in row_tag else ""
    return CellTags(*(namespace + name for name in ("v", "f", "is", "t")))


def parse_row_number(text: str) -> int:
    """Return the number of a row; some programs write it with a fraction of zero."""
    number = float(text)
    return int(text) if text.isdecimal() else int(number) if number.is_integer() else int(text)


def parse_element(node: Element, tags: CellTags, texts: Mapping[int, Cell | RichText]) -> CellContent:
    """Return what a cell's element holds. Raises LookupError or ValueError for what no program writes."""
    kind, style = node.get("t") or "n", int(node.get("s") or 0)
    formula_node = node.find(tags.formula)
    if kind == "inlineStr":
        inline = node.find(tags.inline)
        content = CellContent("s", None if inline is None else read_text(inline), style)
    else:
        content = parse_value(kind, node.findtext(tags.value) or None, style, texts)
    return content._replace(
        formula=None if formula_node is None else formula_node.text or "",
        formula_node=formula_node,
        has_empty_result=kind == "str" and node.find(tags.value) is not None,
        has_rich_data=node.get("vm") is not None,
    )


def parse_value(kind: str, text: str | None, style: int, texts: Mapping[int, Cell | RichText]) -> CellContent:
    """Return the content of a cell without a formula, whose value is stored as `text`."""
    if text is None or kind == "inlineStr":  # the text of the latter stands in another element
        return CellContent(kind, None, style)
    match kind:
        case "n":
            return CellContent(kind, _parse_number(text), style)
        case "s":
            return CellContent(kind, texts[int(text)], style)
        case "str":
            return CellContent("s", make_escaped_text_cell(text), style)
        case "b":
            return CellContent(kind, bool(int(text)), style)
        case "d":
            return CellContent(kind, from_iso8601(text), style)
        case _:
            return CellContent(kind, text, style)


def _parse_number(text: str) -> float:
    # Only a number with a point or an exponent may be infinite or none.
    return float(text) if "." in text or "E" in text or "e" in text else float(int(text))
