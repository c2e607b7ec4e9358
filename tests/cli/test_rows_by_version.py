"""Rows of an amended plan are read by the version of their day, and checked by the one that judges its period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from tests.cli.versioned_plan import HEALTH, LEAD, PLAN, Installation

IN_JULY = "in_force_from = 2026-07-01"
COUNT: Mapping[str, object] = {"recurrence": "yearly", "title_vi": "Tin bài về chợ", "floor": 60}
AMOUNT: Mapping[str, object] = {**COUNT, "measure": "amount", "unit": "tỷ đồng"}


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "tinh")


def list_codes(installation: Installation) -> list[tuple[int, str]]:
    """Return row and code of each rejection."""
    return sorted((row["row"], row["code"]) for row in installation.run("rejections", "--json").json)


def list_reports(installation: Installation) -> list[tuple[str, str | None]]:
    """Return task and agency of each accepted report."""
    with installation.open_database() as database:
        rows = database.fetch_rows(
            'select task, agency from task_reports where retired_at is null order by tab, "row"', {}
        )
    return [(str(row["task"]).rpartition(".")[2], cast("str | None", row["agency"])) for row in rows]


def test_a_row_is_checked_by_the_version_that_judges_the_period_of_its_day(installation: Installation) -> None:
    yearly = {"01": COUNT}
    installation.write_version(1, yearly, accepted="2026-01-10")
    installation.write_version(2, {"01": AMOUNT}, accepted="2026-06-20", facts=IN_JULY)
    installation.write_rows(("10/02/2026", "01", '"1,25"'))
    installation.sync("2026-06-30")
    assert list_codes(installation) == [(2, "quantity_not_whole")], "until July the running year is a count"
    installation.sync("2026-07-01")
    assert list_codes(installation) == [], "the day itself is reason to check the rows again"
    assert installation.ask("2026-07-01")["01"][0] == 60


def test_rows_of_a_closed_year_are_checked_by_the_version_that_judged_it(installation: Installation) -> None:
    installation.write_version(1, {"01": COUNT}, accepted="2026-01-10")
    installation.write_version(2, {"01": AMOUNT}, accepted="2027-02-01", facts="in_force_from = 2027-02-01")
    installation.write_rows(("10/02/2026", "01", '"1,25"'), ("10/02/2027", "01", '"1,25"'))
    installation.sync("2027-03-01")
    assert list_codes(installation) == [(2, "quantity_not_whole")]


def test_a_quarter_is_checked_by_the_version_that_judged_it(installation: Installation) -> None:
    quarterly = {**COUNT, "recurrence": "quarterly", "pace": None}
    installation.write_version(1, {"01": quarterly}, accepted="2026-01-10")
    amount = {**AMOUNT, "recurrence": "quarterly", "pace": None}
    installation.write_version(2, {"01": amount}, accepted="2026-06-20", facts=IN_JULY)
    installation.write_rows(("10/05/2026", "01", '"1,25"'), ("10/08/2026", "01", '"1,25"'))
    installation.sync("2026-08-20")
    assert list_codes(installation) == [(2, "quantity_not_whole")]


def test_a_renamed_target_goes_by_both_names(installation: Installation) -> None:
    installation.write_version(1, {"01": COUNT}, accepted="2026-01-10")
    installation.write_version(2, {"01": {**COUNT, "title_vi": "Tin về chợ"}}, accepted="2026-06-20", facts=IN_JULY)
    rows = [(day, title) for day in ("10/02/2026", "10/07/2026") for title in ("Tin bài về chợ", "Tin về chợ")]
    lines = [f"{day},{LEAD},{title},1,việc {at},{at}/BC" for at, (day, title) in enumerate(rows)]
    text = "\n".join(["Ngày,Cơ quan,Chỉ tiêu,Số lượng,Nội dung,Minh chứng", *lines])
    (installation.folder / "bang" / "tien-do.csv").write_text(text, encoding="utf-8")
    installation.sync("2026-07-20")
    assert list_codes(installation) == []


def test_a_title_that_went_to_another_target_is_ambiguous_before_the_amendment(installation: Installation) -> None:
    other = {**COUNT, "title_vi": "Tin bài về an toàn"}
    installation.write_version(1, {"01": COUNT, "02": other}, accepted="2026-01-10")
    swapped = {"01": {**other, "floor": 60}, "02": COUNT}
    installation.write_version(2, swapped, accepted="2026-06-20", facts=IN_JULY)
    lines = [f"{day},{LEAD},Tin bài về chợ,1,việc {day},1/BC" for day in ("10/02/2026", "10/07/2026")]
    text = "\n".join(["Ngày,Cơ quan,Chỉ tiêu,Số lượng,Nội dung,Minh chứng", *lines])
    (installation.folder / "bang" / "tien-do.csv").write_text(text, encoding="utf-8")
    installation.sync("2026-07-20")
    assert list_codes(installation) == [(2, "target_ambiguous")]
    assert f"{PLAN}.01, {PLAN}.02" in installation.run("rejections").out


RENUMBERED: Mapping[str, Mapping[str, object]] = {
    "nv001": {"number": "2"},
    "nv002": {"number": "1", "title_vi": "Kiểm tra chợ", "leads": [HEALTH]},
}


@pytest.fixture
def renumbered(installation: Installation) -> Installation:
    """The annex has two tasks whose numbers an amendment swaps in July."""
    first: dict[str, Mapping[str, object]] = {
        "nv001": {},
        "nv002": {"number": "2", "title_vi": "Kiểm tra chợ", "leads": [HEALTH]},
    }
    installation.write_version(1, {"01": COUNT}, accepted="2026-01-10", tasks=first)
    installation.write_version(2, {"01": COUNT}, accepted="2026-06-20", facts=IN_JULY, tasks=RENUMBERED)
    installation.write_rows(("10/02/2026", "01", 1))
    return installation


def test_a_number_that_names_another_task_today_is_ambiguous(renumbered: Installation) -> None:
    renumbered.write_reports(("10/02/2026", LEAD, "1", "Hoàn thành"), ("10/07/2026", LEAD, "1", "Hoàn thành"))
    renumbered.sync("2026-07-20")
    assert list_codes(renumbered) == [(2, "task_ambiguous")]
    text = renumbered.run("rejections").out
    assert "Lập danh sách chợ" in text
    assert "Kiểm tra chợ" in text
    assert list_reports(renumbered) == [("nv002", LEAD)]


def test_until_the_amendment_is_in_force_the_number_is_that_of_the_first_version(renumbered: Installation) -> None:
    renumbered.write_reports(("10/02/2026", LEAD, "1", "Hoàn thành"))
    renumbered.sync("2026-06-30")
    assert list_reports(renumbered) == [("nv001", LEAD)]


@pytest.mark.parametrize(("title", "task"), [("Lập danh sách chợ", "nv001"), ("Kiểm tra chợ", "nv002")])
def test_the_title_beside_the_number_decides(renumbered: Installation, title: str, task: str) -> None:
    renumbered.write_reports(("10/02/2026", LEAD, "1", "Hoàn thành"), title=title)
    renumbered.sync("2026-07-20")
    assert list_reports(renumbered) == [(task, LEAD)]


def test_a_report_without_a_day_may_be_of_any_version(renumbered: Installation) -> None:
    renumbered.write_reports(("", LEAD, "1", "Đang thực hiện"))
    renumbered.sync("2026-07-20")
    assert list_codes(renumbered) == [(2, "task_ambiguous")]


def test_a_report_without_an_agency_is_of_the_lead_of_its_day(installation: Installation) -> None:
    installation.write_version(1, {"01": COUNT}, accepted="2026-01-10", tasks={"nv001": {}})
    installation.write_rows(("10/02/2026", "01", 1))
    undated = ("", "", f"{PLAN}.nv001", "Đang thực hiện")
    installation.write_reports(undated)
    installation.sync("2026-06-01")
    assert list_reports(installation) == [("nv001", LEAD)]
    installation.write_version(
        2, {"01": COUNT}, accepted="2026-06-20", facts=IN_JULY, tasks={"nv001": {"leads": [HEALTH]}}
    )
    dated = [(day, "", f"{PLAN}.nv001", "Hoàn thành") for day in ("10/06/2026", "10/07/2026")]
    installation.write_reports(undated, *dated)
    installation.sync("2026-07-20")
    assert list_reports(installation) == [("nv001", None), ("nv001", LEAD), ("nv001", HEALTH)]
    with installation.open_database() as database:
        (row,) = compute_task_status(database, Question(date(2026, 6, 5)))
    assert (row["state"], row["last_report_on"]) == ("in_progress", date(2026, 6, 1)), "it occurs when it did"
    assert [report["status"] for report in row["lead_reports"]] == ["in_progress"]
