"""How a new workbook looks: its formats, made once per workbook, in Be Vietnam Pro."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format

DAY_FORMAT = "dd/mm/yyyy"
INK, PALE, RULE, QUIET = "#1F3A5F", "#EAF0F7", "#C9D3DF", "#5B6673"

# Where the typeface is not installed, family 2 (swiss) tells Excel to take a sans serif in its place:
# a cell can name one typeface only (ECMA-376 part 1, 18.8.18 family).
_TYPEFACE = {"font_name": "Be Vietnam Pro", "font_family": 2, "font_scheme": "", "font_size": 10}
_CELL = {**_TYPEFACE, "text_wrap": True, "valign": "top"}


def height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Points that a row of wrapped texts needs: LibreOffice does not measure rows by itself as Excel does."""
    lines = max(ceil(len(text) * 0.85 / width) for text, width in zip(texts, widths, strict=False))
    return 15.0 * max(lines, 1)


class Formats:
    """Every format of a new workbook; `open_` cells may be typed into, the others are locked."""

    def __init__(self, workbook: Workbook) -> None:
        def made(**properties: object) -> Format:
            return workbook.add_format({**_CELL, **properties})

        self.anywhere = made(locked=False, text_wrap=False)
        self.open_ = made(locked=False)
        self.day = made(locked=False, num_format=DAY_FORMAT, align="center")
        self.count = made(locked=False, num_format="#,##0", align="right")
        self.feedback = made(locked=True, bg_color="#F4F6F8", font_color=QUIET)
        self.note = made(locked=False, font_color=QUIET)
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": INK, "border": 1, "border_color": RULE,
                "valign": "vcenter"}  # fmt: skip
        self.head = made(locked=False, **head)
        self.feedback_head = made(locked=True, **head)
        self.read_only = made(border=1, border_color=RULE)
        self.read_only_head = made(
            bold=True, bg_color=PALE, font_color=INK, border=1, border_color=RULE, valign="vcenter"
        )
        self.title = made(bold=True, font_size=18, font_color=INK, text_wrap=False)
        self.subtitle = made(font_size=11, font_color=QUIET, text_wrap=False)
        self.heading = made(bold=True, font_size=12, font_color=INK, text_wrap=False, valign="vcenter")
        self.label = made(bold=True)
        self.text = made()
        self.counted = workbook.add_format({"font_color": "#1B6B3A"})
        self.to_look_at = workbook.add_format({"font_color": "#8A5A00"})
        self.to_mend = workbook.add_format({"font_color": "#A8231C"})
