"""The pages of an edition by Typst: one PDF, and a PNG of 1920×1080 a page (docs/decisions/typst-pages.md)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
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

LARGEST_PNG = 1_000_000
"""Bytes: what is sent by Zalo stays as sharp as it was made."""

_COLOURS = (256, 128, 64)


def write_pages(figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`pages.pdf`, then `page-01.png` and so on; a `kpis.pack.writers.Writer`."""
    with TemporaryDirectory(prefix="kpis-pages-") as place:
        root = Path(place)
        typst_data.write(contents, sealed_at, root)
        source = root / "pages.typ"
        source.write_bytes(files("kpis.pack").joinpath("templates", "pages.typ").read_bytes())
        compiler = typst.Compiler(
            str(source), root=str(root), font_paths=[str(fonts.folder())], ignore_system_fonts=True
        )
        found = Counter(str(one) for one in json.loads(compiler.query("<row>", field="value")))
        compare_rows(contents, found, "pages.pdf")
        pdf = compiler.compile(format="pdf", timestamp=int(sealed_at.replace(tzinfo=UTC).timestamp()))
        drawn = compiler.compile(format="png", ppi=PER_INCH)
    written = [folder / "pages.pdf"]
    written[0].write_bytes(pdf)
    for number, picture in enumerate(drawn if isinstance(drawn, list) else [drawn], start=1):
        written.append(folder / f"page-{number:02}.png")
        written[-1].write_bytes(small_png(picture))
    return written


def small_png(picture: bytes) -> bytes:
    """The same picture with as many colours of a palette as keep it below LARGEST_PNG, 256 to begin with."""
    with Image.open(BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    made = b""
    for colours in _COLOURS:
        kept = BytesIO()
        # Median cut without dithering: text stays clean, flat grounds stay flat.
        image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            kept, "PNG", optimize=True
        )
        made = kept.getvalue()
        if len(made) < LARGEST_PNG:
            break
    return made
