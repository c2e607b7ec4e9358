"""The pages of an edition by Typst: one PDF, and a PNG of 1920×1080 a page (see docs/decisions)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import dist
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from PIL import Image

from kpis.charts import fonts
from kpis.pack import typst_data
from kpis.pack.contents import Contents
from kpis.pack.figures import Figures
from kpis.pack.writers import compare_rows

WIDTH, HEIGHT = 1920, 1080
PER_INCH = 144.0
"""A page is 960 × 540 pt: at 144 per inch half a point is a pixel."""

_APART = 9.0
"""Least distance of two colours of a picture's palette."""


def write_pages(_figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`pages.pdf`, then `page-01.png` and so on; a `kpis.pack.writers.Writer`."""
    # Inside the folder, so that what a killed run leaves is swept with it.
    with TemporaryDirectory(prefix=".typst-", dir=folder) as place:
        root = Path(place)
        typst_data.write(contents, sealed_at, root)
        source = root / "pages.typ"
        source.write_bytes(files("kpis.pack").joinpath("templates", "pages.typ").read_bytes())
        compiler = typst.Compiler(
            str(source), root=str(root), font_paths=[str(fonts.folder())], ignore_system_fonts=True
        )
        found = Counter(str(one) for one in json.loads(compiler.query("<row>", field="value")))
        compare_rows(contents, found, "pages.pdf")
        [pdf] = _bytes(compiler.compile(format="pdf", timestamp=_seconds(sealed_at)))
        drawn = _bytes(compiler.compile(format="png", ppi=PER_INCH))
    written = [folder / "pages.pdf"]
    written[0].write_bytes(pdf)
    for number, picture in enumerate(drawn, start=1):
        written.append(folder / f"page-{number:02}.png")
        written[-1].write_bytes(small_png(picture))
    return written


def _bytes(made: object) -> list[bytes]:
    """What Typst made: one file, or one a page where there are several."""
    return [one for one in (made if isinstance(made, list) else [made]) if isinstance(one, bytes)]


def _seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def small_png(picture: bytes) -> bytes:
    """The same picture in a palette of the design's own colours: a third of the bytes, the text as sharp."""
    with Image.open(BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    kept = BytesIO()
    # Dithering would speckle flat grounds and letters.
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(kept, "PNG", compress_level=6)
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
