"""How high texts become on a slide: measured with the typeface's own widths, with room for another one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

from kpis.charts import fonts
from kpis.pack.pages.contents import Cell, Column

LINE = 1.32
"""Line height in em; the typeface's own is 1.27."""
# A reader without the typeface sees another, a little wider one; its heavy letters are wider still.
_ROOM, _HEAVY_ROOM = 1.06, 1.14
_MEASURED = 100  # px
SMALLER = 12 / 14
"""Size of a quieter second line against its cell's."""


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.folder() / "BeVietnamPro-Medium.ttf", _MEASURED)


@cache
def _width(word: str) -> float:
    return _font().getlength(word) / _MEASURED


def lines(text: str, width: float, size: float, *, heavy: bool = False) -> int:
    """How many lines a text takes in `width` points at `size` points; long words break anywhere."""
    if not text:
        return 0
    wide = size * (_HEAVY_ROOM if heavy else _ROOM)
    return sum(_paragraph(paragraph, width, wide) for paragraph in text.split("\n"))


def _paragraph(text: str, width: float, size: float) -> int:
    count, used, space = 1, 0.0, _width(" ") * size
    for word in text.split():
        long = _width(word) * size
        if used and used + space + long > width:
            count, used = count + 1, 0.0
        if long > width:
            count += int(long // width)
            long %= width
        used += long + (space if used else 0.0)
    return count


def cell_height(cell: Cell, width: float, size: float, *, heavy: bool = False) -> float:
    """Points that a cell's text takes, without its margins; `heavy`: all of it stands in heavy letters."""
    text = f"▲ {cell.text}" if cell.state and cell.text else cell.text
    high = lines(text, width, size, heavy=heavy or cell.state is not None) * size * LINE
    high += lines(cell.small, width, size * SMALLER) * size * SMALLER * LINE
    return high + sum(cell_height(more, width, size, heavy=heavy) for more in cell.more)


def row_height(
    row: Sequence[Cell], widths: Sequence[float], size: float, margin: float, *, heavy: bool = False
) -> float:
    """Points of a row: its highest cell with margins left, right, above and below."""
    inside = [width - 2 * margin for width in widths]
    cells = zip(row, inside, strict=True)
    highest = max(cell_height(cell, width, size, heavy=heavy) for cell, width in cells)
    return max(highest, size * LINE) + 2 * margin


def column_widths(columns: Sequence[Column], whole: float) -> list[float]:
    """The points of each column."""
    parts = sum(column.width for column in columns)
    return [whole * column.width / parts for column in columns]
