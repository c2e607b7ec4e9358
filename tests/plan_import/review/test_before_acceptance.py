"""What is said before a workbook is accepted: what would not be judged, and what the version before goes on judging."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from kpis.plan_import.review.draft.model import DraftRow
from kpis.plan_import.review.versions.carried import describe_carried, list_carried
from tests.plan_import.review.accepted_plan import Installation
from tests.plan_import.review.amended_plan import AmendedInstallation, write_amendment
from tests.plan_import.review.small_draft import HEADER, TEXT, build_small_draft

VISITS = "Sửa đổi gạch đầu dòng thứ nhất khoản 1 mục I như sau:\n\n“- Hằng năm tổ chức ít nhất 06 đợt kiểm tra.”"
SHARE = "Thay thế cụm từ “90%” bằng cụm từ “95%” tại khoản 1 mục I."
GROWTH = "Sửa đổi gạch đầu dòng thứ hai khoản 1 mục I như sau:\n\n“- Đến năm 2028, số chợ được lát nền tăng 20%.”"
LIST_MARKETS = "Bãi bỏ nhiệm vụ số 1 Phụ lục."


def amend(installation: AmendedInstallation, *clauses: str) -> None:
    run = installation.import_amendment(write_amendment(*clauses))
    assert run.code == 0, run.err
    installation.decide_amendment()


def test_a_check_names_what_is_over_with_the_option_and_accepts_nothing(installation: AmendedInstallation) -> None:
    amend(installation, VISITS, SHARE)
    run = installation.accept_amendment("--check")
    assert run.code == 0, run.err
    assert "what is due in 2026 stays as the version before judges it" in run.err
    assert "accept it with --judges-again 2026." in run.err
    assert "Nothing was accepted" in run.out
    assert "lát nền" not in run.err, "its only period ends in 2028"
    assert not installation.amended_version.exists()


def test_a_year_that_is_named_or_still_runs_is_not_over(installation: AmendedInstallation) -> None:
    amend(installation, VISITS)
    run = installation.accept_amendment("--check", "--judges-again", "2026")
    assert (run.code, "version before" in run.err) == (0, False), run.err
    run = installation.accept_amendment("--check", "--in-force-from", "2026-10-01")
    assert (run.code, "version before" in run.err) == (0, False), run.err


def test_what_a_clause_ends_after_its_day_cannot_be_judged_again(installation: AmendedInstallation) -> None:
    amend(installation, LIST_MARKETS)
    for arguments in (("--check",), ("--check", "--judges-again", "2026")):
        run = installation.accept_amendment(*arguments)
        assert "“Lập danh sách chợ”: what is due in 2026 stays" in run.err
        assert "accept it with" not in run.err


def test_the_acceptance_itself_says_what_is_over(installation: AmendedInstallation) -> None:
    amend(installation, VISITS)
    run = installation.accept_amendment()
    assert (run.code, installation.amended_version.exists()) == (0, True), run.err
    assert "what is due in 2026 stays" in run.err
    assert "accept it with" not in run.err, "it is accepted already"


def test_a_check_of_a_workbook_with_gaps_names_them(installation: AmendedInstallation) -> None:
    installation.import_amendment(write_amendment(VISITS))
    run = installation.accept_amendment("--check")
    assert run.code != 0
    assert "no decision yet" in run.err


def test_a_check_leaves_a_shipped_plan_without_a_version(installation: AmendedInstallation) -> None:
    installation.plan = "dong-thap"
    tasks = installation.run("tasks", "--plan", "dong-thap", "--json").json
    number, title = tasks[0]["number"], tasks[0]["title"]
    installation.import_amendment(
        write_amendment(f"Bãi bỏ nhiệm vụ “{title}”.").replace("THÀNH PHỐ CẦN THƠ", "TỈNH ĐỒNG THÁP"), name="dt.txt"
    )
    installation.decide_amendment()
    installation.accept_amendment("--check", "--in-force-from", "2026-10-01")
    assert not (installation.register / "plans" / "dong-thap").exists(), number


def test_a_growth_without_a_baseline_is_named_before_and_when_it_is_accepted(installation: AmendedInstallation) -> None:
    amend(installation, GROWTH)
    for arguments in (("--check",), ()):
        run = installation.accept_amendment(*arguments)
        assert run.code == 0, run.err
        assert "not judged: growth and reduction have no baseline and its year." in run.err
        assert "To have it judged: fill in the baseline and its year." in run.err
    plan = tomllib.loads((installation.amended_version / "plan.toml").read_text(encoding="utf-8"))
    assert [target["measure"] for target in plan["target"]] == ["count", "carried", "count"], "20 % more is no share"


def test_a_new_plan_is_checked_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    new = Installation(tmp_path_factory.mktemp("new"))
    new.import_text(TEXT.replace("90% số chợ được lát nền", "số chợ được lát nền tăng 20%"))
    new.decide()
    run = new.accept("--check")
    assert run.code == 0, run.err
    assert "not judged: growth and reduction have no baseline" in run.err
    assert not new.version.exists()


def test_only_what_was_decided_and_is_in_order_is_named() -> None:
    draft = build_small_draft(TEXT.replace("90% số chợ được lát nền", "số chợ được lát nền tăng 20%"))
    assert list_carried(draft) == [], "nothing is decided"
    header = {
        f"header.{name}": draft.get_row(f"header.{name}").with_decision("change", {"value": HEADER[name]})
        for name in ("start_year", "end_year")
        if draft.get_row(f"header.{name}").proposed.get("value") != HEADER[name]
    }
    header |= {
        f"header.{name}": draft.get_row(f"header.{name}").with_decision("accept", {})
        for name in ("start_year", "end_year")
        if f"header.{name}" not in header
    }
    (row,) = [row for row in draft.list_rows("target") if row.proposed.get("measure") == "change"]
    draft = draft.with_rows(header)
    decided = row.with_decision("accept", {"lead": "Sở Công Thương"})
    (carried,) = list_carried(draft.with_rows({row.id: decided}))
    assert carried.row.id == row.id
    assert "Muốn chấm thì ghi số gốc và năm của số gốc." in describe_carried(carried, "vi")
    complete = row.with_decision("change", {"lead": "Sở Công Thương", "baseline": "50", "baseline_year": "2025"})
    assert list_carried(draft.with_rows({row.id: complete})) == []
    words = row.with_decision("change", {"lead": "Sở Công Thương", "measure": "carried"})
    assert list_carried(draft.with_rows({row.id: words})) == [], "the reviewer decided so"


def test_a_row_without_what_it_needs_is_a_fault_and_not_named() -> None:
    draft = build_small_draft()
    broken = DraftRow("CT001", "target", "", None, {"title": "Tăng", "measure": "change"}, decision="accept")
    rows = tuple(row for row in draft.rows if row.id != "CT001")
    assert list_carried(replace(draft, rows=(*rows, broken))) == []
