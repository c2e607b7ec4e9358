"""Changes of running totals, which may wait until the night, are distinguished from other changes."""

from __future__ import annotations

import pytest

from kpis.feedback.google.row_texts import is_totals_only_change


@pytest.mark.parametrize(
    ("current_text", "new_text", "expected"),
    [
        ("✓ Đã tính: Tin bài 47/50", "✓ Đã tính: Tin bài 1.048/50", True),
        ("! Thiếu minh chứng · Đã tính: Tin bài 1/50", "! Thiếu minh chứng · Đã tính: Tin bài 2/50", True),
        ("✓ Đã tính: Tin bài 47/50", "! Thiếu minh chứng · Đã tính: Tin bài 47/50", False),
        ("✓ Đã tính: Tin bài 47/50", "✓ Đã tính: Hội thảo 47/50", False),
        ("✗ D6 (Số lượng): “hai” không phải là số", "✗ D7 (Số lượng): “hai” không phải là số", False),
        ("", "✓ Đã tính: Tin bài 47/50", False),
        ("✓ Đã tính: Tin bài 47/50", "", False),
    ],
)
def test_feedback_that_differs_only_in_the_total(current_text: str, new_text: str, expected: bool) -> None:
    assert is_totals_only_change(current_text, new_text) is expected
