"""From a document to figures: import, review in the workbook, accept, a sheet of the plan, attainment."""

from __future__ import annotations

import os
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kpis.plan_import.review.versions import writing
from tests.plan_import.review.accepted_plan import PLAN, Installation
from tests.plan_import.review.small_draft import TEXT, fill_in
from tests.plan_import.review.word_document import write_word_document

OPENPYXL: Any = openpyxl


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "tỉnh")


@pytest.fixture
def decided(installation: Installation) -> Installation:
    installation.import_text()
    installation.decide()
    return installation


def list_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_accepted_plan_is_judged_from_its_own_sheet(decided: Installation) -> None:
    run = decided.accept()
    assert run.code == 0, run.err
    targets = {row["title"]: row for row in decided.run("targets", "--plan", PLAN, "--json").json}
    visits = next(row for title, row in targets.items() if "kiểm tra vệ sinh chợ" in title)
    share = next(row for title, row in targets.items() if "được lát nền" in title)
    assert (visits["measure"], visits["floor"], visits["recurrence"]) == ("count", 4, "yearly")
    assert (share["measure"], share["floor"]) == ("ratio", 0.9)
    book = decided.folder / "bang.xlsx"
    new_sheet = decided.run("new-sheet", "--plan", PLAN, "--out", str(book))
    assert new_sheet.code == 0, new_sheet.err
    sheet = OPENPYXL.load_workbook(book)
    tab = sheet["Tiến độ"]
    header = [cell.value for cell in tab[1]]
    for number, quantity in enumerate((3, 1), 2):
        values = {
            "Ngày": date(2026, 2 + number, 3),
            "Cơ quan": "Sở Công Thương",
            "Chỉ tiêu": visits["target"],
            "Số lượng": quantity,
            "Minh chứng": f"{number}/BC-SCT",
        }
        for name, value in values.items():
            tab.cell(number, header.index(name) + 1).value = value
    sheet.save(book)
    decided.sources.write_text(f'[[source]]\nid = "a"\nplan = "{PLAN}"\nworkbook = "bang.xlsx"\n', encoding="utf-8")
    assert decided.run("sync").code == 0
    rows = {row["target"]: row for row in decided.run("attainment", "--as-of", "2026-11-21", "--json").json}
    assert (rows[visits["target"]]["status"], rows[visits["target"]]["actual"]) == ("attained", 4)
    assert rows[share["target"]]["status"] == "no_data"
    assert {row["plan"] for row in rows.values()} == {PLAN}


def test_ids_say_nothing_of_their_place_and_the_version_keeps_document_text_and_hashes(decided: Installation) -> None:
    assert decided.accept().code == 0
    version = tomllib.loads((decided.version / "version.toml").read_text(encoding="utf-8"))
    files = {path.name for path in decided.version.iterdir()} - {"version.toml"}
    assert set(version["sha256"]) == files
    assert {"plan.toml", "agencies.toml", "text.txt", "document.txt", "book.xlsx"} <= files
    ids = [row["target"] for row in decided.run("targets", "--plan", PLAN, "--json").json]
    assert len(set(ids)) == len(ids) == version["ids"]["next_target"] - 1


def test_a_second_accept_is_refused_and_changes_nothing(decided: Installation) -> None:
    assert decided.accept().code == 0
    old_files = list_files(decided.register)
    run = decided.accept()
    assert run.code != 0
    assert "accepted already" in run.err
    assert list_files(decided.register) == old_files


def test_an_undecided_row_and_an_empty_lead_are_named_with_their_cells(installation: Installation) -> None:
    installation.import_text()
    old_files = list_files(installation.register)
    run = installation.accept()
    assert run.code != 0
    assert "Chỉ tiêu, cell B2 (CT001)" in run.err
    assert list_files(installation.register) == old_files
    installation.decide()
    row = installation.read_draft().list_rows("target")[0]
    fill_in(installation.book, "target", row.id, "accept", lead=None)
    run = installation.accept()
    assert run.code != 0
    assert row.id in run.err
    assert not installation.version.exists()
    assert list_files(installation.register) == old_files  # a refused book is not taken in


@pytest.mark.parametrize("step", range(4))
def test_a_run_that_ends_at_any_moment_leaves_the_register_as_it_was(
    decided: Installation, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    old_files = list_files(decided.register)

    def end(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    name = ("_write_file", "fsync_folder", "load_register", "format_toml")[step]
    with monkeypatch.context() as patch:
        patch.setattr(writing, name, end)
        assert decided.accept().code != 0
    assert list_files(decided.register) == old_files
    assert decided.accept().code == 0


def test_a_full_disk_is_a_sentence_and_leaves_the_register_as_it_was(
    decided: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_files = list_files(decided.register)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        run = decided.accept()
    assert run.code != 0
    assert "disk is full" in run.err
    assert list_files(decided.register) == old_files


def test_ids_are_not_used_again_when_the_folder_of_a_version_is_deleted(decided: Installation) -> None:
    assert decided.accept().code == 0
    old_ids = {row["target"] for row in decided.run("targets", "--plan", PLAN, "--json").json}
    shutil.rmtree(decided.version)
    assert decided.accept().code == 0
    ids = {row["target"] for row in decided.run("targets", "--plan", PLAN, "--json").json}
    assert len(ids) == len(old_ids)
    assert ids.isdisjoint(old_ids)


def test_a_damaged_record_of_ids_is_refused(decided: Installation) -> None:
    decided.register.mkdir(exist_ok=True)
    (decided.register / "ids.json").write_text("{}}", encoding="utf-8")
    run = decided.accept()
    assert run.code != 0
    assert "which ids were given out" in run.err
    assert not decided.version.exists()


def test_a_document_of_another_place_is_announced_and_refused(installation: Installation) -> None:
    text = TEXT.replace("ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ", "ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP")
    run = installation.import_text(text)
    assert "“TỈNH" in run.err.upper()
    installation.decide()
    fill_in(installation.book, "header", "header.issuer", "accept", value=None)
    run = installation.accept()
    assert run.code != 0
    assert "import it again with its own place" in run.err
    assert not installation.version.exists()


def test_every_reporting_day_stands_in_the_accepted_plan(installation: Installation) -> None:
    reports = "\n2. Chế độ báo cáo\n\nCác cơ quan báo cáo trước ngày 15/11 hằng năm và ngày 20 hằng tháng.\n\nPHỤ LỤC\n"
    installation.import_text(TEXT.replace("\nPHỤ LỤC\n", reports))
    installation.decide()
    assert installation.accept().code == 0
    plan = tomllib.loads((installation.version / "plan.toml").read_text(encoding="utf-8"))["plan"]
    assert plan["reporting_days"] == [{"day": "20", "of": "month"}, {"day": "15/11", "of": "year"}]


def test_a_plan_written_in_word_is_accepted_like_one_in_plain_text(installation: Installation) -> None:
    path = installation.folder / "ke-hoach.docx"
    write_word_document(path, TEXT)
    installation.import_file(path)
    installation.decide()
    run = installation.accept()
    assert run.code == 0, run.err
    targets = {row["title"]: row for row in list_targets(installation)}
    assert [row["floor"] for title, row in targets.items() if "kiểm tra vệ sinh chợ" in title] == [4]
    assert [row["floor"] for title, row in targets.items() if "được lát nền" in title] == [0.9]
    tasks = installation.run("tasks", "--plan", PLAN, "--json").json
    assert [(row["task"], row["leads"]) for row in tasks] == [
        (f"{PLAN}.nv001", ["Sở Công Thương"]), (f"{PLAN}.nv002", ["Sở Y tế"]),
    ]  # fmt: skip
    assert (installation.version / "document.docx").read_bytes() == path.read_bytes()


def list_targets(installation: Installation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = installation.run("targets", "--plan", PLAN, "--json").json
    return rows


def test_plan_list_names_the_accepted_plan(decided: Installation) -> None:
    assert decided.accept().code == 0
    (row,) = [row for row in decided.run("plan", "list", "--json").json if row["plan"] == PLAN]
    assert row["version"] == 1
