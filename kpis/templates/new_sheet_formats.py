"""The cell formats of a new workbook, in Be Vietnam Pro."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format

DAY_FORMAT = "dd/mm/yyyy"
PRIMARY_COLOUR, PALE_COLOUR, BORDER_COLOUR, MUTED_COLOUR = "#1F3A5F", "#EAF0F7", "#C9D3DF", "#5B6673"

# If the typeface is not installed, family 2 (swiss) makes Excel use a sans serif instead: a cell can name
# only one typeface (ECMA-376 part 1, 18.8.18 family).
_FONT_PROPERTIES = {"font_name": "Be Vietnam Pro", "font_family": 2, "font_scheme": "", "font_size": 10}
_CELL_PROPERTIES = {**_FONT_PROPERTIES, "text_wrap": True, "valign": "top"}


def compute_row_height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Return the height in points of a row of wrapped texts; LibreOffice does not fit rows by itself."""
    lines = max(ceil(len(text) * 0.85 / width) for text, width in zip(texts, widths, strict=False))
    return 15.0 * max(lines, 1)


class NewSheetFormats:
    """Every cell format of a new workbook; cells are locked unless the format has `locked=False`."""

    def __init__(self, workbook: Workbook) -> None:
        def add_format(**properties: object) -> Format:
            return workbook.add_format({**_CELL_PROPERTIES, **properties})

        self.editable_column = add_format(locked=False, text_wrap=False)
        self.editable = add_format(locked=False)
        self.day = add_format(locked=False, num_format=DAY_FORMAT, align="center")
        self.count = add_format(locked=False, num_format="#,##0", align="right")
        self.amount = add_format(locked=False, align="right")
        self.feedback = add_format(locked=True, bg_color="#F4F6F8", font_color=MUTED_COLOUR)
        self.decided = add_format(
            locked=False, num_format="@", bg_color="#FFFBEA", border=1, border_color=BORDER_COLOUR
        )
        self.unused = add_format(bg_color="#F4F6F8", border=1, border_color=BORDER_COLOUR)
        self.note = add_format(locked=False, font_color=MUTED_COLOUR)
        header = {"bold": True, "font_color": "#FFFFFF", "bg_color": PRIMARY_COLOUR, "border": 1,
                  "border_color": BORDER_COLOUR, "valign": "vcenter"}  # fmt: skip
        self.header = add_format(locked=False, **header)
        self.feedback_header = add_format(locked=True, **header)
        self.read_only = add_format(border=1, border_color=BORDER_COLOUR)
        self.read_only_header = add_format(
            bold=True,
            bg_color=PALE_COLOUR,
            font_color=PRIMARY_COLOUR,
            border=1,
            border_color=BORDER_COLOUR,
            valign="vcenter",
        )
        self.title = add_format(bold=True, font_size=18, font_color=PRIMARY_COLOUR, text_wrap=False)
        self.subtitle = add_format(font_size=11, font_color=MUTED_COLOUR, text_wrap=False)
        self.heading = add_format(bold=True, font_size=12, font_color=PRIMARY_COLOUR, text_wrap=False, valign="vcenter")
        self.label = add_format(bold=True)
        self.text = add_format()
        self.accepted = workbook.add_format({"font_color": "#1B6B3A"})
        self.warning = workbook.add_format({"font_color": "#8A5A00"})
        self.undecided = workbook.add_format({"bg_color": "#FBE3E0"})
        self.rejection = workbook.add_format({"font_color": "#A8231C"})
