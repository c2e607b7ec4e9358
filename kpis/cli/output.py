"""The output of the commands: one JSON document, or an aligned table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TextIO

from kpis.language import formatting
from kpis.language.json_text import format_json
from kpis.language.messages import Language, translate
from kpis.language.normalization import clean

OutputRow = Mapping[str, object]
MAX_CELL_WIDTH = 60
"""Characters of a table cell; the last column and JSON have the full text."""


class Ordinal(int):
    """A number that is not an amount, like a year or a row number: written without a grouping mark."""


def print_json(value: object, out: TextIO) -> None:
    """Print one document."""
    out.write(format_json(value) + "\n")


def print_table(rows: Sequence[OutputRow], columns: Mapping[str, str], lang: Language, out: TextIO) -> None:
    """Print rows under the headers of `columns` (name -> catalogue key); numbers are right-aligned."""
    if not rows:
        out.write(translate(lang, "Nothing to show.") + "\n")
        return
    headers = [translate(lang, key) for key in columns.values()]
    *_, last = columns
    cells = [
        [text if name == last else _truncate(text) for name in columns for text in [_format_cell(row.get(name), lang)]]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    are_numbers = [all(_is_number(row.get(name)) for row in rows) for name in columns]
    for line in [headers, ["─" * width for width in widths], *cells]:
        padded = [
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(line, widths, are_numbers, strict=True)
        ]
        out.write("  ".join(padded).rstrip() + "\n")


def _format_cell(value: object, lang: Language) -> str:
    if value is None:
        return formatting.NO_VALUE
    if isinstance(value, bool):
        return translate(lang, "yes") if value else translate(lang, "no")
    if isinstance(value, Ordinal):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return formatting.format_number(value, lang, decimals=2)
    if isinstance(value, datetime):
        return formatting.format_moment(value, lang)
    if isinstance(value, date):
        return formatting.format_day(value, lang)
    if isinstance(value, list | tuple):
        return _format_cell("; ".join(map(str, value)), lang)
    return clean(str(value))


def _truncate(text: str) -> str:
    return text if len(text) <= MAX_CELL_WIDTH else text[: MAX_CELL_WIDTH - 1] + "…"


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))
