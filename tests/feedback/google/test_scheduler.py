"""A running total is told from what a row itself says: only the former may wait until the night."""

from __future__ import annotations

import pytest

from kpis.feedback.google.scheduler import is_totals_only_change


@pytest.mark.parametrize(
    ("stood", "text", "only"),
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
def test_verdicts_that_differ_in_the_total_alone(stood: str, text: str, only: bool) -> None:
    assert is_totals_only_change(stood, text) is only
