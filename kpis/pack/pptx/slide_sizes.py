"""The heights of texts on a slide, measured with our typeface and an allowance for a substitute."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

from kpis.charts import fonts
from kpis.pack.pages.contents import TableCell, TableColumn

LINE_HEIGHT = 1.32
"""Line height in em; the typeface's own is 1.27."""
# Without the typeface, readers see a slightly wider substitute; its bold letters are wider still.
_WIDTH_ALLOWANCE, _BOLD_WIDTH_ALLOWANCE = 1.06, 1.14
_MEASURING_SIZE = 100  # px
SUBTEXT_SCALE = 12 / 14
"""Font size of a cell's second line, relative to its first."""


@cache
def _load_font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.get_font_folder() / "BeVietnamPro-Medium.ttf", _MEASURING_SIZE)


@cache
def _measure_word(word: str) -> float:
    return _load_font().getlength(word) / _MEASURING_SIZE


def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in `width` points at `size` points; long words break anywhere."""
    if not text:
        return 0
    allowed_size = size * (_BOLD_WIDTH_ALLOWANCE if bold else _WIDTH_ALLOWANCE)
    return sum(_count_paragraph_lines(paragraph, width, allowed_size) for paragraph in text.split("\n"))


def _count_paragraph_lines(text: str, width: float, size: float) -> int:
    count, used, space = 1, 0.0, _measure_word(" ") * size
    for word in text.split():
        length = _measure_word(word) * size
        if used and used + space + length > width:
            count, used = count + 1, 0.0
        if length > width:
            count += int(length // width)
            length %= width
        used += length + (space if used else 0.0)
    return count


def measure_cell_height(cell: TableCell, width: float, size: float, *, bold: bool = False) -> float:
    """Return the height in points of a cell's texts in `width` points, without margins."""
    text = f"▲ {cell.text}" if cell.state and cell.text else cell.text
    height = count_lines(text, width, size, bold=bold or cell.state is not None) * size * LINE_HEIGHT
    height += count_lines(cell.subtext, width, size * SUBTEXT_SCALE) * size * SUBTEXT_SCALE * LINE_HEIGHT
    return height + sum(measure_cell_height(more, width, size, bold=bold) for more in cell.more_cells)


def measure_row_height(
    row: Sequence[TableCell], widths: Sequence[float], size: float, margin: float, *, bold: bool = False
) -> float:
    """Return the height in points of a row: its highest cell, with `margin` on all four sides."""
    cells = zip(row, widths, strict=True)
    highest = max(measure_cell_height(cell, width - 2 * margin, size, bold=bold) for cell, width in cells)
    return max(highest, size * LINE_HEIGHT) + 2 * margin


def compute_column_widths(columns: Sequence[TableColumn], total_width: float) -> list[float]:
    """Return each column's width in the unit of `total_width`."""
    parts = sum(column.width for column in columns)
    return [total_width * column.width / parts for column in columns]
