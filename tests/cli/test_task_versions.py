"""Tasks of an amended plan: each day is judged by the version in force, known then and now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.measures.agency_summary import build_agency_summary
from kpis.measures.question import Question
from kpis.measures.task_status import TaskStatus, compute_task_status
from tests.cli.versioned_plan import HEALTH, LEAD, PLAN, POLICE, Installation

TARGETS = {"01": ("yearly", "Tin bài về chợ", 60)}
IN_JULY = "in_force_from = 2026-07-01"
KNOWN_IN_JUNE = datetime(2026, 6, 2)
JUNE_30, JULY_1 = date(2026, 6, 30), date(2026, 7, 1)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    installation = Installation(tmp_path / "tinh")
    installation.write_rows(("10/02/2026", "01", 40))
    return installation


def write(
    installation: Installation, number: int, tasks: Mapping[str, Mapping[str, object]], accepted: str, facts: str = ""
) -> None:
    installation.write_version(number, TARGETS, accepted=accepted, facts=facts, tasks=tasks)


def ask(installation: Installation, day: date, known_at: datetime | None = None) -> dict[str, TaskStatus]:
    """Return the current instance of each task by its key."""
    with installation.open_database() as database:
        rows = compute_task_status(database, Question(day, known_at=known_at))
    return {row["task"].rpartition(".")[2]: row for row in rows if row["current"]}


def find_state(installation: Installation, day: date, known_at: datetime | None = None) -> tuple[str, list[str]]:
    """Return state and leads of the task nv001."""
    row = ask(installation, day, known_at)["nv001"]
    return row["state"], row["leads"]


def test_another_lead_decides_from_the_day_of_the_amendment(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}}, "2026-01-10")
    installation.write_reports(("10/05/2026", LEAD, f"{PLAN}.nv001", "Hoàn thành"))
    installation.sync("2026-06-01")
    assert find_state(installation, JULY_1) == ("done", [LEAD])
    changed = {"leads": [HEALTH], "coordinators": [LEAD], "schedule": "Quý IV", "title_vi": "Lập danh sách"}
    write(installation, 2, {"nv001": changed}, "2026-06-20", IN_JULY)
    installation.sync("2026-07-02")
    assert find_state(installation, JUNE_30) == ("done", [LEAD]), "a day before, known now"
    assert find_state(installation, JULY_1) == ("in_progress", [HEALTH])
    assert find_state(installation, JULY_1, KNOWN_IN_JUNE) == ("done", [LEAD]), "as known before the amendment"
    former, new = ask(installation, JUNE_30)["nv001"], ask(installation, JULY_1)["nv001"]
    assert (former["title_vi"], former["schedule"], former["coordinators"]) == ("Lập danh sách chợ", "Quý III", [])
    assert (new["title_vi"], new["schedule"], new["coordinators"]) == ("Lập danh sách", "Quý IV", [LEAD])
    assert [report["agency"] for report in new["lead_reports"]] == [HEALTH]


def test_each_agency_has_the_task_on_the_days_on_which_it_leads(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}}, "2026-01-10")
    write(installation, 2, {"nv001": {"leads": [HEALTH]}}, "2026-06-20", IN_JULY)
    installation.sync("2026-07-02")
    with installation.open_database() as database:
        counts = {
            (agency, day): len(
                build_agency_summary(database, Question(day, agency=agency, plans=frozenset({PLAN}))).tasks
            )
            for agency in (LEAD, HEALTH)
            for day in (JUNE_30, JULY_1)
        }
    assert counts == {(LEAD, JUNE_30): 1, (HEALTH, JUNE_30): 0, (LEAD, JULY_1): 0, (HEALTH, JULY_1): 1}


def test_a_later_due_day_holds_while_the_task_runs(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}}, "2026-01-10")
    write(installation, 2, {"nv001": {"due_on": "30/11"}}, "2026-06-20", IN_JULY)
    installation.sync("2026-12-30")
    assert ask(installation, JUNE_30)["nv001"]["due_on"] == date(2026, 9, 30)
    assert ask(installation, JULY_1)["nv001"]["due_on"] == date(2026, 11, 30)
    assert find_state(installation, date(2026, 10, 1))[0] == "not_started"
    assert find_state(installation, date(2026, 12, 1))[0] == "overdue"


def test_a_later_due_day_does_not_launder_what_is_overdue(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}}, "2026-01-10")
    write(installation, 2, {"nv001": {"due_on": "31/12"}}, "2026-10-05", "in_force_from = 2026-10-10")
    installation.sync("2026-10-12")
    assert find_state(installation, date(2026, 10, 12)) == ("overdue", [LEAD])
    facts = "in_force_from = 2026-10-20\njudges_again = [2026]"
    write(installation, 3, {"nv001": {"due_on": "31/12"}}, "2026-10-18", facts)
    installation.sync("2026-10-21")
    assert find_state(installation, date(2026, 10, 19))[0] == "overdue"
    assert find_state(installation, date(2026, 10, 21))[0] == "not_started", "the reviewer names the year"


def test_a_dropped_task_ends_and_a_new_one_begins(installation: Installation) -> None:
    early = {"title_vi": "Báo cáo quý I", "number": "2", "due_on": "31/03"}
    write(installation, 1, {"nv001": {}, "nv002": early}, "2026-01-10")
    installation.sync("2026-06-01")
    write(installation, 2, {"nv003": {"title_vi": "Việc mới", "leads": [POLICE]}}, "2026-06-20", IN_JULY)
    installation.sync("2026-07-02")
    assert set(ask(installation, JUNE_30)) == {"nv001", "nv002"}
    after = ask(installation, JULY_1)
    assert {key: row["state"] for key, row in after.items()} == {"nv002": "overdue", "nv003": "not_started"}
    assert set(ask(installation, JULY_1, KNOWN_IN_JUNE)) == {"nv001", "nv002"}
    assert after["nv003"]["leads"] == [POLICE]


def test_a_correction_judges_every_day_known_since(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}}, "2026-01-10")
    installation.write_reports(("10/05/2026", HEALTH, f"{PLAN}.nv001", "Hoàn thành"))
    installation.sync("2026-06-01")
    assert find_state(installation, JUNE_30)[0] == "in_progress"
    write(installation, 2, {"nv001": {"leads": [HEALTH]}}, "2026-06-20", 'corrects = 1\nwhy = "đọc nhầm"')
    installation.sync("2026-07-02")
    assert find_state(installation, date(2026, 5, 31)) == ("done", [HEALTH])
    assert find_state(installation, date(2026, 5, 31), KNOWN_IN_JUNE) == ("in_progress", [LEAD])


def test_years_of_a_yearly_task_are_judged_apart(installation: Installation) -> None:
    yearly: dict[str, object] = {"timing": "yearly", "last_year": 2027, "due_on": "30/11"}
    write(installation, 1, {"nv001": yearly}, "2026-01-10")
    write(installation, 2, {"nv001": {**yearly, "leads": [HEALTH]}}, "2027-02-01", "in_force_from = 2027-02-01")
    installation.write_reports(
        ("10/05/2026", LEAD, f"{PLAN}.nv001", "Hoàn thành"), ("10/03/2027", HEALTH, f"{PLAN}.nv001", "Hoàn thành")
    )
    installation.sync("2027-04-01")
    with installation.open_database() as database:
        rows = compute_task_status(database, Question(date(2027, 4, 1)))
    assert [(row["year"], row["state"], row["leads"]) for row in rows] == [
        (2026, "done", [LEAD]), (2027, "done", [HEALTH]),
    ]  # fmt: skip


def test_what_the_versions_have_alike_has_no_copies(installation: Installation) -> None:
    write(installation, 1, {"nv001": {}, "nv002": {"number": "2", "title_vi": "Việc hai"}}, "2026-01-10")
    changed: dict[str, Mapping[str, object]] = {
        "nv001": {"leads": [HEALTH]},
        "nv002": {"number": "2", "title_vi": "Việc hai"},
    }
    write(installation, 2, changed, "2026-06-20", IN_JULY)
    installation.sync("2026-07-02")
    with installation.open_database() as database:
        rows = database.fetch_rows("select task, version_of, version from tasks where plan = $plan", {"plan": PLAN})
    named = {str(row["task"]).rpartition(".")[2]: (row["version_of"], row["version"]) for row in rows}
    assert named == {"nv001@1": (f"{PLAN}.nv001", 1), "nv001": (None, 2), "nv002": (None, None)}
