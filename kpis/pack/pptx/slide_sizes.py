"""How high texts become on a slide: measured with the typeface's own widths, with room for another one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

from kpis.charts import fonts
from kpis.pack.pages.contents import TableCell, TableColumn

LINE_HEIGHT = 1.32
"""Line height in em; the typeface's own is 1.27."""
# A reader without the typeface sees another, a little wider one; its heavy letters are wider still.
_WIDTH_ALLOWANCE, _BOLD_WIDTH_ALLOWANCE = 1.06, 1.14
_MEASURING_SIZE = 100  # px
SUBTEXT_SCALE = 12 / 14
"""Size of a quieter second line against its cell's."""


@cache
def _load_font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.get_font_folder() / "BeVietnamPro-Medium.ttf", _MEASURING_SIZE)


@cache
def _measure_word(word: str) -> float:
    return _load_font().getlength(word) / _MEASURING_SIZE


def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in `width` points at `size` points; long words break anywhere."""
    if not text:
        return 0
    wide = size * (_BOLD_WIDTH_ALLOWANCE if bold else _WIDTH_ALLOWANCE)
    return sum(_count_paragraph_lines(paragraph, width, wide) for paragraph in text.split("\n"))


def _count_paragraph_lines(text: str, width: float, size: float) -> int:
    count, used, space = 1, 0.0, _measure_word(" ") * size
    for word in text.split():
        long = _measure_word(word) * size
        if used and used + space + long > width:
            count, used = count + 1, 0.0
        if long > width:
            count += int(long // width)
            long %= width
        used += long + (space if used else 0.0)
    return count


def measure_cell_height(cell: TableCell, width: float, size: float, *, bold: bool = False) -> float:
    """Points that a cell's text takes, without its margins; `heavy`: all of it stands in heavy letters."""
    text = f"▲ {cell.text}" if cell.state and cell.text else cell.text
    high = count_lines(text, width, size, bold=bold or cell.state is not None) * size * LINE_HEIGHT
    high += count_lines(cell.subtext, width, size * SUBTEXT_SCALE) * size * SUBTEXT_SCALE * LINE_HEIGHT
    return high + sum(measure_cell_height(more, width, size, bold=bold) for more in cell.more_cells)


def measure_row_height(
    row: Sequence[TableCell], widths: Sequence[float], size: float, margin: float, *, bold: bool = False
) -> float:
    """Points of a row: its highest cell with margins left, right, above and below."""
    inside = [width - 2 * margin for width in widths]
    cells = zip(row, inside, strict=True)
    highest = max(measure_cell_height(cell, width, size, bold=bold) for cell, width in cells)
    return max(highest, size * LINE_HEIGHT) + 2 * margin


def compute_column_widths(columns: Sequence[TableColumn], total_width: float) -> list[float]:
    """The points of each column."""
    parts = sum(column.width for column in columns)
    return [total_width * column.width / parts for column in columns]
