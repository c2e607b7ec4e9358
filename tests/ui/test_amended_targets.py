"""The page of a plan names what amendments changed: beside a target, and of all entries together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kpis.ui.province.page import render_province
from kpis.ui.shared.filters import PlanChoice
from tests.cli.versioned_plan import PLAN
from tests.measures.amended_year import build_amended_year
from tests.ui.handmade_rows import build_view

CHOICE = PlanChoice(PLAN, "Cần Thơ", "Cần Thơ", False, 2026, 2027)


def render(folder: Path, day: date) -> str:
    view = build_view()
    view = replace(view, plan=CHOICE, filters=replace(view.filters, plan=PLAN, as_of=day, year=day.year), today=day)
    with build_amended_year(folder).open_database() as database:
        return str(render_province(database, view))


def test_a_target_has_old_and_new_floor_and_what_ended_is_named(tmp_path: Path) -> None:
    markup = render(tmp_path / "a", date(2026, 7, 5))
    card = markup[markup.index("Tin bài về chợ") :]
    assert "60 → 80 từ 01/07/2026 (25/KH-UBND); đánh giá lại năm 2026</p>" in card[:2000]
    assert "Tin bài cũ</strong>: hết hiệu lực từ 01/07/2026 (25/KH-UBND)" in markup
    assert "Lập danh sách chợ</strong>: Cơ quan chủ trì: Sở Công Thương → Sở Y tế" in markup
    assert "Phiên bản 2: 25/KH-UBND (18/06/2026); hiệu lực từ 01/07/2026; đánh giá lại năm 2026" in markup
    assert "kpis-amended" not in render(tmp_path / "b", date(2026, 6, 30))
