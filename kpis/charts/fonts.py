"""The one typeface, Be Vietnam Pro, made ready for the screen from its package: no network, no copies.

Its figures are proportional and it has no `tnum` feature, so columns of numbers would not align: here every
figure gets one width. The files in the package stay as they are, for the pack and for Word.
"""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = fontpkg_be_vietnam_pro.FAMILY
STYLES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}

DIGITS = "0123456789"
AXIS_CHARACTERS = DIGITS + " .,/%–-+" + "".join(sorted(set("TJanFebMarAprMayJunJulAugSepOctNovDec")))
"""What the labels inside a drawn chart may hold: everything else stands beside it as text of the page."""

# Latin with every Vietnamese letter, composed or not, the punctuation of both languages and the đồng sign.
_CODEPOINT_RANGES = (
    range(0x20, 0x250),
    range(0x300, 0x330),
    range(0x1E00, 0x1F00),
    range(0x2000, 0x2070),
    range(0x20AB, 0x20AC),
)
_DIGIT_WIDTH = 650  # thousandths of an em: the widest figures lose a little of the space beside them


def get_font_folder() -> Path:
    """Where the original files lie, for vl-convert and other programs that set type themselves."""
    return Path(fontpkg_be_vietnam_pro.ROOT) / "files"


@cache
def build_woff(weight: int) -> bytes:
    """One weight (a key of STYLES) as a WOFF file: Latin and Vietnamese letters, figures of one width."""
    return _build_subset(STYLES[weight], [code for codes in _CODEPOINT_RANGES for code in codes])


@cache
def build_axis_font_url() -> str:
    """A `data:` address of the letters in AXIS: an SVG shown as an image cannot load a page's fonts."""
    small = _build_subset(STYLES[400], [ord(character) for character in AXIS_CHARACTERS])
    return "data:font/woff;base64," + base64.b64encode(small).decode()


def _build_subset(style: str, codepoints: list[int]) -> bytes:
    font = TTFont(get_font_folder() / f"BeVietnamPro-{style}.ttf")
    _set_digit_widths(font)
    options = Options()
    # Vietnamese marks need ccmp, mark and mkmk. Columns of figures switch kern off in the style sheet.
    options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk"]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints)
    subsetter.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _set_digit_widths(font: TTFont) -> None:
    glyphs, widths, names = font["glyf"], font["hmtx"], font.getBestCmap()
    for figure in DIGITS:
        name = names[ord(figure)]
        width, left = widths[name]
        shift = (_DIGIT_WIDTH - width) // 2
        coordinates, _, _ = glyphs[name].getCoordinates(glyphs)
        coordinates.translate((shift, 0))
        glyphs[name].coordinates = coordinates
        glyphs[name].recalcBounds(glyphs)
        widths[name] = (_DIGIT_WIDTH, left + shift)
