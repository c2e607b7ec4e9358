"""Every shape of a target from a register beside the sources to table, page, sheet, pack and report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from kpis.store.database import Database
from kpis.ui.province.page import render_province
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from kpis.ui.targets.page import render_targets
from tests.cli.conftest import PROGRESS_HEADER, Project

pytestmark = pytest.mark.slow

OPENPYXL: Any = import_module("openpyxl")  # it has no types

TODAY, NOW = date(2026, 6, 20), datetime(2026, 6, 20, 5)
COMMON = (
    'section = "II"\nrecurrence_basis = "stated"\nforce = "binding"\nlead = "Sở Công Thương"\nlead_basis = "stated"'
)
SHAPES = {
    91: (
        "news_items", "Mỗi quý bốn tin bài",
        'comparator = ">="\nfloor = 4\nrecurrence = "quarterly"\nfrom_day = 2026-01-01',
    ),
    92: ("public_events", "Vào nhóm mười địa phương dẫn đầu", 'measure = "carried"\nrecurrence = "by_end"'),
    93: (
        "officers_trained", "Tập huấn theo mốc",
        'comparator = ">="\nrecurrence = "by_end"\n'
        'numerator_vi = "số đã tập huấn"\ndenominator_vi = "số phải tập huấn"\n'
        "stages = [{ year = 2026, floor = 0.3 }, { year = 2030, floor = 0.6 }]",
    ),
    94: (
        "public_events", "Tuyến phố văn minh",
        'measure = "amount"\nunit = "km"\ncomparator = ">="\nfloor = 48.5\nrecurrence = "yearly"',
    ),
    95: (
        "conferences", "Mỗi xã hai hội nghị",
        'measure = "coverage"\naccumulation = "level"\ncomparator = ">="\nfloor = 0.5\neach = 2\n'
        'roster = ["Sở Công Thương", "Sở Y tế"]\nrecurrence = "yearly"',
    ),
    96: (
        "conferences", "Bình quân dưới bốn vụ",
        'measure = "amount"\naccumulation = "level"\nadds_up = false\n'
        'comparator = "<"\nfloor = 4\nrecurrence = "yearly"',
    ),
    97: (
        "conferences", "Giảm một nửa số vụ",
        'measure = "change"\naccumulation = "level"\nunit = "vụ"\ncomparator = "<="\nfloor = -0.5\n'
        'recurrence = "by_end"\nbaseline = { value = 40, year = 2025 }',
    ),
    98: (
        "news_items", "Tỷ lệ từ 40 lên 60 phần trăm",
        'measure = "amount"\naccumulation = "level"\nunit = "%"\ncomparator = ">="\nfloor = 60\n'
        'recurrence = "by_end"\nbaseline = { value = 40, year = 2025 }',
    ),
}  # fmt: skip
TRADE, HEALTH = "Sở Công Thương", "Sở Y tế"
ROWS = (
    (date(2026, 2, 15), TRADE, "dong-thap.91", 5, None, "1/BC", "tin quý một"),
    (date(2026, 5, 15), TRADE, "dong-thap.91", 2, None, "2/BC", "tin quý hai"),
    (date(2026, 5, 20), TRADE, "dong-thap.92", None, None, "3/BC", "Xếp thứ 12/34"),
    (date(2026, 5, 20), TRADE, "dong-thap.93", 45, 100, "4/BC", "đã tập huấn"),
    (date(2026, 5, 20), TRADE, "dong-thap.94", "12,75", None, "5/BC", "tuyến mới"),
    (date(2026, 3, 20), TRADE, "dong-thap.95", 2, None, "6/BC", "hai hội nghị"),
    (date(2026, 3, 20), TRADE, "dong-thap.96", "3,5", None, "7/BC", "bình quân"),
    (date(2026, 3, 20), HEALTH, "dong-thap.96", "3,4", None, "8/BC", "bình quân"),
    (date(2026, 3, 20), TRADE, "dong-thap.97", "37,5", None, "9/BC", "số vụ"),
    (date(2026, 3, 20), TRADE, "dong-thap.98", 41, None, "10/BC", "tỷ lệ"),
)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("shapes"))
    tables = [
        f'[[target]]\nid = "dong-thap.{number}"\nindicator = "{indicator}"\ntitle_vi = "{title}"\n{COMMON}\n{fields}\n'
        for number, (indicator, title, fields) in SHAPES.items()
    ]
    plans = project.folder / "register" / "plans"
    plans.mkdir(parents=True)
    (plans / "dong-thap.toml").write_text("\n".join(tables), encoding="utf-8")
    project.write_workbook(ROWS, header=(*PROGRESS_HEADER, "Nội dung"))
    run = project.run_kpis("sync", now=NOW)
    assert run.code == 0, run.err
    return project


@pytest.fixture
def view(shapes: Project) -> Iterator[tuple[Database, PageView]]:
    database = Database.open(shapes.database)
    assert database is not None
    options = load_filter_options(database, TODAY, "dong-thap")
    selected = filters.parse_filters({"plan": "dong-thap"}, options)
    yield database, PageView(selected, options.find_plan("dong-thap"), TODAY, False)
    database.close()


def read_text(markup: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(markup)))


def test_every_shape_is_judged_from_its_rows(shapes: Project) -> None:
    run = shapes.run_kpis("attainment", "--as-of", "2026-06-20", "--json", now=NOW)
    rows = {(row["target"], row["span"]): row for row in json.loads(run.out)}
    statuses = {number: rows[f"dong-thap.{number}", None]["status"] for number in SHAPES}
    assert statuses == {
        91: "behind", 92: "carried", 93: "on_track", 94: "behind", 95: "attained", 96: "on_track", 97: "on_track",
        98: "behind",
    }  # fmt: skip
    change = rows["dong-thap.97", None]
    assert (change["actual"], change["figure"], change["baseline"], change["baseline_year"]) == (
        -0.0625,
        37.5,
        40,
        2025,
    )
    assert (rows["dong-thap.98", None]["figure"], rows["dong-thap.98", None]["baseline"]) == (None, 40)
    assert rows["dong-thap.91", "2026-Q1"]["status"] == "attained"
    assert rows["dong-thap.94", None]["actual"] == 12.75
    assert rows["dong-thap.96", None]["actual"] == 3.5
    table = shapes.run_kpis("attainment", "--as-of", "2026-06-20", now=NOW).out
    assert "Mỗi quý bốn tin bài (quý I/2026)" in table
    assert "giảm 50%" in table
    (year,) = [line for line in table.splitlines() if line.startswith("dong-thap.91 ") and "(quý" not in line]
    assert "1/4 quý" in year and "≥" not in year and ">=" not in year
    targets = shapes.run_kpis("targets", "--plan", "dong-thap", now=NOW).out.splitlines()
    (quarterly,), (staged,) = ([line for line in targets if f"dong-thap.{n}" in line] for n in (91, 93))
    assert "ngày cuối mỗi quý" in quarterly and "theo mốc năm" in staged


def test_the_pages_show_quarters_words_stages_and_decimals(view: tuple[Database, PageView]) -> None:
    text = read_text(render_province(*view))
    assert "1/4 quý quý I/2026: 5/4 tin bài Đã đạt quý II/2026: 2/4 tin bài Chậm nhịp" in text
    assert "20/05/2026, Sở Công Thương: Xếp thứ 12/34" in text
    assert "thiếu 35,75 km" in text
    assert "số đã tập huấn / số phải tập huấn" in text
    assert "giảm 6,2% so với 2025 (37,5)" in text
    assert "Số gốc 40 (2025)" in text
    assert "còn phải giảm 17,5 vụ" in text
    catalogue = read_text(render_targets(*view))
    assert "2026: ≥ 30% số cán bộ ; 2030: ≥ 60% số cán bộ" in catalogue
    assert "chỉ ghi nhận theo lời văn của kế hoạch, không chấm" in catalogue
    assert "mỗi cơ quan ít nhất 2" in catalogue
    assert "giảm ít nhất 50% (vụ) từ 40 năm 2025" in catalogue
    assert "≥ 60 % từ 40 năm 2025" in catalogue
    assert "ngày cuối mỗi quý" in catalogue and "theo mốc năm" in catalogue
    assert "theo mốc năm" in text


def test_pack_report_and_new_sheet_hold_every_shape(shapes: Project, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    run = shapes.run_kpis("pack", "--week", "2026-W24", "--out", str(out), now=NOW)
    assert run.code == 0, run.err
    (book,) = out.rglob("*.xlsx")
    cells = {
        str(cell) for tab in OPENPYXL.load_workbook(book) for row in tab.iter_rows(values_only=True) for cell in row
    }
    assert {"-0.0625", "12.75", "Chỉ ghi nhận", "20/05/2026, Sở Công Thương: Xếp thứ 12/34"} <= cells
    report = tmp_path / "report.docx"
    assert shapes.run_kpis("report", "--plan", "dong-thap", "--year", "2026", "--out", str(report), now=NOW).code == 0
    table = " ".join(cell.text for table in Document(str(report)).tables for row in table.rows for cell in row.cells)
    assert "ít nhất 4 tin bài mỗi quý" in table
    assert "đạt 1/4 quý" in table
    assert "giảm ít nhất 50% so với 2025" in table
    assert "giảm 6,2% so với 2025 (37,5 vụ)" in table
    assert "Xếp thứ 12/34" in table
    sheet = tmp_path / "sheet.xlsx"
    assert shapes.run_kpis("new-sheet", "--plan", "dong-thap", "--out", str(sheet), now=NOW).code == 0
    notes = [str(cell) for row in OPENPYXL.load_workbook(sheet)["Chỉ tiêu"].iter_rows(values_only=True) for cell in row]
    assert {"giảm ít nhất 50%", "Hằng quý", "Chỉ ghi nhận", "2026: ≥ 30%; 2030: ≥ 60%"} <= set(notes)
