"""The pages of a PDF as PNG images in a palette of the design's colours, with text as sharp as in the PDF."""

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
"""A page of 960 × 540 points is an image of 1920 × 1080 pixels."""
_MAX_THREADS = 2
"""At most so many page images are in memory at a time."""
_MIN_COLOUR_DISTANCE = 9.0
"""The least distance of two colours in the palette."""
_COMPRESSION_LEVEL = 4
"""zlib level: 2.5 % more bytes than level 6 in half the time."""
_PDFIUM_LOCK = Lock()  # PDFium is not thread-safe


class PageImages:
    """Renders the pages of PDFs in threads; `paths` are the images of all pages so far, in order.

    `names` are those of the pages; an image is named `01-tong-quan.png`.
    """

    def __init__(self, folder: Path, threads: ThreadPoolExecutor, names: Sequence[str]) -> None:
        self._folder, self._threads, self._names = folder, threads, names
        self._pending: list[Future[None]] = []
        self._open_pdf: tuple[Path, pypdfium2.PdfDocument] | None = None
        self.paths: list[Path] = []

    def draw(self, pdf: Path, sheet_count: int) -> None:
        """Start rendering the pages of a PDF that has `sheet_count` pages."""
        for page_index in range(sheet_count):
            number = len(self.paths)
            path = self._folder / f"{number + 1:02}-{self._names[number]}.png"
            self.paths.append(path)
            self._pending.append(self._threads.submit(self._write_image, pdf, page_index, path))

    def finish(self) -> Sequence[Path]:
        """Wait for all images and return their paths; raises the first error of any page."""
        for future in self._pending:
            future.result()
        return self.paths

    def close(self) -> None:
        """Close the PDF rendered last."""
        if self._open_pdf is not None:
            self._open_pdf[1].close()
            self._open_pdf = None

    def _write_image(self, pdf: Path, page_index: int, path: Path) -> None:
        with _PDFIUM_LOCK:
            image = self._render_page(pdf, page_index)
        # Dithering would speckle flat backgrounds and letters.
        quantized = image.quantize(palette=_build_palette(), dither=Image.Dither.NONE)
        quantized.save(path, "PNG", compress_level=_COMPRESSION_LEVEL)

    def _render_page(self, pdf: Path, page_index: int) -> Image.Image:
        if self._open_pdf is None or self._open_pdf[0] != pdf:  # kept open: reading its fonts takes longest
            self.close()
            self._open_pdf = pdf, pypdfium2.PdfDocument(pdf)
        bitmap = self._open_pdf[1][page_index].render(scale=PIXELS_PER_POINT, rev_byteorder=True)
        image: Image.Image = bitmap.to_pil().copy()  # the bitmap's memory is freed with its document
        return image


@contextmanager
def open_page_images(folder: Path, names: Sequence[str]) -> Iterator[PageImages]:
    """Write images into a folder, one for each of `names`; an error inside cancels the pending ones."""
    with ThreadPoolExecutor(_MAX_THREADS) as threads:
        images = PageImages(folder, threads, names)
        try:
            yield images
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
        finally:
            threads.shutdown()
            images.close()


@cache
def _build_palette() -> Image.Image:
    """Build a palette of every colour of a page and its shades towards white, for the edges of letters."""
    pure_colours = [_parse_rgb(colour) for colour in typst_inputs.list_colours()]
    colours = [(255, 255, 255), *pure_colours]
    steps = 256 // len(pure_colours)
    for colour in pure_colours:
        for step in range(1, steps):
            shade = tuple(round(255 + (part - 255) * step / steps) for part in colour)
            # Pillow looks colours up in boxes of four: a shade too near to white would replace it.
            if all(dist(shade, other) > _MIN_COLOUR_DISTANCE for other in colours):
                colours.append((shade[0], shade[1], shade[2]))
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours[:256] for part in colour])
    return palette


def _parse_rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
