"""Writes the made-up year again: `python -m data.sample.make` (or `make sample`); the same bytes every time.

data/sample/<plan>.xlsx            the five workbooks as they stand on 21 November 2026
data/sample/earlier/<day>/         the same as they stood when they were read before, where they differ
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
"""Nobody has touched these two sheets since the first reading."""
_SEED = 2026


def main() -> None:
    """Writes the sample into `--out`, by default where it belongs."""
    parser = argparse.ArgumentParser(description="Write the made-up sample year again.")
    parser.add_argument("--out", type=Path, default=SAMPLE_FOLDER)
    write_sample(parser.parse_args().out)


def write_sample(folder: Path) -> None:
    """Writes the whole sample below `folder`."""
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
    last_typed = READING_DAYS[0] if plan in STALE_PLANS else TODAY
    return PlanSheet(plan, register, Random(f"{_SEED}/{plan}"), last_typed)


def _write_reading(top: Path, reading: date, sheets: dict[str, PlanSheet]) -> None:
    """One reading's workbooks; a sheet that has not changed since an earlier reading is not written again."""
    folder = _get_reading_folder(top, reading)
    folder.mkdir(parents=True, exist_ok=True)
    sources = []
    for plan, book in sheets.items():
        # The newest workbooks all stand at the top, where people look for them.
        path = (top if plan in STALE_PLANS else folder) / f"{plan}.xlsx"
        if reading == TODAY or plan not in STALE_PLANS:
            progress, tasks = (
                [row for row in rows if row.is_visible_on(reading)] for rows in (book.progress, book.tasks)
            )
            workbook.write_workbook(
                path, SHEET_LAYOUTS[plan], sorted(progress, key=lambda row: row.typed_on), tasks
            )
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
        before = ", ".join(f'"earlier/{day.isoformat()}/sources.toml"' for day in READING_DAYS[:-1])
        head += "# Read before this file, oldest first, so that the sample has a last week to compare with.\n"
        head += f"earlier = [{before}]\n"
    return head


if __name__ == "__main__":
    main()
