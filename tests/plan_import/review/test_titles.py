"""Titles that are proposed for clauses: what an officer will choose in a list, without the marks of the print."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.plan_import.model import Place, ProposedTarget
from kpis.plan_import.review.draft.build import list_target_rows, shorten_title


@pytest.mark.parametrize(
    ("clause", "title"),
    [
        ("đ) Giảm 15% số vụ vi phạm;", "Giảm 15% số vụ vi phạm"),
        ("- a) 100% khiếu nại được giải quyết.", "100% khiếu nại được giải quyết"),
        ("1) Tổ chức 04 hội nghị", "Tổ chức 04 hội nghị"),
        ("Sửa đổi điểm b khoản 1 mục II như sau: “b) Tổ chức ít nhất 30 lớp", "Tổ chức ít nhất 30 lớp"),
        ("2. Bổ sung điểm l vào khoản 1 như sau: l) 05 hội chợ", "05 hội chợ"),
        ("Bổ sung kinh phí cho 05 đợt kiểm tra", "Bổ sung kinh phí cho 05 đợt kiểm tra"),
        ("10 (mười) lớp tập huấn", "10 (mười) lớp tập huấn"),
        ("100% cán bộ (cấp xã) được tập huấn", "100% cán bộ (cấp xã) được tập huấn"),
    ],
)
def test_a_title_has_no_letter_of_its_point(clause: str, title: str) -> None:
    assert shorten_title(clause) == title


def test_the_name_of_a_row_of_years_has_no_level() -> None:
    place = Place("II.2", None, 1)
    rows = list_target_rows(
        [
            ProposedTarget(
                f"Số vụ được hòa giải: {level}", place, "count", ">=", Decimal(level), by_year=year, group="1"
            )
            for year, level in ((2026, 40), (2027, 45))
        ]
    )
    assert [row.proposed["title"] for row in rows] == ["Số vụ được hòa giải", "Số vụ được hòa giải – 2027"]
