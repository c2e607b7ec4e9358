"""A suggestion is the one name that holds what was typed, else the likest, else none."""

from __future__ import annotations

import pytest

from kpis.sheets.nearest import Nearest

NAMES = Nearest(
    [
        (name, name)
        for name in ("Sở Công Thương", "Sở Tài chính", "UBND phường Ba Đình", "UBND xã Ba Vì", "Tin bài")
    ]
    + [("SCT", "Sở Công Thương")]
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("So Cong Thuong", "Sở Công Thương"),
        ("Sở Công thươg", "Sở Công Thương"),
        ("Ba Đình", "UBND phường Ba Đình"),
        ("Sở Tài chính tỉnh", "Sở Tài chính"),
        ("Ba", None),
        ("UBND", None),
        ("Hội Nông dân", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_the_closest_name_is_found(text: str, name: str | None) -> None:
    assert NAMES.find(text) == name


def test_of_equally_close_names_the_first_is_suggested() -> None:
    assert Nearest([("Tin bài 1", "a"), ("Tin bài 2", "b")]).find("Tin bài 3") == "a"
