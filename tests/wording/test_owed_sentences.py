"""What is still owed, in a sentence that a leader can read out (design.md §5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment_rows import Attainment
from kpis.wording import owed_sentences
from tests.ui.handmade_rows import build_target


def build_row(**overrides: Any) -> Attainment:
    floor = overrides.get("floor", 50)
    return build_target(**{"floor_exact": Decimal(str(floor)), "population": None, **overrides})


def test_a_count_says_what_is_missing_the_time_left_and_the_rate_needed() -> None:
    assert owed_sentences.format_sentence(build_row(actual=38, numerator=38), "vi") == (
        "thiếu 12 tin bài · còn 5 tuần · cần 2,1 tin bài/tuần (đang 0,8)"
    )
    assert owed_sentences.format_sentence(build_row(actual=38, numerator=38, unit_en="news item"), "en") == (
        "12 news items missing · 5 weeks left · 2.1 news items a week needed (0.8 so far)"
    )


def test_a_small_rate_is_not_shown_as_zero() -> None:
    assert owed_sentences.format_sentence(build_row(actual=1, numerator=1), "vi").endswith("(đang dưới 0,1)")
    assert owed_sentences.format_sentence(build_row(actual=1, numerator=1), "en").endswith("(under 0.1 so far)")
    assert owed_sentences.format_sentence(build_row(actual=0, numerator=0), "vi").endswith("(đang 0)")


@pytest.mark.parametrize("status", ["attained", "attained_late", "not_started", "not_applicable"])
def test_a_target_met_or_not_started_owes_nothing(status: str) -> None:
    assert owed_sentences.format_sentence(build_row(status=status), "vi") == ""


def test_after_the_due_day_the_delay_is_given_and_no_rate() -> None:
    late = build_row(status="overdue", due_on=date(2026, 11, 15), actual=49, numerator=49)
    assert owed_sentences.format_sentence(late, "vi") == "thiếu 1 tin bài · quá hạn 6 ngày"
    assert owed_sentences.format_sentence({**late, "due_on": date(2026, 11, 21)}, "vi").endswith("đến hạn hôm nay")


def test_a_due_day_years_away_is_given_as_a_date() -> None:
    assert owed_sentences.format_sentence(build_row(due_on=date(2030, 12, 15)), "vi").startswith(
        "thiếu 26 tin bài · hạn 15/12/2030"
    )


def test_a_milestone_is_done_or_not() -> None:
    launch = build_row(measure="milestone", floor=1, actual=0, numerator=0, status="no_data")
    assert owed_sentences.format_sentence(launch, "vi") == "chưa hoàn thành · còn 5 tuần"


def test_a_ratio_without_a_roster_says_so_and_how_many_have_reported() -> None:
    officers = build_row(
        measure="ratio",
        floor=1.0,
        actual=1.0,
        numerator=5,
        denominator=5,
        reporting_agencies=7,
        unit="cán bộ",
    )
    sentence = owed_sentences.format_sentence(officers, "vi")
    assert sentence == "chưa chốt danh sách · 7 cơ quan đã báo cáo · còn 5 tuần"


def test_a_ratio_with_a_roster_counts_the_silent_agencies() -> None:
    officers = build_row(measure="ratio", floor=1.0, numerator=84, denominator=100, roster_size=10, roster_reported=4)
    assert owed_sentences.format_sentence({**officers, "unit": "cán bộ"}, "vi").startswith(
        "thiếu 16 cán bộ · 6 cơ quan chưa báo cáo"
    )


def test_a_coverage_says_how_many_have_done_nothing() -> None:
    bodies = build_row(measure="coverage", floor=1.0, numerator=7, denominator=10, roster_size=10, roster_reported=8)
    assert owed_sentences.format_sentence(bodies, "vi").startswith("3 cơ quan chưa tham gia · còn")


def test_a_coverage_met_in_number_counts_who_has_not_reported() -> None:
    bodies = build_row(measure="coverage", floor=0.6, numerator=2, denominator=3, roster_size=3, roster_reported=2)
    assert (
        owed_sentences.format_sentence({**bodies, "status": "on_track"}, "vi") == "1 cơ quan chưa báo cáo · còn 5 tuần"
    )
    assert (
        owed_sentences.format_sentence({**bodies, "status": "on_track"}, "en")
        == "1 agency has not reported · 5 weeks left"
    )


def test_a_coverage_below_100_percent_says_how_many_more_and_who_is_silent() -> None:
    bodies = build_row(measure="coverage", floor=0.6, numerator=3, denominator=10, roster_size=10, roster_reported=4)
    assert owed_sentences.format_sentence(bodies, "vi").startswith(
        "cần thêm 3 cơ quan tham gia · 6 cơ quan chưa báo cáo"
    )
    assert owed_sentences.format_sentence({**bodies, "numerator": 5}, "en").startswith(
        "1 more agency has to take part · 6"
    )


def test_an_overdue_ceiling_that_holds_says_whose_report_is_missing() -> None:
    late: dict[str, Any] = {
        "measure": "ratio", "comparator": "<=", "floor": 0.05, "numerator": 1, "denominator": 50,
        "status": "overdue", "due_on": date(2026, 10, 31), "unit": "cán bộ",
    }  # fmt: skip
    assert owed_sentences.format_sentence(build_row(**late, roster_size=3, roster_reported=1), "vi") == (
        "2 cơ quan chưa báo cáo · quá hạn 3 tuần"
    )
    assert owed_sentences.format_sentence(build_row(**late, population=100), "vi") == (
        "50 cán bộ chưa được thống kê · quá hạn 3 tuần"
    )


def test_english_units_have_a_singular_and_a_plural() -> None:
    row = build_row(actual=49, numerator=49, unit_en="agency", due_on=date(2026, 11, 30))
    assert owed_sentences.format_sentence(row, "en") == "1 agency missing · 9 days left"
    assert owed_sentences.format_sentence({**row, "numerator": 48}, "en") == "2 agencies missing · 9 days left"
