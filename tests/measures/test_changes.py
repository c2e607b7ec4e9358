"""What changed since last week (design.md §4 History)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from kpis.measures.attainment import compute_attainment
from kpis.measures.changes import (
    Changes,
    compare_with_baseline,
    compare_with_last_week,
    compute_baseline_rows,
    find_last_sunday,
)
from kpis.measures.question import Question, as_plan_set
from tests.measures.tiny_database import (
    TinyEntry,
    TinyPlan,
    TinyReport,
    TinyTarget,
    TinyTask,
    build_database,
    make_year_period,
)

WEDNESDAY, SUNDAY = date(2026, 7, 15), date(2026, 7, 12)
LAST_MOMENT = datetime(2026, 7, 12, 16, 59, 59)
RATIO = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A",))


def compute_changes(*entries: TinyEntry, target: TinyTarget | None = None, as_of: date = WEDNESDAY) -> Changes:
    return compare_with_last_week(build_database([target or TinyTarget()], entries), Question(as_of))


def list_lowered(changes: Changes) -> list[tuple[str, float, float]]:
    return [
        (pair.current_row["target"], pair.known_row["numerator"], pair.current_row["numerator"])
        for pair in changes.lowered_figures
    ]


@pytest.mark.parametrize(
    ("day", "sunday"),
    [
        (date(2026, 7, 13), date(2026, 7, 12)),
        (date(2026, 7, 18), date(2026, 7, 12)),
        (date(2026, 7, 19), date(2026, 7, 12)),
        (date(2026, 7, 20), date(2026, 7, 19)),
    ],
)
def test_4_last_week_ends_on_the_sunday_before_this_one(day: date, sunday: date) -> None:
    assert find_last_sunday(day) == sunday


def test_4_newly_met_is_met_now_and_was_not_known_to_be_met_last_week() -> None:
    changes = compute_changes(TinyEntry("p.01", "A", date(2026, 7, 14), 2))
    assert [row["target"] for row in changes.newly_met] == ["p.01"]
    assert (changes.baseline_day, changes.current_counts["attained"], changes.baseline_counts["no_data"]) == (
        SUNDAY,
        1,
        1,
    )


def test_4_an_entry_typed_in_late_is_a_change_although_it_happened_earlier() -> None:
    in_time = TinyEntry("p.01", "A", date(2026, 7, 1), 2, recorded=LAST_MOMENT)
    late = TinyEntry("p.01", "A", date(2026, 7, 1), 2, recorded=datetime(2026, 7, 12, 17))
    other = TinyEntry("p.01", "B", date(2026, 7, 1), 0, recorded=LAST_MOMENT)
    assert compute_changes(in_time).newly_met == []
    assert [row["target"] for row in compute_changes(late, other).newly_met] == ["p.01"]


def test_4_newly_late_is_late_now_but_not_last_week_or_overdue_now_and_only_behind_last_week() -> None:
    entry = TinyEntry("p.01", "A", date(2026, 7, 1), 1)
    on_track = TinyTarget(periods=(make_year_period(2026, "07-13"),))
    assert [row["status"] for row in compute_changes(entry, target=on_track).newly_late] == ["overdue"]
    behind = TinyTarget(floor=Decimal(9), periods=(make_year_period(2026, "07-13"),))
    assert [row["status"] for row in compute_changes(entry, target=behind).newly_late] == ["overdue"]


def test_4_a_figure_is_lowered_if_last_weeks_day_is_less_as_known_now_than_as_known_last_week() -> None:
    last_read_at = datetime(2026, 7, 2)
    gone = TinyEntry("p.01", "A", date(2026, 7, 1), 5, recorded=last_read_at, retired=datetime(2026, 7, 14))
    less = TinyEntry("p.01", "A", date(2026, 7, 1), 3, recorded=datetime(2026, 7, 14))
    this_week = TinyEntry("p.01", "A", date(2026, 7, 14), 9)
    assert list_lowered(compute_changes(gone, less, this_week)) == [("p.01", 5, 3)]
    assert list_lowered(compute_changes(less, this_week)) == []


def test_4_lowered_figures_that_lost_their_attainment_come_first() -> None:
    read, gone = datetime(2026, 7, 2), datetime(2026, 7, 14)
    targets = [TinyTarget("p.01", floor=Decimal(9)), TinyTarget("p.02"), TinyTarget("p.03")]
    entries = [TinyEntry(target.id, "A", date(2026, 7, 1), 5, recorded=read, retired=gone) for target in targets]
    this_week = TinyEntry("p.02", "A", date(2026, 7, 14), 5)  # attained this week instead
    changes = compare_with_last_week(build_database(targets, [*entries, this_week]), Question(WEDNESDAY))
    assert [(pair.current_row["target"], pair.lost_attainment) for pair in changes.lowered_figures] == [
        ("p.03", True),
        ("p.01", False),
        ("p.02", False),
    ]


def test_4_a_lowered_figure_that_is_still_attained_has_not_lost_it_even_if_it_falls_later() -> None:
    read, gone = datetime(2026, 7, 2), datetime(2026, 7, 14)
    level = TinyTarget(accumulation="level", floor=Decimal(50))
    entries = [
        TinyEntry("p.01", "A", date(2026, 7, 1), 60, recorded=read, retired=gone),
        TinyEntry("p.01", "A", date(2026, 7, 1), 55, recorded=gone),
        TinyEntry("p.01", "A", date(2026, 7, 14), 40),
    ]
    (pair,) = compute_changes(*entries, target=level).lowered_figures
    assert (pair.known_row["numerator"], pair.current_row["numerator"], pair.lost_attainment) == (
        60,
        55,
        False,
    )


def test_4_a_ratio_is_lowered_by_its_exact_fraction() -> None:
    first = TinyEntry("p.01", "A", date(2026, 7, 1), 1, 3, datetime(2026, 7, 2), datetime(2026, 7, 14))
    thousands = 333_333_333_333_333
    less = TinyEntry("p.01", "A", date(2026, 7, 1), thousands, 10**15, datetime(2026, 7, 14))
    same = TinyEntry("p.01", "A", date(2026, 7, 1), 2, 6, datetime(2026, 7, 14))
    assert len(compute_changes(first, less, target=RATIO).lowered_figures) == 1
    assert compute_changes(first, same, target=RATIO).lowered_figures == []


def test_4_in_the_first_week_of_a_year_last_week_is_of_the_year_before() -> None:
    target = TinyTarget(recurrence="yearly", periods=(make_year_period(2026), make_year_period(2027)))
    gone = TinyEntry("p.01", "A", date(2026, 7, 1), 5, retired=datetime(2027, 1, 1))
    changes = compute_changes(gone, target=target, as_of=date(2027, 1, 2))
    assert changes.baseline_day == date(2026, 12, 27)
    (pair,) = changes.lowered_figures
    assert (pair.known_row["period_start"].year, pair.known_row["numerator"], pair.lost_attainment) == (
        2026,
        5,
        True,
    )
    assert changes.baseline_counts["not_started"] == 1


def test_4_changes_can_be_computed_since_any_moment() -> None:
    entry = TinyEntry("p.01", "A", date(2026, 7, 9), 2)
    sealed = compare_with_baseline(
        build_database([TinyTarget()], [entry]),
        Question(WEDNESDAY),
        Question(date(2026, 7, 8), known_at=datetime(2026, 7, 8, 3)),
    )
    assert [row["target"] for row in sealed.newly_met] == ["p.01"]


def test_4_an_agency_that_owes_something_is_silent_after_four_weeks() -> None:
    target = TinyTarget(floor=Decimal(50), lead="L", shares={"A": Decimal(9), "B": Decimal(9), "C": Decimal(1)})
    entries = [
        TinyEntry("p.01", "A", date(2026, 6, 18), 1),
        TinyEntry("p.01", "B", date(2026, 6, 17), 1),
        TinyEntry("p.01", "C", date(2026, 3, 1), 1),
    ]
    changes = compute_changes(*entries, target=target)
    silent = changes.silent_agencies
    assert [(row["agency"], row["last_report_on"], row["days_silent"]) for row in silent] == [
        ("L", None, 195), ("B", date(2026, 6, 17), 28),
    ]  # fmt: skip
    assert [row["agency"] for row in changes.newly_silent_agencies] == ["B"]


def test_4_a_lead_of_an_unfinished_task_is_silent_too_and_a_task_report_breaks_silence() -> None:
    report = TinyReport("in_progress", "Sở Tư pháp", recorded=datetime(2026, 7, 1))
    db = build_database(tasks=[TinyTask(leads=("Sở Y tế", "Sở Tư pháp", "các xã"))], reports=[report])
    changes = compare_with_last_week(db, Question(WEDNESDAY))
    assert [(row["agency"], row["days_silent"]) for row in changes.silent_agencies] == [("Sở Y tế", 195)]


def test_4_a_provinces_changes_exclude_its_wards() -> None:
    plans = [TinyPlan("p", "X"), TinyPlan("w", "X", "ward")]
    targets = [TinyTarget(), TinyTarget(id="w.01", plan="w")]
    entries = [TinyEntry(target.id, "A", date(2026, 7, 14), 2) for target in targets]
    db = build_database(targets, entries, plans)
    assert [
        row["target"] for row in compare_with_last_week(db, Question(WEDNESDAY, plans=frozenset({"p"}))).newly_met
    ] == ["p.01"]
    assert [
        row["target"] for row in compare_with_last_week(db, Question(WEDNESDAY, plans=as_plan_set("w"))).newly_met
    ] == ["w.01"]


def test_8_passing_rows_already_computed_gives_the_same_changes() -> None:
    targets = [TinyTarget(), TinyTarget(id="w.01", plan="w")]
    entries = [TinyEntry(target.id, "A", date(2026, 7, 14), 2) for target in targets]
    db = build_database(targets, entries, [TinyPlan("p", "X"), TinyPlan("w", "X", "ward")])
    baseline = compute_baseline_rows(db, Question(SUNDAY, known_at=LAST_MOMENT, plans=as_plan_set("w")))
    current_rows = compute_attainment(db, Question(WEDNESDAY, plans=as_plan_set("w")))
    changes = compare_with_last_week(
        db, Question(WEDNESDAY, plans=as_plan_set("w")), current_rows=current_rows, baseline=baseline
    )
    assert changes == compare_with_last_week(db, Question(WEDNESDAY, plans=as_plan_set("w")))


def test_4_a_plan_first_read_this_week_is_compared_with_last_week_as_known_now() -> None:
    today = datetime(2026, 7, 15, 2)
    done = TinyEntry("p.01", "A", date(2026, 3, 1), 2, recorded=today)
    new = TinyEntry("w.01", "A", date(2026, 7, 14), 2, recorded=today)
    plans = [TinyPlan("p", "X"), TinyPlan("w", "X", "ward"), TinyPlan("never", "Y")]
    targets = [TinyTarget(), TinyTarget(id="w.01", plan="w"), TinyTarget(id="never.01", plan="never")]
    db = build_database(targets, [done, new], plans)
    changes = compare_with_last_week(db, Question(WEDNESDAY))
    assert changes.unread_plans == ("p", "w")
    assert [row["target"] for row in changes.newly_met] == ["w.01"]
    assert changes.lowered_figures == []


def test_4_silent_agencies_are_in_vietnamese_order() -> None:
    names = [
        "Đoàn Thanh niên",
        "Sở Y tế",
        "Liên đoàn Lao động",
        "Ban Quản lý",
        "Ủy ban",
        "Điện lực",
        "Dân vận",
    ]
    target = TinyTarget(floor=Decimal(90), lead=names[0], shares=dict.fromkeys(names, Decimal(9)))
    changes = compute_changes(target=target)
    assert [row["agency"] for row in changes.silent_agencies] == [
        "Ban Quản lý", "Dân vận", "Điện lực", "Đoàn Thanh niên", "Liên đoàn Lao động", "Sở Y tế", "Ủy ban",
    ]  # fmt: skip


def test_4_a_plan_that_was_never_read_has_nothing_late_and_nobody_silent() -> None:
    shares = {"A": Decimal(9)}
    target = TinyTarget(floor=Decimal(50), lead="L", periods=(make_year_period(2026, "07-13"),), shares=shares)
    changes = compare_with_last_week(
        build_database([target], plans=[TinyPlan()], tasks=[TinyTask()]), Question(WEDNESDAY)
    )
    assert [row["status"] for row in changes.newly_late] == ["overdue"]
    assert [row["agency"] for row in changes.silent_agencies] == ["A", "L", "Sở Y tế"]
    unread = build_database([target], plans=[TinyPlan(was_read=False)], tasks=[TinyTask()])
    changes = compare_with_last_week(unread, Question(WEDNESDAY))
    assert (changes.newly_late, changes.silent_agencies) == ([], [])


def test_4_without_a_tab_of_tasks_nobody_is_silent_about_them() -> None:
    target = TinyTarget(floor=Decimal(50), lead="L")
    changes = compare_with_last_week(
        build_database([target], plans=[TinyPlan(tasks_seen=False)], tasks=[TinyTask()]), Question(WEDNESDAY)
    )
    assert [row["agency"] for row in changes.silent_agencies] == ["L"]


def test_4_what_ended_with_the_year_is_a_change_in_the_first_week_of_the_next() -> None:
    target = TinyTarget(recurrence="yearly", periods=(make_year_period(2026, "12-31"), make_year_period(2027)))
    met = TinyTarget("p.02", recurrence="yearly", periods=(make_year_period(2026, "12-31"), make_year_period(2027)))
    entries = [TinyEntry("p.01", "A", date(2026, 7, 1), 1), TinyEntry("p.02", "A", date(2026, 12, 30), 2)]
    changes = compare_with_last_week(build_database([target, met], entries), Question(date(2027, 1, 2)))
    assert [(row["target"], row["status"]) for row in changes.newly_late] == [("p.01", "overdue")]
    assert [(row["target"], row["period_start"].year) for row in changes.newly_met] == [("p.02", 2026)]
    later = compare_with_last_week(build_database([target, met], entries), Question(date(2027, 1, 12)))
    assert (later.newly_late, later.newly_met) == ([], [])


def test_4_a_plan_that_has_ended_has_nobody_silent() -> None:
    plans = [TinyPlan(end_year=2026), TinyPlan("q", "Q", end_year=2027)]
    targets = [TinyTarget("q.01", "q", lead="M", periods=(make_year_period(2027),))]
    changes = compare_with_last_week(
        build_database(targets, plans=plans, tasks=[TinyTask()]), Question(date(2027, 6, 1))
    )
    assert [row["agency"] for row in changes.silent_agencies] == ["M"]
