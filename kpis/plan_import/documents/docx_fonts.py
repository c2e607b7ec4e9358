"""Texts of Word typed for the old Vietnamese fonts, told by the fonts' names: .VnTime, VNI-Times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kpis.language.old_fonts import OldFont, convert_from_old_font

_CAPITALS_OF_TCVN3: Final = str.maketrans("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ")


def convert_fonts(pieces: Sequence[tuple[str, str]]) -> str:
    """Return pieces of text, each with its font's name, as one text in Unicode."""
    return "".join(_convert(text, font) for font, text in _join_fonts(pieces))


def _join_fonts(pieces: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of neighbouring runs of one font as one: a letter of VNI may be divided between two."""
    font, text = "", ""
    for piece_font, piece in pieces:
        if piece_font != font and text:
            yield font, text
            text = ""
        font, text = piece_font, text + piece
    if text:
        yield font, text


def find_font_table(font: str) -> OldFont | None:
    """Return the table of an old Vietnamese font by its name: ".VnTime", "VNI-Times"."""
    folded = font.casefold().strip()
    if folded.startswith(".vn"):
        return "TCVN3"
    return "VNI" if folded.startswith("vni-") else None


def _convert(text: str, font: str) -> str:
    """Return a text typed for an old font in Unicode; .VnTimeH and its like show capitals."""
    table = find_font_table(font)
    if table is None:
        return text
    if table == "TCVN3":
        converted = convert_from_old_font(text.translate(_CAPITALS_OF_TCVN3), table)
        return converted.upper() if font.rstrip().endswith("H") else converted
    return convert_from_old_font(text, table, keeps_capitals=True)
