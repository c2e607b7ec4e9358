"""The overview from handmade rows: counts by status, worst first; the matrix; wards apart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpis.measures.agency_activity import AgencyActivity
from kpis.measures.agency_lines import AgencyLine
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import compute_owed, select_urgent
from kpis.measures.task_status import TaskStatus
from kpis.measures.todo import LateAnswer, Todo, build_todo
from kpis.ui.overview.department_matrix import render_department_matrix
from kpis.ui.overview.matrix import render_matrix
from kpis.ui.overview.status_tiles import is_week_comparable, render_status_tiles
from kpis.ui.overview.todo import render_title, render_todo
from kpis.ui.shared.filters import PlanChoice
from kpis.wording import target_figures
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, TODAY, build_target, build_task, build_view

INDICATOR_NAMES = {
    "news_items": ("Tin bài", "News items"),
    "launch_ceremony": ("Lễ phát động", "Launch"),
    "hotline": ("Tổng đài", "Hotline"),
}
OTHER_TARGET = build_target(plan="dong-thap", status="attained")
BOTH_TARGETS = [build_target(), OTHER_TARGET]
READ_PLANS = {"ha-noi", "bac-kan", "tuyen-quang"}
TUYEN_QUANG = PlanChoice("tuyen-quang", "Tuyên Quang", "Tuyên Quang", False, 2026, 2030)


def strip_tags(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup.replace("<wbr>", ""))).strip()


def test_each_status_has_a_tile_worst_first_with_the_change_since_a_week_ago() -> None:
    current = [
        build_target(status="overdue"),
        build_target(status="overdue"),
        build_target(status="attained"),
    ]
    previous = [build_target(status="overdue"), build_target(status="behind"), build_target(status="behind")]
    text = strip_tags(render_status_tiles(build_view(), current, previous))
    order = ["Quá hạn", "Chậm nhịp", "Chưa có số liệu", "Có nguy cơ", "Đúng nhịp", "Đã đạt"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    assert "Quá hạn 2 /3 chỉ tiêu tăng 1 so với tuần trước" in text
    assert "Chậm nhịp 0 /3 chỉ tiêu giảm 2 so với tuần trước" in text
    assert "Có nguy cơ 0 /3 chỉ tiêu như tuần trước" in text


def test_a_part_of_a_department_that_rests_on_a_row_in_doubt_is_marked() -> None:
    row: dict[str, Any] = {
        "source": "s", "tab": "Tiến độ", "row": 7, "agency": "Sở Y tế", "confirmed": False, "quantity": 9,
        "content": None,
    }  # fmt: skip
    doubts = [{"code": "possibly_same_event", "rows": [row], "reduces_by": 9}]
    sure = build_target(agency="Sở Y tế", status="on_track")
    doubted = build_target(
        target="ha-noi.13", agency="Sở Y tế", status=None, doubts=doubts, actual_weak=15, numerator_weak=15
    )
    parts = {"ha-noi.12": sure, "ha-noi.13": doubted}
    line = AgencyLine("Sở Y tế", is_commune=False, parts=parts, led={}, counts={}, activity=AgencyActivity())
    rows = [build_target(), build_target(target="ha-noi.13", indicator="hotline")]
    markup = str(render_department_matrix(build_view(), rows, [line], INDICATOR_NAMES))
    cells = re.findall(r"<td.*?</td>", markup)
    assert "kpis-doubt" not in cells[0]
    assert "? " in strip_tags(cells[1]) and "xác nhận 1 dòng" in strip_tags(cells[1])


def test_attained_late_counts_as_attained_and_is_mentioned() -> None:
    text = strip_tags(
        render_status_tiles(
            build_view(), [build_target(status="attained_late"), build_target(status="not_started")], []
        )
    )
    assert "Đã đạt 1 /2" in text
    assert text.endswith("Trong số đã đạt có 1 đạt muộn · 1 chưa đến kỳ")


def test_the_number_of_a_tile_leads_to_its_targets_of_provinces_or_of_the_chosen_plan() -> None:
    rows = [build_target(status="attained"), build_target(status="attained_late"), build_target(status="not_started")]
    markup = render_status_tiles(build_view(), rows, None)
    assert re.search(r'href="/targets\?[^"]*status=attained%2Cattained_late[^"]*"[^>]*>2</a>', markup) or re.search(
        r'href="/targets\?[^"]*status=attained_late%2Cattained[^"]*"[^>]*>2</a>', markup
    )
    assert "only=provinces" in markup
    assert re.search(r'status=not_started[^"]*"[^>]*>1</a>', markup)
    assert "only=provinces" not in render_status_tiles(build_view(plan=HA_NOI), rows, None)


def test_an_indicator_is_shared_if_two_plans_have_it() -> None:
    rows = [build_target(), build_target(plan="dong-thap"), build_target(indicator="hotline")]
    markup = strip_tags(render_matrix(build_view(), [HA_NOI], rows, INDICATOR_NAMES, READ_PLANS))
    assert markup.startswith(
        "Tỉnh, thành và chỉ số Xem từng chỉ tiêu Tình trạng từng chỉ số chung theo tỉnh, thành "
        "Tỉnh, thành Tin bài Chỉ tiêu khác Hà Nội"
    )


def test_a_cell_has_sign_figures_bar_and_word_and_links_to_the_province() -> None:
    view = build_view()
    view = replace(view, filters=replace(view.filters, year=2027, lang="en"))
    markup = render_matrix(view, [HA_NOI], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS)
    assert 'href="/province?year=2027&amp;plan=ha-noi&amp;lang=en"' in markup
    assert "24/<wbr>50" in markup
    assert 'class="kpis-sign kpis-behind"' in markup
    assert "width:48.0%" in markup
    assert "inset-inline-start:88.0%" in markup
    assert ">Behind<" in markup


def test_text_of_the_register_is_never_html() -> None:
    assert "<b>" not in str(render_matrix(build_view(), [HA_NOI], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS)).replace(
        "<b style", ""
    )


def test_a_plan_without_a_target_has_a_dash_with_text_for_screen_readers() -> None:
    markup = strip_tags(render_matrix(build_view(), [TUYEN_QUANG], BOTH_TARGETS, INDICATOR_NAMES, READ_PLANS))
    assert markup.count("– kế hoạch không giao") == 1
    assert "0/0 đạt" in markup


def test_a_ward_has_its_own_line_that_says_so() -> None:
    rows = [build_target(), build_target(plan="bac-kan", status="attained")]
    markup = strip_tags(render_matrix(build_view(), [HA_NOI, BAC_KAN], rows, INDICATOR_NAMES, READ_PLANS))
    assert "Hà Nội 0/1 đạt" in markup
    assert "Phường Bắc Kạn phường của Thái Nguyên, tính riêng 1 /1 đạt" in markup


def test_other_targets_are_summed_up_with_their_worst_status() -> None:
    others = [
        build_target(indicator="hotline", status="overdue"),
        build_target(indicator="launch_ceremony", status="attained"),
    ]
    markup = strip_tags(
        render_matrix(build_view(), [HA_NOI], [*others, OTHER_TARGET, build_target()], INDICATOR_NAMES, READ_PLANS)
    )
    assert markup.endswith("1/2 đạt Quá hạn Tải bảng này (.xlsx)")


def test_a_place_without_a_read_source_has_no_attained_count() -> None:
    markup = strip_tags(
        render_matrix(build_view(), [HA_NOI, TUYEN_QUANG], BOTH_TARGETS, INDICATOR_NAMES, {"tuyen-quang"})
    )
    assert "Hà Nội chưa đọc nguồn nào" in markup
    assert "Hà Nội 0/1 đạt" not in markup
    assert "Tuyên Quang 0/0 đạt" in markup


def test_a_milestone_is_a_word_without_a_fraction() -> None:
    row = build_target(measure="milestone", floor=1, actual=0, numerator=0, status="no_data")
    markup = strip_tags(render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS))
    assert "0/1" not in markup.replace("0/1 đạt", "")
    assert "Chưa có số liệu" in markup


def test_a_ratio_is_rounded_down_so_that_100_percent_means_all() -> None:
    ratio: dict[str, Any] = {"measure": "ratio", "floor": 1.0, "roster_size": 1, "roster_reported": 1}
    row = build_target(**ratio, actual=0.9999, numerator=9999, denominator=10000)
    assert target_figures.format_fraction(row, "vi") == "99%"
    assert target_figures.format_fraction(build_target(**ratio, numerator=7, denominator=7), "vi") == "100%"


def test_a_ratio_of_a_partly_counted_population_has_no_full_bar() -> None:
    row = build_target(measure="ratio", floor=1.0, actual=1.0, numerator=5, denominator=5, population=1000,
                 expected=0.89, status="on_track")  # fmt: skip
    markup = render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS)
    assert "5/1.000 Đúng nhịp" in strip_tags(markup)
    assert "100%" not in markup.replace("width:100%", "")
    assert "width:0.5%" in markup
    assert "inset-inline-start:89.0%" in markup


def test_a_ceiling_has_no_pace_mark() -> None:
    row = build_target(comparator="<=", floor=12, actual=3, expected=11, status="on_track")
    markup = render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS)
    assert "3, tối đa 12 Đúng nhịp" in strip_tags(markup)
    cell = markup.split("<td")[1]
    assert "đến nay cần" not in cell
    assert "inset-inline-start" not in cell


def test_a_ratio_without_reports_has_only_its_word() -> None:
    row = build_target(measure="ratio", floor=1.0, numerator=0, denominator=None, status="no_data")
    assert target_figures.format_fraction(row, "vi") == "–"
    markup = strip_tags(render_matrix(build_view(), [HA_NOI], [row, OTHER_TARGET], INDICATOR_NAMES, READ_PLANS))
    assert markup.endswith("Chưa có số liệu Tải bảng này (.xlsx)")
    assert "–" not in markup


def test_a_ceiling_is_worded_as_a_maximum() -> None:
    assert target_figures.format_fraction(build_target(comparator="<=", floor=5, actual=3), "vi") == "3, tối đa 5"
    assert target_figures.format_fraction(build_target(floor=1500, actual=1234), "vi") == "1.234/1.500"


def build_list(targets: Sequence[Attainment] = (), tasks: Sequence[TaskStatus] = (), unread: int = 0) -> Todo:
    owed_items = [owed for owed in (compute_owed(row, TODAY) for row in targets) if owed]
    return Todo(tuple(build_todo(select_urgent(owed_items), tasks, (), as_of=TODAY)), unread)


def test_what_is_due_in_later_years_is_to_do_now_only_if_it_is_late_and_comes_last() -> None:
    targets = [
        build_target_due(date(2030, 12, 15), status="behind", title_vi="Xa"),
        build_target_due(date(2030, 12, 15), status="no_data", title_vi="Lặng"),
        build_target_due(date(2026, 12, 15), status="at_risk", title_vi="Gần"),
        build_target_due(date(2026, 12, 15), status="on_track", title_vi="Yên"),
    ]
    text = strip_tags(render_todo(build_view(), build_list(targets), [HA_NOI]))
    assert text.index("Gần") < text.index("Xa")
    assert "Yên" not in text
    assert "Lặng" not in text


def test_if_nothing_is_urgent_the_page_says_so() -> None:
    text = strip_tags(render_todo(build_view(), build_list(), [HA_NOI]))
    assert text == "Việc cần làm ngay Không có chỉ tiêu nào chậm, có nguy cơ hay chưa có số liệu."


def test_a_long_to_do_list_is_folded_and_says_how_many_more_of_each_kind() -> None:
    row = build_target_due(date(2026, 12, 15), status="behind")
    markup = str(render_todo(build_view(), build_list([row] * 11, [build_task()] * 6), [HA_NOI]))
    first, for_phone, rest = markup.split("<details")
    assert strip_tags(f"<{for_phone}").startswith("và 12 mục nữa")
    assert strip_tags(rest.partition("</summary>")[0]).endswith("và 5 mục nữa: 5 chỉ tiêu")
    assert (first.count("<li"), for_phone.count("<li"), rest.count("<li")) == (5, 7, 5)
    tasks = strip_tags(render_todo(build_view(), build_list([], [build_task()] * 14), [HA_NOI]))
    assert "và 2 mục nữa: 2 nhiệm vụ quá hạn" in tasks
    assert "mục nữa" not in render_todo(build_view(), build_list([row] * 7), [HA_NOI])


def test_the_to_do_list_says_which_places_the_tiles_do_not_count() -> None:
    todo = build_list([build_target_due(date(2026, 12, 15), status="overdue", plan="bac-kan")])
    text = strip_tags(render_todo(build_view(), todo, [BAC_KAN]))
    assert "Phường Bắc Kạn phường của Thái Nguyên, tính riêng Quá hạn" in text
    own_page = build_view(plan=BAC_KAN)
    assert "tính riêng" not in render_todo(own_page, todo, [BAC_KAN])


def test_overdue_tasks_stand_among_the_targets_with_lead_and_time_overdue() -> None:
    row = build_target_due(date(2026, 11, 18), status="overdue")
    late = build_target_due(date(2026, 12, 15), status="behind")
    markup = render_todo(build_view(), build_list([late, row], [build_task()]), [HA_NOI])
    text = strip_tags(markup)
    assert "Quá hạn Nhiệm vụ: Tập huấn &lt;b&gt;" in text
    assert "Sở Công Thương; Sở Y tế quá hạn 7 ngày" in text
    assert text.index("quá hạn 7 ngày") < text.index("quá hạn 3 ngày") < text.index("Chậm nhịp")
    assert f'href="/tasks?plan=ha-noi&amp;target={build_task()["task"]}"' in markup
    assert f'href="/province?plan=ha-noi#{row["target"]}"' in markup


def test_a_late_answer_and_a_doubt_lead_to_the_request_and_to_the_rows_to_confirm() -> None:
    answer = LateAnswer("ha-noi", "YC-ha-noi-2026-0001", "Sở Y tế", None, "Vì sao?", date(2026, 11, 1))
    [late] = build_todo((), (), [answer], as_of=TODAY)
    markup = render_title(build_view(), late) + render_title(build_view(), replace(late, kind="doubt"))
    assert re.findall(r'href="([^"]*)"', markup) == [
        "/explanations?plan=ha-noi&amp;q=YC-ha-noi-2026-0001", "/findings?plan=ha-noi&amp;status=confirm",
    ]  # fmt: skip


def test_what_is_owed_at_places_without_a_read_source_is_only_counted() -> None:
    row = build_target_due(date(2026, 12, 15), status="behind")
    text = strip_tags(render_todo(build_view(), build_list([row], unread=1), [HA_NOI, DONG_THAP]))
    assert text.endswith("1 mục khác ở nơi chưa đọc được nguồn nào")
    assert strip_tags(render_todo(build_view(), build_list(unread=1), [DONG_THAP])).endswith(
        "Việc cần làm ngay 1 mục ở nơi chưa đọc được nguồn nào"
    )


def test_no_week_is_compared_in_the_first_week_of_a_year_or_for_a_future_day() -> None:
    view = build_view()
    assert is_week_comparable(view)
    first = replace(view, today=date(2027, 1, 2), filters=replace(view.filters, as_of=date(2027, 1, 2), year=2027))
    assert not is_week_comparable(first)
    assert is_week_comparable(replace(first, filters=replace(first.filters, year=2026)))
    assert not is_week_comparable(replace(view, filters=replace(view.filters, as_of=date(2026, 12, 1))))
    text = strip_tags(render_status_tiles(build_view(), [build_target(status="overdue")], None))
    assert "Quá hạn 1 /1 chỉ tiêu Chậm nhịp" in text


def test_an_ended_plan_says_so_instead_of_an_attained_count() -> None:
    view = build_view()
    view = replace(view, filters=replace(view.filters, year=2027))
    ended = replace(HA_NOI, last_year=2026)
    markup = strip_tags(
        render_matrix(
            view,
            [ended],
            [build_target(plan="dong-thap"), build_target(plan="bac-kan")],
            INDICATOR_NAMES,
            READ_PLANS,
        )
    )
    assert "Hà Nội kế hoạch hết hạn năm 2026" in markup


def build_target_due(day: date, **overrides: Any) -> Attainment:
    return build_target(due_on=day, floor_exact=Decimal(50), **overrides)
