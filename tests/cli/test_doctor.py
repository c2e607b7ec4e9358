"""`doctor` prints one line per check: that it is well, or what to fix."""

import json
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kpis.cli import doctor_checks
from kpis.store.database import Database
from tests.cli.command_runner import NOW, CliRun, run_kpis
from tests.cli.conftest import PROGRESS_HEADER, VALID_ROWS, Project
from tests.google_stand_in import Spreadsheet, StandIn
from tests.google_stand_in.fixtures import HEADER

OPENPYXL: Any = import_module("openpyxl")  # it has no types
LATER = NOW + timedelta(minutes=1)


def test_a_healthy_project_passes_every_check(project: Project) -> None:
    project.run_kpis("sync")
    run = project.run_kpis("doctor")
    assert (run.code, run.err) == (0, "")
    assert "✗" not in run.out
    for word in ("Python", "danh mục", "dong-thap", "cơ sở dữ liệu", "ổ đĩa", "đồng hồ"):
        assert word in run.out


def test_a_source_that_cannot_be_read_exits_1_and_is_named(project: Project) -> None:
    project.write_sources("dong-thap", "gone")
    run = project.run_kpis("doctor", "--json")
    assert run.code == 1
    (problem,) = [row for row in run.json if row["verdict"] == "mend"]
    assert problem["check"] == "gone"
    assert "gone.xlsx" in problem["message"]


def test_a_sheet_that_a_sync_would_not_read_is_to_fix_and_rows_that_are_no_data_are_counted(project: Project) -> None:
    project.write_workbook([*VALID_ROWS, ("Cộng", None, None, 12, None, None), PROGRESS_HEADER])
    rows = project.run_kpis("doctor", "--json", "--lang", "en").json
    notes = [row["message"] for row in rows if (row["check"], row["verdict"]) == ("dong-thap", "note")]
    assert [note for note in notes if note.startswith("2 rows are no data")]
    project.write_workbook(VALID_ROWS, header=("Ngày", "Cơ quan", "Nội dung"))
    run = project.run_kpis("doctor", "--json", "--lang", "en")
    (problem,) = [row for row in run.json if row["check"] == "dong-thap"]
    assert (run.code, problem["verdict"]) == (1, "mend")
    assert "Chỉ tiêu" in problem["message"]


def test_a_tab_that_looks_like_ours_and_is_not_read_is_a_note(project: Project) -> None:
    path = project.folder / "dong-thap.xlsx"
    project.write_workbook(VALID_ROWS)
    book = OPENPYXL.load_workbook(path)
    book.copy_worksheet(book["Tiến độ"]).title = "Tiến độ (2)"
    book.save(path)
    rows = project.run_kpis("doctor", "--json", "--lang", "en").json
    notes = [row["message"] for row in rows if (row["check"], row["verdict"]) == ("dong-thap", "note")]
    assert [note for note in notes if note.startswith("“Tiến độ (2)” (3 rows) looks like one of our tabs")]


def test_a_source_that_is_held_is_to_fix_although_it_can_be_read(project: Project) -> None:
    project.run_kpis("sync")
    project.write_workbook([])
    assert project.run_kpis("sync").code == 1
    run = project.run_kpis("doctor", "--json")
    assert run.code == 1
    (problem,) = [row for row in run.json if row["verdict"] == "mend"]
    assert problem["check"] == "dong-thap"
    assert "--accept-shrink dong-thap" in problem["message"] and "từ 3 xuống 0" in problem["message"]


def test_an_invalid_overlay_and_a_missing_sources_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/x.toml").write_text("= 1", encoding="utf-8")
    environ = {
        "KPIS_REGISTER": str(tmp_path),
        "KPIS_SOURCES": str(tmp_path / "no.toml"),
        "KPIS_DATABASE": str(tmp_path / "kpis.json"),
    }
    run = run_kpis("doctor", "--lang", "en", "--json", environ=environ)
    messages = {row["check"]: row["message"] for row in run.json if row["verdict"] == "mend"}
    assert run.code == 3
    assert "plans/x.toml" in messages["register"]
    assert "no.toml" in messages["sources"]


def test_a_database_before_the_first_sync_is_a_note(project: Project) -> None:
    rows = project.run_kpis("doctor", "--json").json
    (database,) = [row for row in rows if row["check"] == "database"]
    assert database["verdict"] == "note"
    assert "python -m kpis sync" in database["message"]


def test_a_quarantined_version_is_named(project: Project) -> None:
    project.run_kpis("sync")
    (project.database.parent / "kpis-1.duckdb").write_bytes(b"not a database")
    rows = project.run_kpis("doctor", "--json").json
    messages = [row["message"] for row in rows if row["check"] == "database"]
    assert any("kpis-1.duckdb" in message for message in messages)
    synced = project.run_kpis("sync")
    assert synced.code == 3
    for text in (synced.err, *(message for message in messages if "kpis-*.duckdb*" in message)):
        assert "python -m kpis restore" in text and "python -m kpis sync" in text
    for path in (*project.database.parent.glob("kpis-*.duckdb*"), project.database):
        path.rename(path.with_name(f"away-{path.name}"))
    assert project.run_kpis("sync").code in (0, 1)


def test_a_clock_behind_the_last_sync_is_to_fix(project: Project) -> None:
    project.run_kpis("sync")
    rows = project.run_kpis("doctor", "--json", now=datetime(2026, 11, 1)).json
    assert [row["verdict"] for row in rows if row["check"] == "clock"] == ["mend"]


def test_a_package_of_another_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").write_text("# pins\nbabel==0.1\nno-such-package==1\n", encoding="utf-8")
    monkeypatch.setattr(doctor_checks, "get_project_root", lambda: tmp_path)
    check = doctor_checks.check_packages()
    assert check.status == "mend"
    assert "babel" in str(check.values["wrong"])
    assert "no-such-package" in str(check.values["wrong"])


def test_a_full_disk_is_to_fix(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "MIN_FREE_BYTES", 2**62)
    rows = project.run_kpis("doctor", "--json").json
    assert [row["verdict"] for row in rows if row["check"] == "disk"] == ["mend"]


def run_doctor(google: StandIn, folder: Path, *sheets: Spreadsheet) -> CliRun:
    """Run `doctor` on one source per sheet."""
    tables = [
        f'[[source]]\nid = "tinh-{number}"\nplan = "ha-noi"\ngoogle = "{sheet.id}"\n'
        for number, sheet in enumerate(sheets)
    ]
    (folder / "sources.toml").write_text("\n".join(tables), encoding="utf-8")
    environ = {
        "KPIS_SOURCES": str(folder / "sources.toml"),
        "KPIS_DATABASE": str(folder / "kpis.json"),
        "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
        "KPIS_GOOGLE_BASE": google.base_url,
    }
    return run_kpis("doctor", "--json", environ=environ)


def add_shared_sheet(google: StandIn) -> Spreadsheet:
    file = Spreadsheet("Tiến độ 2026", share={google.account.email: "reader"})
    file.get_sheet("Tiến độ").fill_rows([HEADER])
    return google.cloud.add_file(file)


def test_doctor_requests_one_listing_with_one_token_from_google(tmp_path: Path) -> None:
    with StandIn() as google:
        run = run_doctor(google, tmp_path, add_shared_sheet(google), add_shared_sheet(google))
        assert google.count_calls("drive.files.list") == google.count_calls("token") == 1
    results = {row["check"]: (row["verdict"], row["message"]) for row in run.json}
    assert run.code == 0 and results["tinh-0"][0] == results["tinh-1"][0] == "well"
    assert results["Google"] == ("well", f"2 bảng tính được chia sẻ với {google.account.email}")


def test_a_disabled_drive_interface_is_to_fix_although_every_sheet_can_be_read(tmp_path: Path) -> None:
    with StandIn() as google:
        google.cloud.enabled_services.discard("drive")
        run = run_doctor(google, tmp_path, add_shared_sheet(google))
    results = {row["check"]: (row["verdict"], row["message"]) for row in run.json}
    assert run.code == 1 and results["tinh-0"][0] == "well"
    assert results["Google"][0] == "mend" and "drive.googleapis.com" in results["Google"][1]


def test_a_failure_of_all_google_sheets_is_reported_once(tmp_path: Path) -> None:
    with StandIn() as google:
        google.account.is_deleted = True
        run = run_doctor(google, tmp_path, add_shared_sheet(google), add_shared_sheet(google))
    failed_checks = [row["check"] for row in run.json if row["verdict"] == "mend"]
    assert (run.code, failed_checks) == (1, ["Google"])


def test_a_now_far_ahead_is_refused_unless_it_is_confirmed(project: Project) -> None:
    run = project.run_kpis("sync", "--now", "2062-01-01", "--lang", "en")
    assert run.code == 2
    assert "--yes-future" in run.err
    assert not project.database.exists()
    assert project.run_kpis("sync", "--now", "2026-11-22T09:00").code == 0
    assert project.run_kpis("sync", "--now", "2062-01-01", "--yes-future").code == 0


def test_a_clock_that_was_ahead_is_mended_and_nothing_is_lost(project: Project) -> None:
    project.run_kpis("sync", "--now", "2026-06-01")
    rows = [(date(2026, 3, 2), "Sở Công Thương", "Tin bài", 8, None, "https://a.example/9")]
    future = [(date(2029, 3, 2), "Sở Công Thương", "Tin bài", 90, None, "https://a.example/90")]
    project.write_workbook([*VALID_ROWS, *rows, *future])
    project.run_kpis("sync", "--now", "2062-01-01", "--yes-future")
    project.write_workbook([*VALID_ROWS, *future])
    project.run_kpis("sync")
    known_now = NOW.isoformat() + "+00:00"
    assert sum_news_items(project, "--known-at", known_now) == 12
    doctor = project.run_kpis("doctor", "--json")
    (check,) = [row for row in doctor.json if row["check"] == "clock"]
    assert "python -m kpis doctor --mend-clock" in check["message"]
    assert project.run_kpis("doctor", "--mend-clock", "--json").json == {"mended": 2}
    assert project.run_kpis("doctor", "--mend-clock", "--json").json == {"mended": 0}
    assert sum_news_items(project, "--known-at", "2026-06-01") == 12
    assert sum_news_items(project, "--known-at", known_now) == 12
    (result,) = project.run_kpis("sync", "--json").json["sources"]
    assert (result["outcome"], result["retired"], result["rejected"]) == ("changed", 1, 1)
    assert "✗" not in project.run_kpis("doctor").out
    database = Database.open(project.database)
    assert database is not None
    stored = database.fetch_rows("select quantity, retired_at is null as current from entries order by 1")
    assert [tuple(row.values()) for row in stored] == [
        (3, True), (4, True), (5, True), (8, False), (90, False),
    ]  # fmt: skip
    assert database.fetch_rows("select max(recorded_at) < $now as past from rejections", {"now": LATER}) == [
        {"past": True}
    ]


def sum_news_items(project: Project, *argv: str) -> int:
    """Return the news items of Đồng Tháp that the command `attainment` prints."""
    rows = project.run_kpis("attainment", "--as-of", "2026-11-21", "--json", *argv).json
    return next(int(row["actual"]) for row in rows if row["target"] == "dong-thap.10")


def test_figures_that_are_too_old_are_named(project: Project) -> None:
    assert project.run_kpis("sync").code == 0
    fresh, late = (
        {row["check"]: row for row in project.run_kpis("doctor", "--json", now=NOW + timedelta(hours=hours)).json}[
            "age"
        ]
        for hours in (1, 25)
    )
    assert (fresh["verdict"], late["verdict"]) == ("well", "mend")
    assert "10:00" in late["message"] and "KPIS_MAX_AGE" in late["message"]
