"""The pages of a PDF as pictures: in a palette of the design's own colours, the text as sharp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from math import dist
from pathlib import Path
from threading import Lock

import pypdfium2
from PIL import Image

from kpis.pack.pdf import typst_inputs

PIXELS_PER_POINT = 2.0
"""A page is 960 × 540 points, its picture 1920 × 1080."""
_AT_ONCE = 2
"""So many pages are pictures at the same time, however many the edition has."""
_APART = 9.0
"""Least distance of two colours of a picture's palette."""
_LEVEL = 4
"""Of zlib: a fortieth more bytes than level 6 in half its time."""
_PDFIUM = Lock()  # it serves one thread at a time


class Pictures:
    """Draws the pages of PDFs beside other work; `paths` are those drawn so far, in the order asked for."""

    def __init__(self, folder: Path, threads: ThreadPoolExecutor) -> None:
        self._folder, self._threads = folder, threads
        self._waiting: list[Future[None]] = []
        self._opened: tuple[Path, pypdfium2.PdfDocument] | None = None
        self.paths: list[Path] = []

    def draw(self, pdf: Path, sheets: int) -> None:
        """Takes the next so many pages, all those of a PDF."""
        for at in range(sheets):
            path = self._folder / f"page-{len(self.paths) + 1:02}.png"
            self.paths.append(path)
            self._waiting.append(self._threads.submit(self._write, pdf, at, path))

    def finish(self) -> Sequence[Path]:
        """Waits until all are there; an error of any page is raised."""
        for one in self._waiting:
            one.result()
        return self.paths

    def close(self) -> None:
        """Lets go of the PDF drawn last."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _write(self, pdf: Path, at: int, path: Path) -> None:
        with _PDFIUM:
            image = self._drawn(pdf, at)
        # Dithering would speckle flat grounds and letters.
        small = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
        small.save(path, "PNG", compress_level=_LEVEL)

    def _drawn(self, pdf: Path, at: int) -> Image.Image:
        if self._opened is None or self._opened[0] != pdf:  # opened once: reading its fonts takes longest
            self.close()
            self._opened = pdf, pypdfium2.PdfDocument(pdf)
        bitmap = self._opened[1][at].render(scale=PIXELS_PER_POINT, rev_byteorder=True)
        image: Image.Image = bitmap.to_pil().copy()  # the bitmap goes with its document
        return image


@contextmanager
def pictures(folder: Path) -> Iterator[Pictures]:
    """Pictures in a folder, as `page-01.png` and so on; what fails inside ends those that wait."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        drawn = Pictures(folder, threads)
        try:
            yield drawn
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
        finally:
            threads.shutdown()
            drawn.close()


@cache
def _palette() -> Image.Image:
    """Every colour of a page and its shades towards white, as the edges of letters have them."""
    pure = [_rgb(colour) for colour in typst_inputs.colours_used()]
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
