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
_MAX_THREADS = 2
"""So many pages are pictures at the same time, however many the edition has."""
_MIN_COLOUR_DISTANCE = 9.0
"""Least distance of two colours of a picture's palette."""
_COMPRESSION_LEVEL = 4
"""Of zlib: a fortieth more bytes than level 6 in half its time."""
_PDFIUM_LOCK = Lock()  # it serves one thread at a time


class PageImages:
    """Draws the pages of PDFs beside other work; `paths` are those drawn so far, in the order asked for."""

    def __init__(self, folder: Path, threads: ThreadPoolExecutor) -> None:
        self._folder, self._threads = folder, threads
        self._pending: list[Future[None]] = []
        self._open_pdf: tuple[Path, pypdfium2.PdfDocument] | None = None
        self.paths: list[Path] = []

    def draw(self, pdf: Path, sheet_count: int) -> None:
        """Takes the next so many pages, all those of a PDF."""
        for at in range(sheet_count):
            path = self._folder / f"page-{len(self.paths) + 1:02}.png"
            self.paths.append(path)
            self._pending.append(self._threads.submit(self._write_image, pdf, at, path))

    def finish(self) -> Sequence[Path]:
        """Waits until all are there; an error of any page is raised."""
        for one in self._pending:
            one.result()
        return self.paths

    def close(self) -> None:
        """Lets go of the PDF drawn last."""
        if self._open_pdf is not None:
            self._open_pdf[1].close()
            self._open_pdf = None

    def _write_image(self, pdf: Path, page_index: int, path: Path) -> None:
        with _PDFIUM_LOCK:
            image = self._render_page(pdf, page_index)
        # Dithering would speckle flat grounds and letters.
        small = image.quantize(palette=_build_palette(), dither=Image.Dither.NONE)
        small.save(path, "PNG", compress_level=_COMPRESSION_LEVEL)

    def _render_page(self, pdf: Path, page_index: int) -> Image.Image:
        if self._open_pdf is None or self._open_pdf[0] != pdf:  # opened once: reading its fonts takes longest
            self.close()
            self._open_pdf = pdf, pypdfium2.PdfDocument(pdf)
        bitmap = self._open_pdf[1][page_index].render(scale=PIXELS_PER_POINT, rev_byteorder=True)
        image: Image.Image = bitmap.to_pil().copy()  # the bitmap goes with its document
        return image


@contextmanager
def open_page_images(folder: Path) -> Iterator[PageImages]:
    """Pictures in a folder, as `page-01.png` and so on; what fails inside ends those that wait."""
    with ThreadPoolExecutor(_MAX_THREADS) as threads:
        drawn = PageImages(folder, threads)
        try:
            yield drawn
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
        finally:
            threads.shutdown()
            drawn.close()


@cache
def _build_palette() -> Image.Image:
    """Every colour of a page and its shades towards white, as the edges of letters have them."""
    pure = [_parse_rgb(colour) for colour in typst_inputs.list_colours()]
    kept = [(255, 255, 255), *pure]
    steps = 256 // len(pure)
    for colour in pure:
        for step in range(1, steps):
            shade = tuple(round(255 + (part - 255) * step / steps) for part in colour)
            # Pillow looks colours up in boxes of four: nearer ones would take white's place.
            if all(dist(shade, other) > _MIN_COLOUR_DISTANCE for other in kept):
                kept.append((shade[0], shade[1], shade[2]))
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in kept[:256] for part in colour])
    return made


def _parse_rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
