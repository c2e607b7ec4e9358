"""The typeface, Be Vietnam Pro, prepared for the screen from its package: no network, no copied files.

Its digits are proportional and it has no `tnum` feature, so columns of numbers would not align: here all
digits get the same width. The package's files stay unchanged, for the pack and for Word.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = fontpkg_be_vietnam_pro.FAMILY
STYLES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}

DIGITS = "0123456789"

# Latin with every Vietnamese letter, composed or not, punctuation of both languages, the đồng sign, and the minus sign
# that Vega writes on axes.
_CODEPOINT_RANGES = (
    range(0x20, 0x250),
    range(0x300, 0x330),
    range(0x1E00, 0x1F00),
    range(0x2000, 0x2070),
    range(0x20AB, 0x20AC),
    range(0x2212, 0x2213),
)
_DIGIT_WIDTH = 650  # thousandths of an em; the widest digits lose a little of their side space


def get_font_folder() -> Path:
    """Return the folder of the original files, for vl-convert and other programs that set type themselves."""
    return Path(fontpkg_be_vietnam_pro.ROOT) / "files"


@cache
def build_woff(weight: int) -> bytes:
    """Return one weight (a key of STYLES) as WOFF: Latin and Vietnamese letters, digits of one width."""
    return _build_subset(STYLES[weight], [code for codes in _CODEPOINT_RANGES for code in codes])


def _load_font(style: str) -> TTFont:
    font = TTFont(get_font_folder() / f"BeVietnamPro-{style}.ttf")
    _set_digit_widths(font)
    return font


def _build_subset(style: str, codepoints: list[int]) -> bytes:
    font = _load_font(style)
    options = Options()
    # Vietnamese diacritics need ccmp, mark and mkmk. The style sheet switches kern off in columns of figures.
    options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk"]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints)
    subsetter.subset(font)
    font.flavor = "woff"
    file = BytesIO()
    font.save(file)
    return file.getvalue()


def _set_digit_widths(font: TTFont) -> None:
    glyphs, widths, names = font["glyf"], font["hmtx"], font.getBestCmap()
    for digit in DIGITS:
        name = names[ord(digit)]
        width, left = widths[name]
        shift = (_DIGIT_WIDTH - width) // 2
        coordinates, _, _ = glyphs[name].getCoordinates(glyphs)
        coordinates.translate((shift, 0))
        glyphs[name].coordinates = coordinates
        glyphs[name].recalcBounds(glyphs)
        widths[name] = (_DIGIT_WIDTH, left + shift)
