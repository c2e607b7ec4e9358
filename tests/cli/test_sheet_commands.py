"""`new-sheet`, `feedback` and `prepare-sheet`: the files, messages and usage errors."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_runner import run_kpis
from tests.cli.conftest import Project
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn

OPENPYXL: Any = import_module("openpyxl")  # it has no types


def test_a_new_sheet_is_written_and_never_overwrites_one_with_rows(tmp_path: Path) -> None:
    out = tmp_path / "bang.xlsx"
    run = run_kpis("new-sheet", "--plan", "ha-noi", "--out", str(out))
    assert (run.code, run.out) == (0, "")
    assert "bang.xlsx đã sẵn sàng" in run.err
    book = OPENPYXL.load_workbook(out)
    assert book.sheetnames == ["Hướng dẫn", "Tiến độ", "Giải trình", "Chỉ tiêu", "Danh sách (hệ thống)"]
    book["Tiến độ"]["F2"] = "đã ghi"
    book.save(out)
    assert run_kpis("new-sheet", "--plan", "ha-noi", "--out", str(out)).code == 2
    assert OPENPYXL.load_workbook(out)["Tiến độ"]["F2"].value == "đã ghi"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["new-sheet", "--plan", "hue", "--out", "x.xlsx"], "Các kế hoạch có: "),
        (["new-sheet", "--plan", "ha-noi"], "Thiếu --out"),
        (["new-sheet", "--out", "x.xlsx"], "Thiếu --plan"),
        (["feedback", "--plan", "ha-noi", "--out", "x.xlsx"], "feedback cần có FILE.xlsx"),
        (["feedback", "a.xlsx", "b.xlsx", "--plan", "ha-noi"], "“b.xlsx” là từ thừa"),
        (["feedback", "a.xlsx", "--plan", "hue", "--out", "x.xlsx"], "Không có kế hoạch “hue”"),
        (["prepare-sheet"], "prepare-sheet cần có URL"),
        (["prepare-sheet", "https://example.org/x"], "không phải đường dẫn tới Google Trang tính"),
    ],
)
def test_a_usage_error_says_what_is_accepted(argv: list[str], message: str) -> None:
    run = run_kpis(*argv)
    assert run.code == 2
    assert message in run.err
    assert run.out == ""


def test_a_missing_file_exits_1_like_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    run = run_kpis("feedback", str(tmp_path / "a.xlsx"), "--plan", "ha-noi", "--out", str(tmp_path / "b.xlsx"))
    assert run.code == 1
    assert not (tmp_path / "b.xlsx").exists()


def test_feedback_writes_the_status_of_each_row_with_the_totals_of_the_file(project: Project) -> None:
    file, out = project.folder / "dong-thap.xlsx", project.folder / "tra-loi.xlsx"
    original = file.read_bytes()
    run = project.run_kpis("feedback", str(file), "--plan", "dong-thap", "--out", str(out))
    assert (run.code, run.out) == (0, "")
    assert "4 dòng được tính, trong đó 2 dòng cần xem lại; 2 dòng cần sửa" in run.err
    sheet = OPENPYXL.load_workbook(out)["Tiến độ"]
    assert sheet["G1"].value == "Phản hồi"
    assert sheet["G2"].value == "✓ Đã tính: Tin bài 12/10"
    assert sheet["G4"].value == "! Thiếu minh chứng · Đã tính: Tin bài 12/10"
    assert sheet["G5"].value.startswith("✗ A5 (Ngày): 31/02/2026 không có trong lịch")
    assert sheet["B6"].comment.text.startswith("B6")
    assert file.read_bytes() == original
    assert not project.database.exists()
    same = project.run_kpis("feedback", str(file), "--plan", "dong-thap", "--out", str(file))
    assert same.code == 2
    assert file.read_bytes() == original


def test_the_day_of_a_feedback_can_be_set(project: Project) -> None:
    file, out = project.folder / "dong-thap.xlsx", project.folder / "tra-loi.xlsx"
    argv = ["feedback", str(file), "--plan", "dong-thap", "--out", str(out)]
    project.run_kpis(*argv, "--now", "2026-03-15", now=datetime(2027, 1, 1))
    sheet = OPENPYXL.load_workbook(out)["Tiến độ"]
    assert sheet["G2"].value == "✓ Đã tính: Tin bài 3/10"
    assert sheet["G3"].value.startswith("✗ A3 (Ngày): ngày 01/04/2026 chưa đến")


def test_a_sheet_is_prepared_for_the_plan_that_the_sources_file_names(tmp_path: Path) -> None:
    with StandIn() as google:
        file = Spreadsheet("Bảng", [SheetTab("Trang tính1", 0, 60)], {google.account.email: "writer"})
        google.cloud.add_file(file)
        url = f"https://docs.google.com/spreadsheets/d/{file.id}/edit#gid=0"
        sources = tmp_path / "sources.toml"
        sources.write_text('[[source]]\nid = "a"\nplan = "ha-noi"\ngoogle = "https://example.org"\n', "utf-8")
        environ = {
            "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
            "KPIS_GOOGLE_BASE": google.base_url,
            "KPIS_SOURCES": str(sources),
            "KPIS_DATABASE": str(tmp_path / "kpis.json"),
        }
        unknown = run_kpis("prepare-sheet", url, environ=environ)
        assert unknown.code == 2
        assert "--plan" in unknown.err
        sources.write_text(f'[[source]]\nid = "a"\nplan = "ha-noi"\ngoogle = "{url}"\n', "utf-8")
        run = run_kpis("prepare-sheet", url, environ=environ)
        assert (run.code, run.out) == (0, "")
        assert "“Bảng” đã sẵn sàng để điền" in run.err
        assert file.sheets[1].title == "Tiến độ"
        assert "không thiếu gì" in run_kpis("prepare-sheet", url, "--plan", "ha-noi", environ=environ).err
        assert google.violations == []
