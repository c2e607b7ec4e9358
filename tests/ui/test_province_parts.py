"""The agencies behind a target, its figures as a card and the plan's deadline, each told as it is."""

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
from kpis.ui.province.target_card import render_target as card
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.ui.handmade_rows import build_target, build_view


def build_contribution(number: int, status: str | None, entries: int) -> Attainment:
    return build_target(agency=f"UBND xã {number:03}", status=status, entries=entries, share=None)


def test_whoever_owes_stands_first_and_nobody_is_left_out() -> None:
    done = [build_contribution(place, "attained", 3) for place in range(120)]
    owing = [build_contribution(place, "no_data", 0) for place in range(120, 125)]
    made = render_contributions_table(build_target(), [*done, *owing], build_view())
    assert made is not None
    rows = made.split("<tr>")[2:]
    assert len(rows) == 24
    assert all(f"UBND xã {place}" in row for place, row in zip(range(120, 125), rows, strict=False))
    assert "101 cơ quan khác, kèm số mục tiến độ:" in made
    assert all(f"UBND xã {place:03}" in made for place in range(125))


def test_a_short_list_is_all_rows() -> None:
    made = render_contributions_table(
        build_target(), [build_contribution(place, None, place) for place in range(24)], build_view()
    )
    assert made is not None
    assert made.count("<tr>") == 25
    assert "cơ quan khác" not in made


def test_the_tiles_of_a_province_are_those_of_its_overview(sample_pointer: Path) -> None:
    opened = startup.open_version({"KPIS_DATABASE": str(sample_pointer)})
    assert opened is not None
    offered = load_filter_options(opened.database, opened.today, "thai-nguyen")
    asked = PageView(
        filters.parse_filters({"plan": "thai-nguyen"}, offered),
        offered.find_plan("thai-nguyen"),
        opened.today,
        True,
        "light",
    )
    first, second = (page(opened.database, asked) for page in (render_overview, render_province))
    tiles = re.compile(r'<ul class="kpis-tiles.*?</ul>', re.S)
    assert tiles.findall(first)
    assert tiles.findall(first)[0] == tiles.findall(second)[0]


@pytest.mark.parametrize(
    ("plan", "as_of", "said"),
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
def test_a_plan_without_a_reporting_day_is_never_said_to_have_one(
    plan: str, as_of: date, said: str, sample_pointer: Path
) -> None:
    opened = startup.open_version({"KPIS_DATABASE": str(sample_pointer)})
    assert opened is not None
    made = render_deadline(
        opened.database, plan, build_view(filters=filters.Filters(as_of, 2026, plan, None, "vi"))
    )
    assert f"<strong>{said}</strong>" in made


def render_card_text(row: Attainment) -> str:
    """A card's words and the words of its pictures."""
    told: dict[str, Any] = {"recurrence_basis": "stated", "recurrence_reason_vi": None, "section": "II"}
    line = TargetCurve("ha-noi.12", date(2026, 1, 1), [(date(2026, 1, 1), 0.0), (date(2026, 3, 1), 1.0)],
                   [(date(2026, 1, 1), 0.0), (date(2026, 12, 31), 1.0)])  # fmt: skip
    full: Any = {"floor_exact": row["floor"], "line": 1, **told, **row}
    made = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r" \1 ", card(full, [], line, build_view()))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", made))


def test_a_ceilings_card_has_a_most_and_neither_floor_nor_pace() -> None:
    made = render_card_text(
        build_target(comparator="<=", floor=12, actual=3, numerator=3, expected=11, status="on_track")
    )
    assert "Đã làm 3 Mức tối đa 12 Đơn vị tính" in made
    assert "so với mức tối đa" in made
    for word in ("Cần có đến nay", "Mức phải đạt", "nhịp cần có", "đến nay cần"):
        assert word not in made
    assert "Mức tối đa dưới 5" in render_card_text(
        build_target(comparator="<", floor=5, actual=5, numerator=5)
    )


def test_a_floors_card_has_floor_and_pace() -> None:
    made = render_card_text(build_target())
    assert "Đã làm 24 Cần có đến nay 44 Mức phải đạt 50" in made
    assert "so với nhịp cần có" in made


@pytest.mark.parametrize(
    ("given", "said"),
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
def test_a_card_says_of_what_whole_a_share_is(given: dict[str, Any], said: str) -> None:
    row: dict[str, Any] = {
        "measure": "ratio",
        "floor": 1.0,
        "numerator": 5,
        "denominator": 5,
        "expected": 0.5,
    }
    made = render_card_text(build_target(**{**row, "actual": 1.0, "status": "on_track", **given}))
    assert said in made
    assert ("Chỉ tính trên số đã báo cáo." in made) == ("roster_size" not in given)
