"""The page of a province: agencies of a target, target cards, the plan's reporting day."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpis.measures.attainment_rows import Attainment
from kpis.measures.running_curve import TargetCurve
from kpis.ui.frame import startup
from kpis.ui.overview.page import render_overview
from kpis.ui.province.contributions import render_contributions_table
from kpis.ui.province.deadline import render_deadline
from kpis.ui.province.page import render_province
from kpis.ui.province.target_card import render_target
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.ui.handmade_rows import build_target, build_view


def build_contribution(number: int, status: str | None, entries: int) -> Attainment:
    return build_target(agency=f"UBND xã {number:03}", status=status, entries=entries, share=None)


def test_agencies_that_owe_come_first_and_none_is_left_out() -> None:
    done = [build_contribution(place, "attained", 3) for place in range(120)]
    owing = [build_contribution(place, "no_data", 0) for place in range(120, 125)]
    markup = render_contributions_table(build_target(), [*done, *owing], build_view())
    assert markup is not None
    rows = markup.split("<tr>")[2:]
    assert len(rows) == 24
    assert all(f"UBND xã {place}" in row for place, row in zip(range(120, 125), rows, strict=False))
    assert "101 cơ quan khác, kèm số mục tiến độ:" in markup
    assert all(f"UBND xã {place:03}" in markup for place in range(125))


def test_a_short_list_is_shown_as_rows_only() -> None:
    markup = render_contributions_table(
        build_target(), [build_contribution(place, None, place) for place in range(24)], build_view()
    )
    assert markup is not None
    assert markup.count("<tr>") == 25
    assert "cơ quan khác" not in markup


@pytest.mark.parametrize(
    ("overrides", "summary"),
    [
        (
            {"measure": "coverage", "roster_size": 31, "roster_reported": 1},
            "Cơ quan: 1/31 đã báo cáo; thêm 1 cơ quan ngoài danh sách",
        ),
        ({"measure": "ratio", "roster_size": 31, "roster_reported": 2}, "Cơ quan: 2/31 đã báo cáo"),
        ({"measure": "ratio", "roster_size": 0}, "Số cơ quan đã báo cáo: 2"),
        ({}, "Cơ quan: 2/32 đã báo cáo"),
    ],
)
def test_agencies_that_reported_are_counted_as_in_the_figure(overrides: dict[str, object], summary: str) -> None:
    """An agency outside the roster adds nothing to 1/31, so it is named apart."""
    silent = [build_contribution(place, "no_data", 0) for place in range(30)]
    reporters = [build_contribution(place, None, 1) for place in range(30, 32)]
    markup = render_contributions_table(build_target(**overrides), [*silent, *reporters], build_view())
    assert markup is not None
    assert f"<summary>{summary}</summary>" in markup


def test_a_province_has_the_same_tiles_as_its_overview(sample_pointer: Path) -> None:
    version = startup.open_version({"KPIS_DATABASE": str(sample_pointer)})
    assert version is not None
    options = load_filter_options(version.database, version.today, "thai-nguyen")
    view = PageView(
        filters.parse_filters({"plan": "thai-nguyen"}, options),
        options.find_plan("thai-nguyen"),
        version.today,
        True,
    )
    first, second = (page(version.database, view) for page in (render_overview, render_province))
    tiles = re.compile(r'<ul class="kpis-tiles.*?</ul>', re.S)
    assert tiles.findall(first)
    assert tiles.findall(first)[0] == tiles.findall(second)[0]


@pytest.mark.parametrize(
    ("plan", "as_of", "expected"),
    [
        (
            "ha-noi",
            date(2026, 11, 21),
            "Kế hoạch không ghi hạn báo cáo; năm được chốt vào 31/12/2026: còn 5 tuần.",
        ),
        ("ha-noi", date(2026, 12, 31), "Kế hoạch không ghi hạn báo cáo; năm kết thúc hôm nay, 31/12/2026."),
        (
            "ha-noi",
            date(2027, 1, 28),
            "Kế hoạch không ghi hạn báo cáo; năm đã kết thúc ngày 31/12/2026, cách đây 4 tuần.",
        ),
        ("tuyen-quang", date(2026, 12, 10), "Hôm nay 10/12/2026 là hạn báo cáo."),
    ],
)
def test_the_deadline_of_a_plan_without_a_reporting_day_is_the_end_of_the_year(
    plan: str, as_of: date, expected: str, sample_pointer: Path
) -> None:
    version = startup.open_version({"KPIS_DATABASE": str(sample_pointer)})
    assert version is not None
    markup = render_deadline(version.database, plan, build_view(filters=filters.Filters(as_of, 2026, plan, None, "vi")))
    assert f"<strong>{expected}</strong>" in markup


def render_card_text(row: Attainment) -> str:
    """Return the text of a card, with the alternative texts of its images."""
    details: dict[str, Any] = {"recurrence_basis": "stated", "recurrence_reason_vi": None, "section": "II"}
    curve = TargetCurve("ha-noi.12", date(2026, 1, 1), [(date(2026, 1, 1), 0.0), (date(2026, 3, 1), 1.0)],
                   [(date(2026, 1, 1), 0.0), (date(2026, 12, 31), 1.0)])  # fmt: skip
    row_with_details: Any = {"floor_exact": row["floor"], **details, **row}
    markup = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r" \1 ", render_target(row_with_details, [], curve, build_view()))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_card_of_a_ceiling_has_a_maximum_and_neither_floor_nor_pace() -> None:
    markup = render_card_text(
        build_target(comparator="<=", floor=12, actual=3, numerator=3, expected=11, status="on_track")
    )
    assert "Đã làm 3 Mức tối đa 12 Đơn vị tính" in markup
    assert "so với mức tối đa" in markup
    for word in ("Cần có đến nay", "Mức phải đạt", "nhịp cần có", "đến nay cần"):
        assert word not in markup
    assert "Mức tối đa dưới 5" in render_card_text(build_target(comparator="<", floor=5, actual=5, numerator=5))


def test_the_card_of_a_floor_has_floor_and_pace() -> None:
    markup = render_card_text(build_target())
    assert "Đã làm 24 Cần có đến nay 44 Mức phải đạt 50" in markup
    assert "so với nhịp cần có" in markup


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"population": 1000}, "Đã làm 5/1.000 (5/5 trong báo cáo) Cần có"),
        ({}, "Đã làm 100% (5/5, chưa chốt danh sách) Cần có"),
        ({"roster_size": 1, "roster_reported": 1}, "Đã làm 100% (5/5) Cần có"),
        (
            {"measure": "coverage", "reporting_agencies": 1},
            "Đã làm 1 cơ quan đã báo cáo (chưa chốt danh sách) Cần",
        ),
    ],
)
def test_a_card_says_what_a_ratio_is_based_on(overrides: dict[str, Any], expected: str) -> None:
    row: dict[str, Any] = {
        "measure": "ratio",
        "floor": 1.0,
        "numerator": 5,
        "denominator": 5,
        "expected": 0.5,
    }
    markup = render_card_text(build_target(**{**row, "actual": 1.0, "status": "on_track", **overrides}))
    assert expected in markup
    assert ("Chỉ tính trên số đã báo cáo." in markup) == ("roster_size" not in overrides)
