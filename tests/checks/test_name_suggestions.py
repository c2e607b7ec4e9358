"""A suggestion is the one name that holds what was typed, else the likest, else none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kpis.checks.name_suggestions import NameSuggester

LABELLED_NAMES = NameSuggester(
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
    assert LABELLED_NAMES.suggest(text) == name


def test_of_equally_close_names_none_is_suggested() -> None:
    assert NameSuggester([("Tin bài 1", "a"), ("Tin bài 2", "b")]).suggest("Tin bài") is None
    assert NameSuggester([("Tin bài 1", "a"), ("Tin bài 2", "a")]).suggest("Tin bài") == "a"


COUNCIL_NAMES = [
    (name, "HĐND Thành phố")
    for name in ("HĐND Thành phố", "HĐND TP", "Hội đồng nhân dân Thành phố", "Thường trực HĐND Thành phố")
]


@pytest.mark.parametrize(
    ("text", "name", "alike"),
    [
        ("Hội Nông dân Thành phố", COUNCIL_NAMES, False),
        ("Hội ND Thành phố", COUNCIL_NAMES, False),
        ("HND Thành phố", COUNCIL_NAMES, False),
        ("HĐND phường", COUNCIL_NAMES, False),
        ("HĐND thành phố", COUNCIL_NAMES, True),
        ("Hội đồng nhân dân TP", COUNCIL_NAMES, True),
        ("Hội đồng nhâm dân Thành phố", COUNCIL_NAMES, True),
        ("HĐND tỉnh", [("HHDN tỉnh", "Hiệp hội Doanh nghiệp tỉnh")], False),
        ("UBND Thành phố", [("UBND xã Thạnh Phú", "UBND xã Thạnh Phú")], False),
        ("UBND xã Không Tên", [("UBND xã Kha Sơn", "UBND xã Kha Sơn")], False),
        ("UBND xã Tân Phú", [("UBND xã Tân Phong", "UBND xã Tân Phong")], False),
        ("Công an phường", [("Công an tỉnh", "Công an tỉnh")], False),
        ("Công an tỉnh", [("Công an phường", "Công an phường")], False),
        ("Công an TP", [("Công an tỉnh", "Công an tỉnh")], True),
        ("Ủy ban nhân dân xã Thanh Phú", [("UBND xã Thạnh Phú", "UBND xã Thạnh Phú")], True),
        ("UBND phường Thạnh Phú", [("UBND xã Thạnh Phú", "UBND xã Thạnh Phú")], True),
        ("Sở Công Thưogn", [("Sở Công Thương", "Sở Công Thương")], True),
        ("SCTT", [("SCT", "Sở Công Thương")], False),
        ("Sở Văn hóa và Thể thao", [("Sở Văn hóa, Thể thao và Du lịch", "Sở VHTTDL")], True),
        ("Sở Văn hóa, Thể thao và Du lịch", [("Sở Văn hóa và Thể thao", "Sở VHTT")], False),
        ("UBND xã Thans Thang", [("UBND xã Thanh Thang", "UBND xã Thanh Thang")], True),
        ("UBND xã Thang Thans", [("UBND xã Thanh Thang", "UBND xã Thanh Thang")], True),
        ("UBND xã Thans Thang", [("UBND xã Thang", "UBND xã Thang")], False),
        ("UBND xã Thans", [("UBND xã Thanh Thang", "UBND xã Thanh Thang")], False),
        ("UBND Phú Quốc An Thans Thangg", [("UBND Phú Quốc An Thanh Thang", "UBND Phú Quốc An")], True),
    ],
)
def test_names_are_alike_word_by_word_and_no_abbreviation_is_like_another(
    text: str, name: list[tuple[str, str]], alike: bool
) -> None:
    assert (NameSuggester(name).suggest(text) is not None) is alike


def test_whose_a_body_is_may_be_said_too_much_but_not_another_body() -> None:
    """Words that many names have, at the end: the province's own."""
    others = [f"Sở {name}" for name in ("A", "B", "C", "D", "E", "G", "H", "K")]
    known = [(f"{other} tỉnh Tuyên Quang", other) for other in others]
    names = NameSuggester([*known, ("Sở Y tế", "Sở Y tế")])
    assert names.suggest("Sở Y tê tỉnh Tuyên Quang") == "Sở Y tế"
    assert names.suggest("Sở Y tế tỉnh Thái Nguyên") is None
    assert names.suggest("Tuyên Quang Sở Y tế") is None
    assert names.suggest("tỉnh Tuyên Quang") is None


_SUGGESTION_SCRIPT = """
from kpis.checks.nearest import Nearest
print(Nearest([("UBND xã Thanh Thang", "X")]).find("UBND xã Thans Thang"))
"""


def test_a_suggestion_is_the_same_whatever_the_order_of_a_set() -> None:
    """Python orders a set of words anew in every process."""
    said = set()
    for seed in range(6):
        environ = {**os.environ, "PYTHONHASHSEED": str(seed)}
        asked = [sys.executable, "-c", _SUGGESTION_SCRIPT]
        said.add(subprocess.run(asked, env=environ, capture_output=True, check=True, text=True).stdout)
    assert said == {"X\n"}
