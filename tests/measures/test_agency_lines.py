"""Lines of agencies and the summary of communes (design.md §5, An agency)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kpis.measures.agency_activity import list_agency_activities
from kpis.measures.agency_kinds import load_agency_kinds
from kpis.measures.agency_lines import AgencyLine, build_agency_lines
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.commune_summary import build_commune_summary
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from tests.measures.tiny_database import TinyAgency, TinyEntry, TinyFinding, TinyTarget, TinyTask, build_database

NOVEMBER, MARCH = date(2026, 11, 10), date(2026, 3, 2)
COMMUNES = tuple(f"UBND xã {letter}" for letter in ("D", "Đ", "E", "A"))
AGENCIES = (
    *(TinyAgency(name, "commune") for name in COMMUNES), TinyAgency("Sở Y tế"), TinyAgency("Sở Công Thương"),
)  # fmt: skip
ROSTER = TinyTarget("p.02", measure="coverage", floor=Decimal(1), roster=(*COMMUNES, "Sở Y tế"))


def build_lines(*entries: TinyEntry, targets: Sequence[TinyTarget] = (TinyTarget(), ROSTER)) -> list[AgencyLine]:
    db = build_database(targets, entries, agencies=AGENCIES, tasks=[TinyTask()])
    question = Question(NOVEMBER, plans=frozenset({"p"}))
    return build_agency_lines(
        "p",
        compute_targets(db, question),
        compute_by_agency(db, question),
        compute_task_status(db, question),
        list_agency_activities(db, question),
        load_agency_kinds(db, {"p"}),
    )


def test_5_departments_stand_before_communes_in_vietnamese_order() -> None:
    assert [line.agency for line in build_lines()] == [
        "Sở Công Thương", "Sở Y tế", "UBND xã A", "UBND xã D", "UBND xã Đ", "UBND xã E",
    ]  # fmt: skip


def test_5_a_led_target_is_counted_as_a_whole_and_another_by_the_agencys_own_part() -> None:
    trade, health, *_ = build_lines(TinyEntry("p.01", "Sở Y tế", MARCH, 1), TinyEntry("p.02", "Sở Y tế", MARCH, 1))
    assert {status: number for status, number in trade.counts.items() if number} == {"behind": 1, "on_track": 1}
    assert {status: number for status, number in health.counts.items() if number} == {"attained": 1}
    assert set(trade.led) == {"p.01", "p.02"}


def test_5_who_has_never_reported_is_the_most_silent_then_who_reported_longest_ago() -> None:
    lines = build_lines(
        TinyEntry("p.01", "Sở Y tế", date(2026, 10, 1), 1), TinyEntry("p.01", "UBND xã A", date(2026, 11, 1), 1)
    )
    by_silence = sorted(lines, key=lambda line: line.get_silence_key(NOVEMBER))
    assert [line.agency for line in by_silence[-2:]] == ["Sở Y tế", "UBND xã A"]
    assert by_silence[0].activity.last_report_on is None


def test_5_only_communes_that_owe_something_of_their_own_are_lacking() -> None:
    lines = build_lines(targets=[TinyTarget()])
    summary = build_commune_summary(len(COMMUNES), lines, NOVEMBER)
    assert (summary.communes, summary.with_parts, summary.lacking) == (4, 0, [])


def test_5_the_worst_commune_has_most_targets_late_then_the_longest_silence_then_vietnamese_order() -> None:
    news = TinyTarget("p.03", floor=Decimal(9), shares={"UBND xã E": Decimal(9)})
    lines = build_lines(
        TinyEntry("p.02", "UBND xã A", date(2026, 11, 1), 1),
        TinyEntry("p.01", "UBND xã Đ", date(2026, 11, 1), 1),
        targets=[TinyTarget(), ROSTER, news],
    )
    summary = build_commune_summary(len(COMMUNES), lines, NOVEMBER)
    assert summary.with_parts == 4
    assert [(commune.line.agency, commune.targets) for commune in summary.lacking] == [
        ("UBND xã E", 2), ("UBND xã D", 1), ("UBND xã Đ", 1),
    ]  # fmt: skip


def test_5_rows_to_fix_are_counted_once_for_each_row_of_the_sheet() -> None:
    findings = [TinyFinding(agency="Sở Y tế"), TinyFinding("date_missing", agency="Sở Y tế")]
    db = build_database([TinyTarget()], agencies=AGENCIES, findings=findings)
    question = Question(NOVEMBER, plans=frozenset({"p"}))
    activities = list_agency_activities(db, question)
    assert activities["Sở Y tế"].rejected_rows == 1
    assert activities["Sở Y tế"].count_days_silent(NOVEMBER) is None
    assert set(activities) == {agency.name for agency in AGENCIES}
