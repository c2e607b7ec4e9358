"""The leader's ten seconds: counts by status worst first, the matrix, wards apart; by hand-made rows."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import compute_owed
from kpis.ui.overview.matrix import render_matrix
from kpis.ui.overview.status_tiles import is_week_comparable, render_status_tiles
from kpis.ui.overview.todo import render_todo
from kpis.ui.shared.filters import PlanChoice
from kpis.wording import target_figures
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, TODAY, build_target, build_view

INDICATOR_NAMES = {
    "news_items": ("Tin bài", "News items"),
    "launch_ceremony": ("Lễ phát động", "Launch"),
    "hotline": ("Tổng đài", "Hotline"),
}
OTHER_TARGET = build_target(plan="dong-thap", status="attained")
BOTH_TARGETS = [build_target(), OTHER_TARGET]
READ_PLANS = {"ha-noi", "bac-kan", "tuyen-quang"}
TUYEN_QUANG = PlanChoice("tuyen-quang", "tỉnh Tuyên Quang", "Tuyên Quang", False, 2026, 2030)


def strip_tags(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup.replace("<wbr>", ""))).strip()


def test_one_tile_per_status_worst_first_with_the_change_since_a_week_before() -> None:
    now = [build_target(status="overdue"), build_target(status="overdue"), build_target(status="attained")]
    before = [build_target(status="overdue"), build_target(status="behind"), build_target(status="behind")]
    said = strip_tags(render_status_tiles(now, before, "vi"))
    order = ["Quá hạn", "Chậm nhịp", "Chưa có số liệu", "Có nguy cơ", "Đúng nhịp", "Đã đạt"]
    assert [said.index(word) for word in order] == sorted(said.index(word) for word in order)
    assert "Quá hạn 2 /3 tăng 1 so với tuần trước" in said
    assert "Chậm nhịp 0 /3 giảm 2 so với tuần trước" in said
    assert "Có nguy cơ 0 /3 như tuần trước" in said


def test_what_was_attained_late_counts_as_attained_and_is_told() -> None:
    said = strip_tags(
        render_status_tiles(
            [build_target(status="attained_late"), build_target(status="not_started")], [], "vi"
        )
    )
    assert "Đã đạt 1 /2" in said
    assert said.endswith("Trong số đã đạt có 1 đạt muộn · 1 chưa đến kỳ")


def test_an_indicator_is_shared_when_two_plans_promise_it() -> None:
    rows = [build_target(), build_target(plan="dong-thap"), build_target(indicator="hotline")]
    made = strip_tags(render_matrix(build_view(), [HA_NOI], rows, INDICATOR_NAMES, READ_PLANS))
    assert made.startswith(
        "Tỉnh, thành và chỉ số Tình trạng từng chỉ số chung theo tỉnh, thành "
        "Tỉnh, thành Tin bài Chỉ tiêu khác Hà Nội"
    )


def test_a_cell_tells_sign_figures_bar_and_word_and_leads_to_the_province() -> None:
    asked = build_view()
    asked = replace(asked, filters=replace(asked.filters, year=2027, lang="en"))
    made = render_matrix(asked, [HA_NOI], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS)
    assert 'href="/province?year=2027&amp;plan=ha-noi&amp;lang=en"' in made
    assert "24/<wbr>50" in made
    assert 'class="kpis-sign kpis-behind"' in made
    assert "width:48.0%" in made
    assert "inset-inline-start:88.0%" in made
    assert ">Behind<" in made


def test_a_sheet_s_or_register_s_text_is_never_html() -> None:
    assert "<b>" not in str(
        render_matrix(build_view(), [HA_NOI], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS)
    ).replace("<b style", "")


def test_where_nothing_is_promised_stands_a_dash_that_is_read_out() -> None:
    made = strip_tags(render_matrix(build_view(), [TUYEN_QUANG], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS))
    assert made.count("– kế hoạch không giao") == 1
    assert "0/0 đạt" in made


def test_a_ward_is_a_line_of_its_own_and_says_so() -> None:
    rows = [build_target(), build_target(plan="bac-kan", status="attained")]
    made = strip_tags(render_matrix(build_view(), [HA_NOI, BAC_KAN], rows, INDICATOR_NAMES, READ_PLANS))
    assert "Hà Nội 0/1 đạt" in made
    assert "Phường Bắc Kạn phường của Thái Nguyên, tính riêng 1/1 đạt" in made


def test_what_is_in_no_shared_column_is_told_together_by_its_worst() -> None:
    rest = [
        build_target(indicator="hotline", status="overdue"),
        build_target(indicator="launch_ceremony", status="attained"),
    ]
    made = strip_tags(
        render_matrix(
            build_view(), [HA_NOI], [*rest, OTHER_TARGET, build_target()], INDICATOR_NAMES, READ_PLANS
        )
    )
    assert made.endswith("1/2 Quá hạn")


def test_a_place_of_which_nothing_was_read_has_attained_nothing_that_is_known() -> None:
    made = strip_tags(
        render_matrix(build_view(), [HA_NOI, TUYEN_QUANG], BOTH_TARGETS, INDICATOR_NAMES, {"tuyen-quang"})
    )
    assert "Hà Nội chưa đọc nguồn nào" in made
    assert "Hà Nội 0/1 đạt" not in made
    assert "Tuyên Quang 0/0 đạt" in made


def test_a_milestone_is_a_word_not_a_fraction() -> None:
    row = build_target(measure="milestone", floor=1, actual=0, numerator=0, status="no_data")
    made = strip_tags(render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS))
    assert "0/1" not in made.replace("0/1 đạt", "")
    assert "Chưa có số liệu" in made


def test_a_share_is_rounded_down_and_only_all_of_it_is_a_hundred() -> None:
    whole: dict[str, Any] = {"measure": "ratio", "floor": 1.0, "roster_size": 1, "roster_reported": 1}
    row = build_target(**whole, actual=0.9999, numerator=9999, denominator=10000)
    assert target_figures.format_fraction(row, "vi") == "99%"
    assert target_figures.format_fraction(build_target(**whole, numerator=7, denominator=7), "vi") == "100%"


def test_a_share_of_a_population_that_is_not_counted_is_no_full_bar() -> None:
    row = build_target(measure="ratio", floor=1.0, actual=1.0, numerator=5, denominator=5, population=1000,
                 expected=0.89, status="on_track")  # fmt: skip
    made = render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS)
    assert "5/1.000 Đúng nhịp" in strip_tags(made)
    assert "100%" not in made.replace("width:100%", "")
    assert "width:0.5%" in made
    assert "inset-inline-start:89.0%" in made


def test_a_ceiling_has_no_pace_mark() -> None:
    row = build_target(comparator="<=", floor=12, actual=3, expected=11, status="on_track")
    made = render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS)
    assert "3, tối đa 12 Đúng nhịp" in strip_tags(made)
    cell = made.split("<td")[1]
    assert "đến nay cần" not in cell
    assert "inset-inline-start" not in cell


def test_a_share_of_which_nothing_is_reported_has_no_figure_only_its_word() -> None:
    row = build_target(measure="ratio", floor=1.0, numerator=0, denominator=None, status="no_data")
    assert target_figures.format_fraction(row, "vi") == "–"
    made = strip_tags(render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS))
    assert made.endswith("Chưa có số liệu")
    assert "–" not in made


def test_a_ceiling_is_told_as_one() -> None:
    assert (
        target_figures.format_fraction(build_target(comparator="<=", floor=5, actual=3), "vi")
        == "3, tối đa 5"
    )
    assert target_figures.format_fraction(build_target(floor=1500, actual=1234), "vi") == "1.234/1.500"


def test_what_is_due_in_years_comes_after_what_is_due_this_year() -> None:
    far = compute_owed(build_target_due(date(2030, 12, 15), status="no_data", title_vi="Xa"), TODAY)
    near = compute_owed(build_target_due(date(2026, 12, 15), status="at_risk", title_vi="Gần"), TODAY)
    calm = compute_owed(build_target_due(date(2026, 12, 15), status="on_track", title_vi="Yên"), TODAY)
    assert far and near and calm
    said = strip_tags(render_todo(build_view(), [far, near, calm], [HA_NOI], READ_PLANS))
    assert said.index("Gần") < said.index("Xa")
    assert "Yên" not in said


def test_when_nothing_presses_the_page_says_so() -> None:
    said = strip_tags(render_todo(build_view(), [], [HA_NOI], READ_PLANS))
    assert said == "Việc cần làm ngay Không có chỉ tiêu nào chậm, có nguy cơ hay chưa có số liệu."


def test_a_long_list_of_things_to_do_is_cut_and_says_how_many_more() -> None:
    one = compute_owed(build_target_due(date(2026, 12, 15), status="behind"), TODAY)
    assert one
    assert strip_tags(render_todo(build_view(), [one] * 11, [HA_NOI], READ_PLANS)).endswith("và 3 mục nữa")


def test_what_is_owed_where_nothing_was_read_is_counted_apart() -> None:
    one = compute_owed(build_target_due(date(2026, 12, 15), status="behind"), TODAY)
    other = compute_owed(
        build_target_due(date(2026, 12, 15), status="overdue", plan="dong-thap", title_vi="Xa"), TODAY
    )
    assert one and other
    said = strip_tags(render_todo(build_view(), [other, one], [HA_NOI, DONG_THAP], READ_PLANS))
    assert "Xa" not in said
    assert said.endswith("1 mục khác ở nơi chưa đọc được nguồn nào")
    assert strip_tags(render_todo(build_view(), [other], [DONG_THAP], READ_PLANS)).endswith(
        "Việc cần làm ngay 1 mục ở nơi chưa đọc được nguồn nào"
    )


def test_in_the_first_week_of_a_year_and_for_a_day_to_come_no_week_is_compared() -> None:
    asked = build_view()
    assert is_week_comparable(asked)
    first = replace(
        asked, today=date(2027, 1, 2), filters=replace(asked.filters, as_of=date(2027, 1, 2), year=2027)
    )
    assert not is_week_comparable(first)
    assert is_week_comparable(replace(first, filters=replace(first.filters, year=2026)))
    assert not is_week_comparable(replace(asked, filters=replace(asked.filters, as_of=date(2026, 12, 1))))
    said = strip_tags(render_status_tiles([build_target(status="overdue")], None, "vi"))
    assert "Quá hạn 1 /1 Chậm nhịp" in said


def test_a_plan_that_has_ended_says_so_instead_of_nothing_attained() -> None:
    asked = build_view()
    asked = replace(asked, filters=replace(asked.filters, year=2027))
    ended = replace(HA_NOI, last_year=2026)
    made = strip_tags(
        render_matrix(
            asked,
            [ended],
            [build_target(plan="dong-thap"), build_target(plan="bac-kan")],
            INDICATOR_NAMES,
            READ_PLANS,
        )
    )
    assert "Hà Nội kế hoạch hết hạn năm 2026" in made


def build_target_due(day: date, **overrides: Any) -> Attainment:
    return build_target(due_on=day, floor_exact=Decimal(50), **overrides)
