"""Classifies the number formats of an .xlsx file: date, time, percent or number (ECMA-376 part 1, §18.8)."""

from __future__ import annotations

import re
from typing import Literal

from kpis.sources.xlsx.openpyxl_internals import BUILTIN_FORMATS
from kpis.sources.xlsx.safe_xml import Element

NumberStyle = Literal["number", "date", "time", "percent"]

# Excel shows these as dates in East Asian languages; files store no format text for them (§18.8.30).
_BUILTIN_DATES = {*range(27, 37), *range(50, 59)}
_LITERAL_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|am/pm|a/p', re.IGNORECASE)


def read_number_styles(stylesheet: Element) -> tuple[NumberStyle, ...]:
    """Return the style of each cell format in the styles part, by the index that cells refer to.

    openpyxl's reader of this part fails on fonts and fills that other programs write in their own way.
    """
    formats = stylesheet.iterfind("{*}numFmts/{*}numFmt")
    texts = {node.get("numFmtId"): node.get("formatCode") or "" for node in formats}
    numbers = [node.get("numFmtId") or "0" for node in stylesheet.iterfind("{*}cellXfs/{*}xf")]
    return tuple(
        classify_number_format(int(number) if number.isdecimal() else 0, texts.get(number))
        for number in numbers
    )


def classify_number_format(number: int, text: str | None) -> NumberStyle:
    """Return how a number format shows a number; `text` is the format code, None for a built-in format.

    openpyxl's `is_date_format` ignores percentages and East Asian dates; its `is_datetime` takes words in a
    format ("phút mỗi ngày") for parts of a date.
    """
    if number in _BUILTIN_DATES and text is None:
        return "date"
    code = _LITERAL_PATTERN.sub(
        "", text if text is not None else BUILTIN_FORMATS.get(number, "General")
    ).lower()
    if code in {"general", "standard", "@"}:
        return "number"
    if "%" in code:
        return "percent"
    if "d" in code or "y" in code:
        return "date"
    if "h" in code or "s" in code or "[m" in code:
        return "time"
    return "date" if "m" in code else "number"
