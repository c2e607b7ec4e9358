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
from data.sample.plan_sheet import READINGS, TODAY, Book
from data.sample.sheet_layouts import HANDS
from kpis.register.load import load
from kpis.register.model import Register

HERE = Path(__file__).parent
FILLED_BY: dict[str, Callable[[Book], Sequence[Headcount] | None]] = {
    "thai-nguyen": thai_nguyen.fill,
    "ha-noi": ha_noi.fill,
    "dong-thap": dong_thap.fill,
    "tuyen-quang": tuyen_quang.fill,
    "bac-kan": bac_kan.fill,
}
STALE = {"tuyen-quang", "bac-kan"}
"""Nobody has touched these two sheets since the first reading."""
_SEED = 2026


def main() -> None:
    """Writes the sample into `--out`, by default where it belongs."""
    parser = argparse.ArgumentParser(description="Write the made-up sample year again.")
    parser.add_argument("--out", type=Path, default=HERE)
    write(parser.parse_args().out)


def write(folder: Path) -> None:
    """Writes the whole sample below `folder`."""
    register = load()
    books: dict[str, Book] = {}
    heads: dict[str, Sequence[Headcount]] = {}
    for plan, fill in FILLED_BY.items():
        books[plan] = book = _book(plan, register)
        heads[plan] = fill(book) or ()
        if book.tasks:
            book.list_other_tasks()
    for reading in READINGS:
        _write_reading(folder, reading, books)
    overlay.write(folder / "register", heads)


def _book(plan: str, register: Register) -> Book:
    last_typed = READINGS[0] if plan in STALE else TODAY
    return Book(plan, register, Random(f"{_SEED}/{plan}"), last_typed)


def _write_reading(top: Path, reading: date, books: dict[str, Book]) -> None:
    """One reading's workbooks; a sheet that has not changed since an earlier reading is not written again."""
    folder = _folder(top, reading)
    folder.mkdir(parents=True, exist_ok=True)
    sources = []
    for plan, book in books.items():
        # The newest workbooks all stand at the top, where people look for them.
        path = (top if plan in STALE else folder) / f"{plan}.xlsx"
        if reading == TODAY or plan not in STALE:
            progress, tasks = (
                [row for row in rows if row.seen_on(reading)] for rows in (book.progress, book.tasks)
            )
            workbook.write(path, HANDS[plan], sorted(progress, key=lambda row: row.typed), tasks)
        location = Path(os.path.relpath(path, folder)).as_posix()
        sources.append(f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{location}"\n')
    text = _head(reading) + "\n" + "\n".join(sources)
    (folder / "sources.toml").write_text(text, encoding="utf-8", newline="\n")


def _folder(top: Path, reading: date) -> Path:
    return top if reading == TODAY else top / "earlier" / reading.isoformat()


def _head(reading: date) -> str:
    head = "# Số liệu minh họa. Made up, and written by data/sample/make.py: change that, not this.\n"
    head += f"sample = true\ntoday = {reading.isoformat()}\n"
    if reading == TODAY:
        before = ", ".join(f'"earlier/{day.isoformat()}/sources.toml"' for day in READINGS[:-1])
        head += "# Read before this file, oldest first, so that the sample has a last week to compare with.\n"
        head += f"earlier = [{before}]\n"
    return head


if __name__ == "__main__":
    main()
