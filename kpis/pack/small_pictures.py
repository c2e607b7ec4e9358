"""A page's picture made small: in a palette of the design's own colours, the text as sharp."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from math import dist
from pathlib import Path

from PIL import Image

from kpis.pack import typst_data

_APART = 9.0
"""Least distance of two colours of a picture's palette."""
_LEVEL = 4
"""Of zlib: a fortieth more bytes than level 6 in half its time."""


def write_small(picture: bytes, path: Path) -> None:
    """Write a PNG as the same picture in a third of its bytes."""
    path.write_bytes(small_png(picture))


def small_png(picture: bytes) -> bytes:
    """The same picture in a palette of the design's own colours: a third of the bytes."""
    with Image.open(BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    kept = BytesIO()
    # Dithering would speckle flat grounds and letters.
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(kept, "PNG", compress_level=_LEVEL)
    return kept.getvalue()


@cache
def _palette() -> Image.Image:
    """Every colour of a page and its shades towards white, as the edges of letters have them."""
    pure = [_rgb(colour) for colour in typst_data.colours_used()]
    kept = [(255, 255, 255), *pure]
    steps = 256 // len(pure)
    for colour in pure:
        for step in range(1, steps):
            shade = tuple(round(255 + (part - 255) * step / steps) for part in colour)
            # Pillow looks colours up in boxes of four: nearer ones would take white's place.
            if all(dist(shade, other) > _APART for other in kept):
                kept.append((shade[0], shade[1], shade[2]))
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in kept[:256] for part in colour])
    return made


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
