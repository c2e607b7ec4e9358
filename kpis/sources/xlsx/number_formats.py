"""The cell formats of an .xlsx file: number format, and whether the font strikes the text through."""

from __future__ import annotations

from typing import NamedTuple

from kpis.sources.number_formats import NumberStyle, classify_code
from kpis.sources.xlsx.openpyxl_functions import BUILTIN_FORMATS
from kpis.sources.xlsx.safe_xml import Element

# Excel shows these as dates in East Asian languages; files store no format text for them (§18.8.30).
_BUILTIN_DATES = {*range(27, 37), *range(50, 59)}


class CellFormat(NamedTuple):
    """One cell format: how it shows numbers, its format code ("" for General), whether it strikes through."""

    style: NumberStyle
    code: str = ""
    is_struck: bool = False


def read_cell_formats(stylesheet: Element) -> tuple[CellFormat, ...]:
    """Return the cell formats of the styles part, by the index that cells refer to.

    openpyxl's reader of this part fails on fonts and fills that other programs write in their own way.
    """
    formats = stylesheet.iterfind("{*}numFmts/{*}numFmt")
    texts = {node.get("numFmtId"): node.get("formatCode") or "" for node in formats}
    struck_fonts = {str(index) for index, font in enumerate(stylesheet.iterfind("{*}fonts/{*}font")) if is_struck(font)}
    return tuple(
        _build_format(node.get("numFmtId") or "0", texts, (node.get("fontId") or "0") in struck_fonts)
        for node in stylesheet.iterfind("{*}cellXfs/{*}xf")
    )


def is_struck(properties: Element) -> bool:
    """True if a font or the properties of a run strike the text through."""
    return any(node.get("val", "1") not in {"0", "false", "off"} for node in properties.iterfind("{*}strike"))


def classify_number_format(number: int, text: str | None) -> NumberStyle:
    """Return how a number format shows a number; `text` is the format code, None for a built-in format.

    openpyxl's `is_date_format` ignores percentages and East Asian dates; its `is_datetime` takes words in a
    format ("phút mỗi ngày") for parts of a date.
    """
    if number in _BUILTIN_DATES and text is None:
        return "date"
    return classify_code(text if text is not None else BUILTIN_FORMATS.get(number, "General"))


def _build_format(number: str, texts: dict[str | None, str], struck: bool) -> CellFormat:
    index, text = int(number) if number.isdecimal() else 0, texts.get(number)
    code = text if text is not None else BUILTIN_FORMATS.get(index, "")
    return CellFormat(classify_number_format(index, text), code, struck)
