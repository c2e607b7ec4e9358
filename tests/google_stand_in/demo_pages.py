"""A plain web page for the demonstration: look at a spreadsheet of the stand-in, and type into its cells."""

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
    """Whether an address is one of these pages."""
    return urlsplit(path).path == "/" or path.startswith("/spreadsheets/d/")


def render_page(standin: StandIn, verb: str, path: str, body: bytes) -> str:
    """The page at an address; a POST types a value into a cell first."""
    parts = urlsplit(path).path.strip("/").split("/")
    if parts == [""]:
        links = (
            f'<li><a href="/spreadsheets/d/{one.id}/edit">{escape(one.title)}</a>'
            for one in standin.cloud.files.values()
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
    shape = (
        (old.format, old.pattern) if isinstance(new.value, float) and old.format != "DATE" else (None, None)
    )
    standin.cloud.edit_file(
        file, lambda _: tab.set_cell(row, column, SheetCell(new.value, *shape, old.rule, old.other_fields))
    )
    return ""


def _render_table(tab: SheetTab) -> str:
    height = max((row for row, _ in tab.cells), default=-1) + 1
    width = max((column for _, column in tab.cells), default=-1) + 1
    head = "".join(f"<th>{a1.format_column(column)}" for column in range(width))
    rows = "".join(
        f"<tr><th>{row + 1}"
        + "".join(
            f"<td>{escape(render.format_value(tab.cells.get((row, at), SheetCell())))}" for at in range(width)
        )
        for row in range(height)
    )
    return (
        f"<h2>{escape(tab.title)}</h2><form method=post>"
        f"<input type=hidden name=tab value='{escape(tab.title, True)}'>"
        "Ô <input name=cell size=6> là <input name=value size=40> <button>Ghi</button></form>"
        f"<table><tr><th>{head}{rows}</table>"
    )
