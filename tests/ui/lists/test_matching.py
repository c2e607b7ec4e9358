"""Search: each part of what was typed begins a word; without diacritics, in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.ui.shared.lists.matching import build_search_text, matches, split_into_words, suggest_names


def is_match(query: str, *texts: str) -> bool:
    return matches(build_search_text(texts), split_into_words(query))


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("so cong thuong", ("Sở Công Thương",)),
        ("thuong so", ("Sở Công Thương",)),
        ("12.tin", ("ha-noi.12", "Tin bài")),
        ("DONG thap", ("Đồng Tháp",)),
        ("đồng", ("Ðồng Tháp",)),
        ("dak", ("Đắk Lắk",)),
        ("uy ban", ("Uỷ ban nhân dân", "xã X")),
        ("ha-noi.1", ("ha-noi.12",)),
        ("So\u031b\u0309 Co", ("Sở Công Thương",)),
        ("", ("Sở",)),
        (" .,-/ ", ("Sở",)),
    ],
)
def test_parts_that_begin_words_match(query: str, texts: tuple[str, ...]) -> None:
    assert is_match(query, *texts)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("ong thuong", ("Sở Công Thương",)),
        ("so y te", ("Sở Công Thương",)),
        ("2", ("ha-noi.12",)),
        ("congthuong", ("Sở Công Thương",)),
    ],
)
def test_the_middle_of_a_word_and_a_missing_part_do_not_match(query: str, texts: tuple[str, ...]) -> None:
    assert not is_match(query, *texts)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5), st.randoms())
def test_a_text_is_matched_by_its_own_words_in_any_order(texts: list[str], random: object) -> None:
    words = [word for text in texts for word in split_into_words(text)]
    random.shuffle(words)  # type: ignore[attr-defined]
    assert is_match(" ".join(words), *texts)


def test_the_nearest_names_are_offered_for_a_slip() -> None:
    names = ["Sở Công Thương", "Sở Y tế", "Công an tỉnh", "Sở Công Thương"]
    assert suggest_names("so cong thuongg", names)[0] == "Sở Công Thương"
    assert suggest_names("so cong thuongg", names).count("Sở Công Thương") == 1
    assert suggest_names("qqqqqqqq", names) == []
