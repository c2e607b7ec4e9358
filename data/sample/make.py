"""Writes the made-up year: `python -m data.sample.make` (or `make sample`); the same bytes every time.

data/sample/<plan>.xlsx            the five workbooks on 21 November 2026
data/sample/earlier/<day>/         the workbooks at earlier readings, if they differ
data/sample/**/sources.toml        what to read, and on which day
data/sample/register/              the overlay register: rosters, a population, shares
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random

from data.sample import bac_kan, dong_thap, ha_noi, overlay, thai_nguyen, tuyen_quang, workbook
from data.sample.officers import Headcount
from data.sample.plan_sheet import READING_DAYS, TODAY, PlanSheet
from data.sample.sheet_layouts import SHEET_LAYOUTS
from kpis.register.load import load_register
from kpis.register.model import Register

SAMPLE_FOLDER = Path(__file__).parent
FILL_FUNCTIONS: dict[str, Callable[[PlanSheet], Sequence[Headcount] | None]] = {
    "thai-nguyen": thai_nguyen.fill,
    "ha-noi": ha_noi.fill,
    "dong-thap": dong_thap.fill,
    "tuyen-quang": tuyen_quang.fill,
    "bac-kan": bac_kan.fill,
}
STALE_PLANS = {"tuyen-quang", "bac-kan"}
"""These two sheets have not changed since the first reading."""
_SEED = 2026


def main() -> None:
    """Write the sample to `--out`, by default to this folder."""
    parser = argparse.ArgumentParser(description="Write the made-up sample year.")
    parser.add_argument("--out", type=Path, default=SAMPLE_FOLDER)
    write_sample(parser.parse_args().out)


def write_sample(folder: Path) -> None:
    """Write the sample below `folder`."""
    register = load_register()
    books: dict[str, PlanSheet] = {}
    heads: dict[str, Sequence[Headcount]] = {}
    for plan, fill in FILL_FUNCTIONS.items():
        books[plan] = book = _create_sheet(plan, register)
        heads[plan] = fill(book) or ()
        if book.tasks:
            book.add_unreported_tasks()
    for reading in READING_DAYS:
        _write_reading(folder, reading, books)
    overlay.write_overlay(folder / "register", heads)


def _create_sheet(plan: str, register: Register) -> PlanSheet:
    last_typed_on = READING_DAYS[0] if plan in STALE_PLANS else TODAY
    return PlanSheet(plan, register, Random(f"{_SEED}/{plan}"), last_typed_on)


def _write_reading(top: Path, reading: date, sheets: dict[str, PlanSheet]) -> None:
    """Write the sources file of a reading, and the workbooks that have changed since the first."""
    folder = _get_reading_folder(top, reading)
    folder.mkdir(parents=True, exist_ok=True)
    sources = []
    for plan, book in sheets.items():
        # The newest workbook of every plan is in the top folder, where people look for it.
        path = (top if plan in STALE_PLANS else folder) / f"{plan}.xlsx"
        if reading == TODAY or plan not in STALE_PLANS:
            progress, tasks = (
                [row for row in rows if row.is_visible_on(reading)] for rows in (book.progress, book.tasks)
            )
            workbook.write_workbook(path, SHEET_LAYOUTS[plan], sorted(progress, key=lambda row: row.typed_on), tasks)
        location = Path(os.path.relpath(path, folder)).as_posix()
        sources.append(f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{location}"\n')
    text = _format_header(reading) + "\n" + "\n".join(sources)
    (folder / "sources.toml").write_text(text, encoding="utf-8", newline="\n")


def _get_reading_folder(top: Path, reading: date) -> Path:
    return top if reading == TODAY else top / "earlier" / reading.isoformat()


def _format_header(reading: date) -> str:
    head = "# Số liệu minh họa. Made up, and written by data/sample/make.py: change that, not this.\n"
    head += f"sample = true\ntoday = {reading.isoformat()}\n"
    if reading == TODAY:
        earlier = ", ".join(f'"earlier/{day.isoformat()}/sources.toml"' for day in READING_DAYS[:-1])
        head += "# Read before this file, oldest first, so that the sample has a last week to compare with.\n"
        head += f"earlier = [{earlier}]\n"
    return head


if __name__ == "__main__":
    main()
