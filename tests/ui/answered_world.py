"""An installation whose sheet has an answer to nobody's question, for the tests of pages with explanations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kpis.sheet.model import RawSheet
from tests.sync.conftest import NOON, SheetRow, World, make_entry, make_sheet

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"
_COLUMNS = ("Mã", "Cơ quan", "Giải trình", "Biện pháp", "Cam kết hoàn thành", "Ngày trả lời")


def build_answered_world(folder: Path, text: str) -> World:
    """Return an installation that was read once; OTHER answers about target p.01 with the text."""
    world = World(folder / "var" / "kpis.json")
    rows: list[SheetRow] = [dict(zip(_COLUMNS, ("p.01", OTHER, text, text, date(2026, 7, 1)), strict=False))]
    main, extra = make_sheet([make_entry(date(2026, 3, 1), 3)]), make_sheet(rows, columns=_COLUMNS)
    world.sheets["s"] = RawSheet((*main.tabs, replace(extra.tabs[0], name="Giải trình")), NOON)
    world.sync()
    return world
