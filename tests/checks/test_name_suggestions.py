"""The suggestion is the only name that contains the typed words, else the most similar one, else none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kpis.checks.name_suggestions import NameSuggester

SUGGESTER = NameSuggester(
    [(name, name) for name in ("Sở Công Thương", "Sở Tài chính", "UBND phường Ba Đình", "UBND xã Ba Vì", "Tin bài")]
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
    assert SUGGESTER.suggest(text) == name


def test_of_equally_close_names_none_is_suggested() -> None:
    assert NameSuggester([("Tin bài 1", "a"), ("Tin bài 2", "b")]).suggest("Tin bài") is None
    assert NameSuggester([("Tin bài 1", "a"), ("Tin bài 2", "a")]).suggest("Tin bài") == "a"


COUNCIL_NAMES = [
    (name, "HĐND Thành phố")
    for name in ("HĐND Thành phố", "HĐND TP", "Hội đồng nhân dân Thành phố", "Thường trực HĐND Thành phố")
]


@pytest.mark.parametrize(
    ("text", "names", "is_similar"),
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
def test_names_are_compared_by_words_and_abbreviations_must_match(
    text: str, names: list[tuple[str, str]], is_similar: bool
) -> None:
    assert (NameSuggester(names).suggest(text) is not None) is is_similar


def test_a_name_may_be_followed_by_the_name_of_its_own_province_only() -> None:
    """The words of the own province are those at the end of many names."""
    departments = [f"Sở {name}" for name in ("A", "B", "C", "D", "E", "G", "H", "K")]
    names = [(f"{department} tỉnh Tuyên Quang", department) for department in departments]
    suggester = NameSuggester([*names, ("Sở Y tế", "Sở Y tế")])
    assert suggester.suggest("Sở Y tê tỉnh Tuyên Quang") == "Sở Y tế"
    assert suggester.suggest("Sở Y tế tỉnh Thái Nguyên") is None
    assert suggester.suggest("Tuyên Quang Sở Y tế") is None
    assert suggester.suggest("tỉnh Tuyên Quang") is None


_SUGGESTION_SCRIPT = """
from kpis.checks.name_suggestions import NameSuggester
print(NameSuggester([("UBND xã Thanh Thang", "X")]).suggest("UBND xã Thans Thang"))
"""


def test_a_suggestion_does_not_depend_on_the_order_of_a_set() -> None:
    """Python orders a set of words differently in every process."""
    suggestions = set()
    for seed in range(6):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-c", _SUGGESTION_SCRIPT]
        result = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        suggestions.add(result.stdout)
    assert suggestions == {"X\n"}
