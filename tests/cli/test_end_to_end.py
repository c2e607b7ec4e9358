"""From a workbook to the figures, by the commands alone (design.md §6)."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.measures.attainment_rows import AGENCY_COLUMNS, ATTAINMENT_COLUMNS
from kpis.store.lock import try_lock
from tests.cli.command_runner import NOW, run_kpis
from tests.cli.conftest import Project

pytestmark = pytest.mark.slow

COUNTS = ["id", "outcome", "read", "accepted", "warned", "rejected", "set_aside", "recorded", "retired", "message"]


def test_a_sync_reports_the_outcome_of_each_source_and_writes_nothing_for_an_unchanged_one(
    project: Project,
) -> None:
    run = project.run_kpis("sync", "--json")
    (source,) = run.json["sources"]
    assert run.code == 0
    assert list(source) == COUNTS
    assert [source[name] for name in COUNTS[:-1]] == ["dong-thap", "changed", 6, 4, 2, 2, 0, 4, 0]
    assert "Đang đọc dong-thap (1/1)" in run.err
    (repeated,) = project.run_kpis("sync", "--json").json["sources"]
    assert (repeated["outcome"], repeated["recorded"], repeated["retired"]) == ("unchanged", 0, 0)
    assert [path.name for path in project.database.parent.glob("*.duckdb")] == ["kpis-1.duckdb"]


def test_attainment_has_the_stable_columns(synced_project: Project) -> None:
    rows = synced_project.run_kpis("attainment", "--json", "--plan", "dong-thap").json
    assert [list(row) for row in rows] == [[*ATTAINMENT_COLUMNS, "met"]] * 10
    news = next(row for row in rows if row["target"] == "dong-thap.10")
    assert (news["actual"], news["floor"], news["entries"], news["reporting_agencies"]) == (12, 10, 3, 2)
    assert (news["status"], news["met"], news["as_of"], news["due_on"]) == (
        "attained",
        True,
        "2026-11-21",
        "2030-12-15",
    )
    earlier = synced_project.run_kpis("attainment", "--as-of", "15/04/2026", "--json").json
    assert next(row for row in earlier if row["target"] == "dong-thap.10")["actual"] == 7


def test_attainment_is_printed_by_agency_province_year_and_known_at(synced_project: Project) -> None:
    agencies = synced_project.run_kpis("attainment", "--by", "agency", "--json").json
    assert [list(row) for row in agencies][:1] == [[*AGENCY_COLUMNS, "met"]]
    reported = {row["agency"]: row["actual"] for row in agencies if row["entries"]}
    assert reported == {"Sở Công Thương": 7, "UBND phường Cao Lãnh": 5}
    for name in ("Đồng Tháp", "tỉnh đồng tháp", "Tỉnh Đồng Tháp"):
        assert {row["plan"] for row in synced_project.run_kpis("attainment", "--province", name, "--json").json} == {
            "dong-thap"
        }
    untracked = synced_project.run_kpis("attainment", "--province", "Thái Nguyên", "--json")
    assert (untracked.code, untracked.out) == (2, "")
    assert "Đồng Tháp" in untracked.err
    later = synced_project.run_kpis("attainment", "--year", "2027", "--plan", "dong-thap", "--json").json
    assert {row["period_start"] for row in later} == {"2026-01-01", "2027-01-01"}
    # Before the first sync no plan was tracked.
    assert synced_project.run_kpis("attainment", "--known-at", "2026-11-20", "--json").json == []


def test_a_table_is_in_the_users_language(synced_project: Project) -> None:
    vietnamese = synced_project.run_kpis("attainment", "--plan", "dong-thap").out
    assert "đạt" in vietnamese
    assert "15/12/2030" in vietnamese
    assert "attained" in synced_project.run_kpis("--lang", "en", "attainment", "--plan", "dong-thap").out


def test_a_finished_task_is_done(synced_project: Project) -> None:
    rows = synced_project.run_kpis("task-status", "--json").json
    task = next(row for row in rows if row["task"] == "dong-thap.III.6")
    assert (task["status"], task["state"], task["done_on"], task["plan"]) == (
        "done",
        "done",
        "2026-06-02",
        "dong-thap",
    )
    day_before = ("--as-of", "2026-06-01", "--plan", "dong-thap")
    rows = synced_project.run_kpis("task-status", *day_before, "--json").json
    assert next(row for row in rows if row["task"] == "dong-thap.III.6")["state"] != "done"
    assert "hoàn thành" in synced_project.run_kpis("task-status", "--plan", "dong-thap").out


def test_rejections_and_warnings_name_the_cell_and_what_to_do(synced_project: Project) -> None:
    rejections = synced_project.run_kpis("rejections", "--json").json
    keys = {"source", "tab", "row", "column", "code", "value", "message"}
    assert all(keys <= set(row) for row in rejections)
    assert [(row["row"], row["code"]) for row in rejections] == [
        (5, "date_unreadable"),
        (6, "agency_unknown"),
        (6, "quantity_unreadable"),
    ]
    assert "A5" in rejections[0]["message"]
    assert rejections[0]["value"] == "31/02/2026"
    warnings = synced_project.run_kpis("warnings", "--json").json
    assert [(row["tab"], row["row"], row["code"]) for row in warnings] == [
        ("Nhiệm vụ", 2, "evidence_missing"),
        ("Tiến độ", 4, "evidence_missing"),
    ]
    assert "31/02/2026" in synced_project.run_kpis("rejections").out
    assert synced_project.run_kpis("--lang", "en", "rejections").out != synced_project.run_kpis("rejections").out


def test_a_failed_source_exits_1_and_the_others_are_read(project: Project) -> None:
    project.write_sources("dong-thap", "missing")
    run = project.run_kpis("sync", "--json")
    assert run.code == 1
    assert [row["outcome"] for row in run.json["sources"]] == ["changed", "failed"]
    assert "missing.xlsx" in run.json["sources"][1]["message"]


def test_a_source_that_shrank_is_held_until_it_is_accepted(project: Project) -> None:
    many = [(date(2026, 1, day), "Sở Công Thương", "Tin bài", day, None, f"{day}/CV") for day in range(1, 31)]
    project.write_workbook(many)
    project.run_kpis("sync")
    project.write_workbook(many[:2])
    held_back = project.run_kpis("sync", "--json", now=NOW + timedelta(hours=1))
    assert (held_back.code, held_back.json["sources"][0]["outcome"]) == (1, "held")
    assert "--accept-shrink dong-thap" in held_back.json["sources"][0]["message"]
    accepted = project.run_kpis("sync", "--accept-shrink", "dong-thap", "--json", now=NOW + timedelta(hours=2))
    assert (accepted.code, accepted.json["sources"][0]["outcome"]) == (0, "changed")
    wrong = project.run_kpis("sync", "--accept-shrink", "hue")
    assert (wrong.code, "dong-thap" in wrong.err) == (2, True)


def test_the_clock_of_a_sync_can_be_set(project: Project) -> None:
    run = project.run_kpis("sync", "--now", "2026-04-15", "--json")
    assert (run.json["sources"][0]["accepted"], run.json["sources"][0]["rejected"]) == (2, 4)
    codes = {row["code"] for row in project.run_kpis("rejections", "--json").json}
    assert "date_future" in codes
    project.run_kpis("sync", now=datetime(2026, 11, 21))
    assert "date_future" not in {row["code"] for row in project.run_kpis("rejections", "--json").json}


def test_a_second_sync_reports_that_another_is_running_and_exits_0(project: Project) -> None:
    project.run_kpis("sync")
    with try_lock(project.database.with_name("kpis.lock")) as ours:
        assert ours
        run = project.run_kpis("sync", "--json")
    assert (run.code, run.json) == (0, {"sources": [], "running": True})
    assert "Đang có một lần đọc khác chạy" in run.err


@pytest.mark.parametrize("command", ["attainment", "task-status", "rejections", "warnings"])
def test_without_figures_the_next_step_is_named(project: Project, command: str) -> None:
    run = project.run_kpis(command, "--json")
    assert (run.code, run.out) == (3, "")
    assert "python -m kpis sync" in run.err


def test_an_unknown_province_or_plan_lists_the_valid_ones(synced_project: Project) -> None:
    for argv in (["--province", "Huế"], ["--plan", "hue"]):
        run = synced_project.run_kpis("attainment", *argv)
        assert run.code == 2
        assert "ng-thap" in run.err or "Đồng Tháp" in run.err


def test_without_configuration_the_sample_is_read_with_its_history_and_its_own_day(tmp_path: Path) -> None:
    database = str(tmp_path / "kpis.json")
    run = run_kpis("sync", "--json", "--database", database, now=datetime(2027, 8, 1))
    assert run.code == 0
    assert [row["id"] for row in run.json["sources"]] == [
        *("thai-nguyen", "ha-noi", "dong-thap", "tuyen-quang", "bac-kan")
    ]
    rows = run_kpis("attainment", "--json", "--database", database, now=datetime(2027, 8, 1)).json
    assert {row["as_of"] for row in rows} == {"2026-11-21"}
    last_week = run_kpis("attainment", "--json", "--database", database, "--known-at", "2026-11-15").json
    assert sum(row["entries"] for row in last_week) < sum(row["entries"] for row in rows)
