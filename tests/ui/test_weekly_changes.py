"""What changed since last week: newly met, newly late, lowered, silent; by hand-made rows."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from kpis.measures.changes import Changes, LoweredFigure, SilentAgency
from kpis.ui.overview.weekly_changes import render_weekly_changes
from tests.ui.handmade_rows import build_target, build_view

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
        "since": date(2026, 11, 15),
        "known_then": datetime(2026, 11, 15, 16, 59, 59),
        "unread_then": (),
        "counts_now": {},
        "counts_then": {},
        "newly_met": [],
        "newly_late": [],
        "late_unread": 0,
        "lowered": [],
        "silent": [],
        "newly_silent": [],
    }
    return Changes(**{**values, **overrides})


def test_both_times_of_the_comparison_are_named() -> None:
    assert "So với Chủ nhật 15/11/2026, theo số liệu đã nhận đến lúc đó." in render_text(build_changes())


def test_what_had_not_been_read_by_then_is_said_to_be_compared_as_known_now() -> None:
    assert "theo số liệu hiện có: đến lúc đó chưa nhận số liệu nào." in render_text(
        build_changes(unread_then=("ha-noi",))
    )
    both = {**PLACE_NAMES, "dong-thap": "Đồng Tháp"}
    some = render_weekly_changes(build_view(), build_changes(unread_then=("dong-thap",)), both).striptags()
    assert "nơi mới nhận sau ngày ấy thì theo số liệu hiện có: Đồng Tháp." in some


def test_every_kind_of_change_is_told_even_when_there_is_none() -> None:
    said = render_text(build_changes())
    for title in (
        "Mới đạt 0",
        "Mới chậm hoặc quá hạn 0",
        "Số liệu bị giảm 0",
        "Cơ quan lâu chưa báo cáo 0",
    ):
        assert title in said


def test_a_lowered_figure_says_from_what_to_what() -> None:
    one = LoweredFigure(
        build_target(numerator=40, actual=40), build_target(numerator=38, actual=38), lost_attainment=False
    )
    said = render_text(build_changes(lowered=[one]))
    assert "Hà Nội : Tin bài &lt;b&gt; · từ 40 xuống 38" in said
    assert "không còn đạt" not in said


def test_what_is_no_longer_attained_is_marked_so_and_counted() -> None:
    one = LoweredFigure(
        build_target(numerator=50, actual=50), build_target(numerator=38, actual=38), lost_attainment=True
    )
    said = render_text(build_changes(lowered=[one] * 7))
    assert "Số liệu bị giảm 7 7 chỉ tiêu không còn đạt" in said
    assert said.count("từ 50 xuống 38, không còn đạt") == 4


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        (True, "Tin bài &lt;b&gt; · báo cáo hoàn thành trước đó không còn; chỉ tiêu không còn đạt"),
        (False, "Tin bài &lt;b&gt; · báo cáo hoàn thành trước đó không còn, đã có báo cáo mới"),
    ],
)
def test_a_milestone_that_is_taken_back_is_a_word_not_a_figure(lost: bool, told: str) -> None:
    then, now = (build_target(measure="milestone", numerator=number, actual=number) for number in (1, 0))
    said = render_text(build_changes(lowered=[LoweredFigure(then, now, lost)]))
    assert told in said
    assert "từ 1 xuống 0" not in said


def test_silent_agencies_say_how_long_and_the_new_ones_are_counted() -> None:
    old, new = (
        build_silent_agency("Sở Y tế", 63, date(2026, 9, 19)),
        build_silent_agency("Sở Nội vụ", 31, None),
    )
    said = render_text(build_changes(silent=[old, new], newly_silent=[new]))
    assert "Cơ quan lâu chưa báo cáo 2 1 cơ quan mới" in said
    assert "Sở Y tế · Hà Nội, 9 tuần chưa báo cáo" in said
    assert "Sở Nội vụ · Hà Nội, chưa báo cáo lần nào" in said


def test_a_long_list_is_cut_and_says_how_many_more() -> None:
    many = [build_silent_agency(f"Sở {number}", 60, date(2026, 9, 1)) for number in range(9)]
    said = render_text(build_changes(silent=many))
    assert "Sở 3" in said
    assert "Sở 4" not in said
    assert "và 5 mục nữa" in said


def test_in_another_year_than_the_day_s_no_weeks_are_compared() -> None:
    assert "Chỉ so sánh tuần trong năm của ngày đang xem." in render_text(None)
