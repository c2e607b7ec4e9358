"""A province's sheet with a number of rows, as a workbook or a folder of CSV files, written once."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench.generate import TODAY
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sheet.tab_headers import HEADERS

TAB = "Tiến độ"
BenchRow = tuple[date, str, str, int, int | None, str, str, str]


def write_workbook(folder: Path, register: Register, plan: str, rows: int) -> Source:
    """Write a workbook with such a sheet, unless it exists."""
    path = folder / f"{plan}-{rows}-shared-texts.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        # Texts are shared, as Excel stores them; as links they would be lost beyond the 65,530 that a sheet may have.
        with xlsxwriter.Workbook(unfinished, {"strings_to_urls": False}) as book:
            sheet, day_format = book.add_worksheet(TAB), book.add_format({"num_format": "dd/mm/yyyy"})
            sheet.write_row(0, 0, _list_headers())
            for number, (day, *others) in enumerate(_generate_rows(register, plan, rows), start=1):
                sheet.write_datetime(number, 0, day, day_format)
                sheet.write_row(number, 1, others)
        unfinished.rename(path)
    return Source(plan, plan, "workbook", str(path))


def write_csv_folder(folder: Path, register: Register, plan: str, rows: int) -> Source:
    """Write a folder with such a sheet as a CSV file, unless it exists."""
    path = folder / f"{plan}-{rows}"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        with (unfinished / f"{TAB}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_list_headers())
            for day, *others in _generate_rows(register, plan, rows):
                writer.writerow([f"{day:%d/%m/%Y}", *others])
        unfinished.rename(path)
    return Source(plan, plan, "folder", str(path))


def _list_headers() -> list[str]:
    return [names[0] for names in HEADERS["progress"].values()]


def _generate_rows(register: Register, plan: str, rows: int) -> Iterator[BenchRow]:
    """Yield valid rows in the order of their days; always the same for the same number."""
    rng = random.Random(rows)
    targets = [target for target in register.targets.values() if target.plan == plan]
    agencies = [agency.name for agency in register.agencies if agency.plan == plan]
    begin = date(TODAY.year, 1, 1)
    for number in range(rows):
        target = rng.choice(targets)
        total = rng.randint(1, 40) if target.measure == "ratio" else None
        yield (
            begin + timedelta(days=(TODAY - begin).days * number // rows),
            rng.choice(agencies),
            target.id,
            rng.randint(0, total) if total else rng.randint(0, 3) if target.measure == "count" else 1,
            total,
            f"Việc minh họa số {rng.randint(0, 200)} tại địa phương",
            f"https://vi-du.example/{number}",
            f"Cán bộ {rng.randint(0, 60)}",
        )
