"""Names and titles end at the border of a phrase: no comparison is left without what it compares with."""

from __future__ import annotations

import pytest

from kpis.plan_import.proposals.phrases import cut_at_phrase
from kpis.plan_import.review.draft.build import MAX_TITLE_LENGTH, shorten_title
from tests.plan_import.proposals.small_document import propose

LONG = "Mức giảm phát thải khí nhà kính trong lĩnh vực giao thông vận tải so với kịch bản phát triển thông thường"


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("số vụ cháy tại chợ giảm so với năm 2025 từ 10% trở lên", "số vụ cháy tại chợ giảm"),
        ("Giảm số vụ ngộ độc thực phẩm so với năm 2025 ít nhất 15%", "Giảm số vụ ngộ độc thực phẩm"),
        ("Chi phí tuân thủ giảm so với mức năm 2024 tối thiểu 30%", "Chi phí tuân thủ giảm"),
        ("Tổng số hộ nghèo giảm so với cùng kỳ năm trước 12%", "Tổng số hộ nghèo giảm"),
        ("Năng suất lao động so với bình quân cả nước bằng 90%", "Năng suất lao động so với bình quân cả nước"),
        ("So với năm 2025, số chợ đạt chuẩn tăng 20%", "số chợ đạt chuẩn tăng"),
        ("Tỷ lệ hộ nghèo so với tổng số hộ còn dưới 3%", "Tỷ lệ hộ nghèo so với tổng số hộ"),
        (f"{LONG} đạt 8%", LONG),
    ],
)
def test_a_name_has_a_comparison_whole_or_not_at_all(clause: str, name: str) -> None:
    assert [target.indicator for target in propose(f"- {clause}.")] == [name]


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        (LONG, len(LONG), LONG),
        (LONG, 75, "Mức giảm phát thải khí nhà kính trong lĩnh vực giao thông vận tải"),
        (LONG, 72, "Mức giảm phát thải khí nhà kính trong lĩnh vực giao thông vận tải"),
        (LONG, 68, "Mức giảm phát thải khí nhà kính trong lĩnh vực giao thông vận tải"),
        ("Số xã có chợ, siêu thị, cửa hàng tiện ích", 30, "Số xã có chợ, siêu thị"),
        ("Số xã, phường có chợ hạng hai trở lên", 30, "Số xã, phường có chợ hạng hai"),
        ("a" * 40, 10, "a" * 10),
        ("so với " * 10, 20, "so với so với so với"),
    ],
)
def test_a_long_text_ends_where_a_phrase_does(text: str, length: int, cut: str) -> None:
    assert cut_at_phrase(text, length) == cut


@pytest.mark.parametrize("length", range(1, len(LONG)))
def test_no_length_leaves_a_comparison_open(length: int) -> None:
    cut = cut_at_phrase(LONG, length)
    assert LONG.startswith(cut) and 0 < len(cut) <= length
    assert not cut.endswith(("so với", " so", " trong"))


def test_a_title_is_cut_in_the_same_way() -> None:
    title = shorten_title(f"- {LONG} của cùng thời kỳ đạt ít nhất 8%;")
    assert title == f"{LONG}…"
    assert len(title) <= MAX_TITLE_LENGTH
