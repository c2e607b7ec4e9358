"""What changed since last week, from handmade rows: newly met, newly late, lowered, silent."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from kpis.measures.changes import Changes, LoweredFigure
from kpis.measures.silent_agencies import SilentAgency
from kpis.ui.overview.weekly_changes import render_weekly_changes
from tests.ui.handmade_rows import build_target, build_task, build_view

PLACE_NAMES = {"ha-noi": "Hà Nội"}


def build_silent_agency(name: str, days: int, last: date | None) -> SilentAgency:
    return {
        "plan": "ha-noi",
        "province": "Hà Nội",
        "place": "thành phố Hà Nội",
        "kind": "province",
        "agency": name,
        "last_report_on": last,
        "days_silent": days,
    }


def render_text(changes: Changes | None) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", render_weekly_changes(build_view(), changes, PLACE_NAMES))
    ).strip()


def build_changes(**overrides: Any) -> Changes:
    values: dict[str, Any] = {
        "baseline_day": date(2026, 11, 15),
        "baseline_known_at": datetime(2026, 11, 15, 16, 59, 59),
        "unread_plans": (),
        "current_counts": {},
        "baseline_counts": {},
        "newly_met": [],
        "newly_late": [],
        "newly_late_unread_count": 0,
        "lowered_figures": [],
        "silent_agencies": [],
        "newly_silent_agencies": [],
    }
    return Changes(**{**values, **overrides})


def test_both_times_of_the_comparison_are_named() -> None:
    assert "So với Chủ nhật 15/11/2026, theo số liệu đã nhận đến lúc đó." in render_text(build_changes())


def test_plans_first_read_since_are_compared_as_known_now() -> None:
    assert "theo số liệu hiện có: đến lúc đó chưa nhận số liệu nào." in render_text(
        build_changes(unread_plans=("ha-noi",))
    )
    both = {**PLACE_NAMES, "dong-thap": "Đồng Tháp"}
    some = render_weekly_changes(build_view(), build_changes(unread_plans=("dong-thap",)), both).striptags()
    assert "nơi mới nhận sau ngày ấy thì theo số liệu hiện có: Đồng Tháp." in some


def test_every_kind_of_change_is_listed_even_if_there_is_none() -> None:
    text = render_text(build_changes())
    for title in (
        "Mới đạt 0",
        "Mới chậm hoặc quá hạn 0",
        "Số liệu bị giảm 0",
        "Cơ quan lâu chưa báo cáo 0",
    ):
        assert title in text


def test_a_newly_done_task_is_listed_with_the_day_on_which_it_was_done() -> None:
    done = build_task(state="done_late", done_on=date(2026, 11, 18))
    text = render_text(build_changes(newly_done_tasks=[done]))
    assert "Nhiệm vụ mới hoàn thành 1 Hà Nội : Tập huấn &lt;b&gt; · Sở Công Thương; Sở Y tế · " in text
    assert "hoàn thành muộn 18/11/2026" in text
    link = render_weekly_changes(build_view(), build_changes(newly_done_tasks=[done]), PLACE_NAMES)
    assert 'href="/tasks?change=newly_done"' in link


def test_a_newly_overdue_task_is_listed_with_its_leads() -> None:
    text = render_text(build_changes(newly_overdue_tasks=[build_task()]))
    assert "Nhiệm vụ mới quá hạn 1 Hà Nội : Tập huấn &lt;b&gt; · Sở Công Thương; Sở Y tế · quá hạn" in text


def test_a_lowered_figure_shows_both_values() -> None:
    lowered = LoweredFigure(
        build_target(numerator=40, actual=40), build_target(numerator=38, actual=38), lost_attainment=False
    )
    text = render_text(build_changes(lowered_figures=[lowered]))
    assert "Hà Nội : Tin bài &lt;b&gt; · từ 40 xuống 38" in text
    assert "không còn đạt" not in text


def test_figures_no_longer_attained_are_marked_and_counted() -> None:
    lowered = LoweredFigure(
        build_target(numerator=50, actual=50), build_target(numerator=38, actual=38), lost_attainment=True
    )
    text = render_text(build_changes(lowered_figures=[lowered] * 7))
    assert "Số liệu bị giảm 7 7 chỉ tiêu không còn đạt" in text
    assert text.count("từ 50 xuống 38 tin bài, không còn đạt") == 4


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (True, "Tin bài &lt;b&gt; · báo cáo hoàn thành trước đó không còn; chỉ tiêu không còn đạt"),
        (False, "Tin bài &lt;b&gt; · báo cáo hoàn thành trước đó không còn, đã có báo cáo mới"),
    ],
)
def test_a_withdrawn_milestone_is_a_sentence_without_figures(lost: bool, expected: str) -> None:
    previous, current = (build_target(measure="milestone", numerator=number, actual=number) for number in (1, 0))
    text = render_text(build_changes(lowered_figures=[LoweredFigure(previous, current, lost)]))
    assert expected in text
    assert "từ 1 xuống 0" not in text


def test_silent_agencies_show_how_long_and_the_new_ones_are_counted() -> None:
    old, new = (
        build_silent_agency("Sở Y tế", 63, date(2026, 9, 19)),
        build_silent_agency("Sở Nội vụ", 31, None),
    )
    text = render_text(build_changes(silent_agencies=[old, new], newly_silent_agencies=[new]))
    assert "Cơ quan lâu chưa báo cáo 2 1 cơ quan mới" in text
    assert "Sở Y tế · Hà Nội, 9 tuần chưa báo cáo" in text
    assert "Sở Nội vụ · Hà Nội, chưa báo cáo lần nào" in text


def test_a_long_list_is_cut_and_says_how_many_more() -> None:
    many = [build_silent_agency(f"Sở {number}", 60, date(2026, 9, 1)) for number in range(9)]
    text = render_text(build_changes(silent_agencies=many))
    assert "Sở 3" in text
    assert "Sở 4" not in text
    assert "và 5 mục nữa" in text


def test_no_weeks_are_compared_for_another_year_than_that_of_the_day() -> None:
    assert "Chỉ so sánh tuần trong năm của ngày đang xem." in render_text(None)
