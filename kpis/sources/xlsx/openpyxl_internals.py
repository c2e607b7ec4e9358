"""All that we use of openpyxl, much of it private: no other module of this package imports openpyxl.

The version is pinned, and each assumption made here has a test in `tests/sources/test_openpyxl_internals.py`.
Why its parser of rows and not `load_workbook`: docs/decisions/reading-excel.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from openpyxl.cell.text import Text as _Text
from openpyxl.formula.tokenizer import Token as _Token
from openpyxl.formula.tokenizer import Tokenizer as _Tokenizer
from openpyxl.formula.tokenizer import TokenizerError as _TokenizerError
from openpyxl.styles.numbers import BUILTIN_FORMATS as _BUILTIN_FORMATS
from openpyxl.utils.cell import range_boundaries as _range_boundaries
from openpyxl.utils.escape import unescape as _unescape
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG
from openpyxl.worksheet._reader import WorkSheetParser as _WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from kpis.sources.xlsx.safe_xml import Element

BUILTIN_FORMATS: Mapping[int, str] = _BUILTIN_FORMATS
"""Format codes of the built-in number formats by their number."""

# openpyxl has no types.
_text: Any = _Text
_parser: Any = _WorkSheetParser
_tokenizer: Any = _Tokenizer
range_boundaries: Any = _range_boundaries
unescape: Any = _unescape


class ParsedCell(NamedTuple):
    """One cell of a row; `value` is None if none is stored.

    `column` counts from 1. `kind` is openpyxl's data_type: s text, n number, b boolean, e error, d date.
    `formula` is without the equals sign; `node` is the cell's element.
    """

    column: int
    kind: str
    value: Any
    style: int
    formula: str | None
    node: Element


class RowParser:
    """Parses the row elements of one worksheet; `shared_texts` by the number that cells refer to."""

    def __init__(self, shared_texts: Mapping[int, object]) -> None:
        # Without date formats every number stays as stored: openpyxl rounds dates and rejects some.
        self._parser = _parser(None, shared_texts, data_only=True)

    def parse(self, row: Element) -> tuple[int, list[ParsedCell]]:
        """Return the number of a row and its cells. Renames elements of Excel's "Strict" namespace."""
        if row.tag != ROW_TAG:
            for node in row.iter():
                node.tag = f"{{{SHEET_MAIN_NS}}}{node.tag.rpartition('}')[2]}"
        number, parsed = self._parser.parse_row(row)
        self._parser.row_dimensions.clear()  # else it keeps the format of every row
        return number, [
            ParsedCell(
                cell["column"],
                cell["data_type"],
                cell["value"],
                cell["style_id"],
                _find_formula(node),
                node,
            )
            for node, cell in zip(row, parsed, strict=True)
        ]


def parse_text(element: Element) -> str:
    """Return the text of a shared string, without formatting and phonetic guides."""
    return str(unescape(_text.from_tree(element).content))


def list_formula_ranges(formula: str) -> Iterator[str]:
    """Yield the references of a formula, given without its equals sign; none if it cannot be parsed."""
    try:
        tokens = _tokenizer(f"={formula}").items
    except (_TokenizerError, IndexError, ValueError):
        return
    for token in tokens:
        if token.type == _Token.OPERAND and token.subtype == _Token.RANGE:
            yield str(token.value)


def has_empty_result(node: Element) -> bool:
    """True if a cell's formula has an empty text as its result, which is stored."""
    return node.get("t") == "str" and node.find(VALUE_TAG) is not None


def _find_formula(node: Element) -> str | None:
    formula = node.find(FORMULA_TAG) if len(node) else None
    return None if formula is None else formula.text or ""
