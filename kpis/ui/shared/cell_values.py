"""What a cell of a table says, as the value of a workbook's cell: a number of a column of numbers, else its text."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import Markup

from kpis.language.formatting import NO_VALUE
from kpis.language.messages import Language
from kpis.pack.xlsx.tab import CellValue, Percentage
from kpis.ui.shared.html import Child, join

_BLOCK = re.compile(r"<(?:small|li|p|br|div|q|details|ul|ol)\b[^>]*>|<span class=\"kpis-line\">")
_TAG = re.compile(r"<[^>]*>")
_NUMBERS = {
    "vi": re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?%?"),
    "en": re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?"),
}


def to_cell_value(child: Child, kind: str, lang: Language) -> CellValue:
    """Return what a cell shows; only in a column of numbers is a text read as one, as `formatting` writes it."""
    text = to_text(child)
    if kind != "number":
        return text or None
    return None if text in ("", NO_VALUE) else _read_number(text, lang)


def to_text(child: Child) -> str:
    """Return the text of a cell as it stands; what is shown on a line of its own stands on one."""
    if isinstance(child, str) and not isinstance(child, Markup):
        return child.strip()
    markup = str(join([child]))
    text = unescape(_TAG.sub("", _BLOCK.sub("\n", markup)))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _read_number(text: str, lang: Language) -> CellValue:
    if not _NUMBERS[lang].fullmatch(text):
        return text
    digits = text.rstrip("%")
    digits = digits.replace(".", "").replace(",", ".") if lang == "vi" else digits.replace(",", "")
    if text.endswith("%"):
        return Percentage(float(digits) / 100)
    return float(digits) if "." in digits else int(digits)
