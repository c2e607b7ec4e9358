"""The measures behind the pages of a plan and of an agency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kpis.measures import status_overview
from kpis.measures.agency_summary import build_agency_summary
from kpis.measures.attainment import compute_attainment
from kpis.measures.findings import FINDING_COLUMNS, list_rejections, list_warnings
from kpis.measures.latest_entries import list_latest_entries
from kpis.measures.question import Question, as_plan_set
from kpis.measures.running_curve import compute_curves, compute_target_curve
from tests.measures.tiny_database import (  # fmt: skip
    TinyAgency,
    TinyEntry,
    TinyFinding,
    TinyPlan,
    TinyReport,
    TinyTarget,
    TinyTask,
    build_database,
)

MARCH, JULY = date(2026, 3, 2), date(2026, 7, 1)
NEW_YEAR = date(2026, 1, 1)


def test_5_the_running_curve_steps_where_the_total_changes() -> None:
    ratio = TinyTarget(id="p.02", measure="ratio", accumulation="level", floor=Decimal(1))
    entries = [
        TinyEntry("p.01", "A", MARCH, 1), TinyEntry("p.01", "B", MARCH, 1), TinyEntry("p.01", "A", JULY, 3),
        TinyEntry("p.02", "A", NEW_YEAR, 1, 4), TinyEntry("p.02", "A", MARCH, 0, 0),
    ]  # fmt: skip
    db = build_database([TinyTarget(), ratio, TinyTarget(id="p.03")], entries)
    curves = compute_curves(db, Question(date(2026, 6, 30)))
    assert curves["p.01"].points == [(NEW_YEAR, 0), (MARCH, 2)]
    assert curves["p.02"].points == [(NEW_YEAR, 0.25), (MARCH, 0)]
    assert curves["p.03"].points == []
    assert compute_target_curve(db, "p.01", NEW_YEAR).points[-1] == (JULY, 5)


def test_5_the_latest_entries_come_first_with_their_evidence() -> None:
    entries = [
        TinyEntry("p.01", "A", MARCH, 1), TinyEntry("p.01", "B", JULY, 2),
        TinyEntry("p.01", "A", MARCH, 7, retired=datetime(2026, 4, 1)),
        TinyEntry("p.01", "A", date(2026, 8, 1), 9),
    ]  # fmt: skip
    db = build_database([TinyTarget()], entries)
    latest = list_latest_entries(db, Question(JULY, plans=as_plan_set("p")))
    assert [(row["occurred_on"], row["quantity"]) for row in latest] == [(JULY, 2), (MARCH, 1)]
    assert [row["quantity"] for row in list_latest_entries(db, Question(JULY, plans=as_plan_set("p"), agency="A"))] == [
        1
    ]
    assert len(list_latest_entries(db, Question(JULY, plans=as_plan_set("p")), limit=1)) == 1


def test_5_an_agencys_summary_says_what_it_did_owes_leads_and_when_it_reported() -> None:
    targets = [
        TinyTarget(lead="Sở Y tế", floor=Decimal(9), shares={"Sở Y tế": Decimal(4)}),
        TinyTarget(id="p.02", lead="Sở khác"),
    ]
    db = build_database(
        targets,
        [TinyEntry("p.01", "Sở Y tế", MARCH, 1), TinyEntry("p.02", "Sở Y tế", MARCH, 5)],
        agencies=[TinyAgency("Sở Y tế"), TinyAgency("Sở khác")],
        tasks=[TinyTask(), TinyTask(id="p.I.2", leads=("Sở khác",))],
        reports=[TinyReport("in_progress", recorded=datetime(2026, 6, 2))],
        findings=[
            TinyFinding(agency="Sở Y tế"),
            TinyFinding("date_missing", "A12", agency="Sở Y tế"),
            TinyFinding("evidence_missing", agency="Sở Y tế", table="warnings"),
            TinyFinding(agency="Sở Y tế", retired=datetime(2026, 4, 1)),
        ],
    )
    summary = build_agency_summary(db, Question(JULY, plans=as_plan_set("p"), agency="Sở Y tế"))
    assert [(row["target"], row["numerator"]) for row in summary.contributions] == [("p.01", 1), ("p.02", 5)]
    assert [(owed.row["target"], owed.missing) for owed in summary.owed] == [("p.01", 3)]
    assert [(owed.row["target"], owed.missing) for owed in summary.owed_as_lead] == [("p.01", 8)]
    assert [(role, task["task"], task["state"]) for role, task in summary.tasks] == [("lead", "p.I.1", "in_progress")]
    assert (summary.entries, summary.reports, summary.last_report_on, summary.weeks_silent) == (
        2,
        1,
        date(2026, 6, 2),
        4,
    )
    assert (summary.rejected_rows, summary.warned_rows) == (1, 1)


def test_5_members_and_focal_department_of_a_collective_lead_have_its_tasks() -> None:
    agencies = [TinyAgency("các xã", "communes", collective=True), TinyAgency("UBND xã Đông", "commune")]
    db = build_database(tasks=[TinyTask(leads=("các xã",))], agencies=agencies)
    assert [
        role
        for role, _ in build_agency_summary(db, Question(JULY, plans=as_plan_set("p"), agency="UBND xã Đông")).tasks
    ] == ["member"]
    assert [
        role
        for role, _ in build_agency_summary(db, Question(JULY, plans=as_plan_set("p"), agency="Sở Công Thương")).tasks
    ] == ["lead"]
    unknown = build_agency_summary(db, Question(JULY, plans=as_plan_set("p"), agency="Sở lạ"))
    assert (unknown.contributions, unknown.tasks, unknown.last_report_on, unknown.weeks_silent) == (
        [],
        [],
        None,
        None,
    )


def test_6_a_rejection_says_where_what_and_how_to_fix_it() -> None:
    findings = [TinyFinding(), TinyFinding(cell="D13", header=None), TinyFinding(cell=None, header=None)]
    db = build_database(findings=findings)
    rejections = list_rejections(db, "vi")
    assert list(rejections[0])[: len(FINDING_COLUMNS)] == list(FINDING_COLUMNS)
    assert (rejections[0]["source"], rejections[0]["tab"], rejections[0]["row"]) == ("s", "Tiến độ", 12)
    assert [row["column"] for row in rejections] == ["Số lượng", "D", None]
    assert all(row["message"] and row["outcome"] == "rejection" for row in rejections)
    assert rejections[0]["message"] != list_rejections(db, "en")[0]["message"]
    assert list_warnings(db, "vi") == []


def test_6_findings_are_current_and_can_be_filtered_by_plan_and_agency() -> None:
    gone = TinyFinding(retired=datetime(2026, 4, 1), table="warnings")
    db = build_database(findings=[TinyFinding(table="warnings"), gone, TinyFinding(agency="B", table="warnings")])
    assert len(list_warnings(db, "vi")) == 2
    assert [row["agency"] for row in list_warnings(db, "vi", agency="B")] == ["B"]
    assert list_warnings(db, "vi", plan="q") == []


def test_5_statuses_are_counted_worst_first_and_never_averaged() -> None:
    db = build_database([TinyTarget(), TinyTarget(id="p.02")], [TinyEntry("p.01", "A", MARCH, 600)])
    counts = status_overview.count_statuses(compute_attainment(db, Question(JULY)))
    assert next(iter(counts)) == "overdue"
    assert {status: number for status, number in counts.items() if number} == {"attained": 1, "no_data": 1}


def test_5_the_matrix_of_a_single_plan_holds_its_targets_with_a_number() -> None:
    launch = TinyTarget(id="p.02", indicator="launch_ceremony", measure="milestone", floor=Decimal(1))
    targets = [TinyTarget(indicator="news_items"), launch]
    rows = compute_attainment(build_database(targets), Question(date(2026, 6, 1)))
    assert list(status_overview.build_matrix(rows)["p"]) == ["news_items"]


def test_5_the_matrix_holds_the_indicators_that_two_plans_share() -> None:
    targets = [
        TinyTarget(), TinyTarget(id="p.02"), TinyTarget(id="q.01", plan="q"),
        TinyTarget(id="q.02", plan="q", indicator="hotline"),
    ]  # fmt: skip
    rows = compute_attainment(build_database(targets, plans=[TinyPlan(), TinyPlan("q")]), Question(JULY))
    cells = status_overview.build_matrix(rows)
    assert {plan: {name: len(targets) for name, targets in row.items()} for plan, row in cells.items()} == {
        "p": {"public_events": 2}, "q": {"public_events": 1},
    }  # fmt: skip
