"""The labels of a chart as outlines: an SVG shown as an image cannot load the font of the page.

A font inside every chart would be read by the browser once for each of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from kpis.charts.fonts import load_axis_font

_TEXT = re.compile(r"<text([^>]*)>([^<]*)</text>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_COPIED_ATTRIBUTES = ("transform", "fill", "opacity")
_SHARES_BEFORE_ANCHOR = {"start": 0.0, "middle": 0.5, "end": 1.0}


def outline_text(svg: str) -> str:
    """Return a chart's SVG with each label as one path, where it stood."""
    return _TEXT.sub(lambda match: _outline_label(match[1], unescape(match[2])), svg)


def _outline_label(attribute_text: str, label: str) -> str:
    attributes = dict(_ATTRIBUTE.findall(attribute_text))
    outline = _build_outline(label, attributes["font-size"], attributes.get("text-anchor", "start"))
    copied = "".join(f' {name}="{attributes[name]}"' for name in _COPIED_ATTRIBUTES if name in attributes)
    return f'<path{copied} d="{outline}"/>'


@lru_cache(maxsize=2_000)
def _build_outline(label: str, font_size: str, anchor: str) -> str:
    """Return the outlines of a label as path data; `font_size` in px ("11px")."""
    font = load_axis_font()
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    scale = float(font_size.removesuffix("px")) / font["head"].unitsPerEm
    drawn = [glyphs[names.get(ord(character), ".notdef")] for character in label]
    position = -_SHARES_BEFORE_ANCHOR[anchor] * sum(glyph.width for glyph in drawn)
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.1f}".rstrip("0").rstrip("."))
    for glyph in drawn:
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, position * scale, 0)))
        position += glyph.width
    return str(pen.getCommands())
