"""Plain web pages for the demonstration: show a spreadsheet of the stand-in and type into its cells."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.google_stand_in import a1, render
from tests.google_stand_in.spreadsheet import SheetCell, SheetTab, Spreadsheet, to_cell

if TYPE_CHECKING:
    from tests.google_stand_in.server import StandIn

_STYLE = (
    "<meta charset=utf-8><title>Google Trang tính (bản đóng thế)</title><style>"
    "body{font:14px sans-serif;margin:1em}table{border-collapse:collapse}form{margin:.5em 0}"
    "td,th{border:1px solid #ccc;padding:.2em .4em;max-width:24em}th{background:#eee}</style>"
)


def is_demo_page(path: str) -> bool:
    """True if an address is one of these pages."""
    return urlsplit(path).path == "/" or path.startswith("/spreadsheets/d/")


def render_page(standin: StandIn, verb: str, path: str, body: bytes) -> str:
    """Return the page at an address; a POST types a value into a cell first."""
    parts = urlsplit(path).path.strip("/").split("/")
    if parts == [""]:
        links = (
            f'<li><a href="/spreadsheets/d/{file.id}/edit">{escape(file.title)}</a>'
            for file in standin.cloud.files.values()
        )
        return f"{_STYLE}<h1>Google Trang tính (bản đóng thế)</h1><ul>{''.join(links)}</ul>"
    file = standin.cloud.files.get(parts[2])
    if file is None:
        return f"{_STYLE}<p>Không có bảng tính này."
    problem = _type_value(standin, file, parse_qs(body.decode())) if verb == "POST" else ""
    return f"{_STYLE}<p><a href='/'>← tất cả</a><h1>{escape(file.title)}</h1>{escape(problem)}" + "".join(
        _render_table(tab) for tab in file.sheets
    )


def _type_value(standin: StandIn, file: Spreadsheet, form: dict[str, list[str]]) -> str:
    try:
        tab = file.get_sheet(form["tab"][0])
        row, column = a1.parse_cell(form["cell"][0].strip().upper())
    except (KeyError, ValueError, StopIteration):
        return "Không có ô này."
    text = (form.get("value") or [""])[0]
    old = tab.cells.get((row, column), SheetCell())
    new = to_cell(float(text) if text.replace(".", "", 1).isdigit() else text or None)
    keeps_format = isinstance(new.value, float) and old.format != "DATE"
    number_format = (old.format, old.pattern) if keeps_format else (None, None)
    cell = SheetCell(new.value, *number_format, old.rule, old.other_fields)
    standin.cloud.edit_file(file, lambda _: tab.set_cell(row, column, cell))
    return ""


def _render_table(tab: SheetTab) -> str:
    height = max((row for row, _ in tab.cells), default=-1) + 1
    width = max((column for _, column in tab.cells), default=-1) + 1
    header = "".join(f"<th>{a1.format_column(column)}" for column in range(width))
    rows = "".join(
        f"<tr><th>{row + 1}"
        + "".join(
            f"<td>{escape(render.format_value(tab.cells.get((row, column), SheetCell())))}" for column in range(width)
        )
        for row in range(height)
    )
    return (
        f"<h2>{escape(tab.title)}</h2><form method=post>"
        f"<input type=hidden name=tab value='{escape(tab.title, True)}'>"
        "Ô <input name=cell size=6> là <input name=value size=40> <button>Ghi</button></form>"
        f"<table><tr><th>{header}{rows}</table>"
    )
