"""Text is compared as design.md §4 says, whichever keyboard wrote it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.language.normalization import MAX_TEXT_LENGTH, clean, fold, fold_to_alphanumeric, to_sort_key

SAME = [
    ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
    ("Hoà Bình", "Hòa Bình"),
    ("khoẻ", "KHỎE"),
    ("Thuỷ sản", "Thủy sản"),
    ("Văn hoá, Thể thao", "Văn hóa, Thể thao"),
    ("Ðồng Tháp", "Đồng Tháp"),
    ("Sở\u00a0Công  Thương ", "sở công thương"),
    ("toà án", "TÒA ÁN"),
    ("Sở\nTư pháp", "Sở Tư pháp"),
]
DIFFERENT = [("quý", "quy"), ("thuỷ", "thuỵ"), ("hoàn", "hoan"), ("Đồng", "Dồng"), ("xã Hoa", "xã Hoà")]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_spellings_of_one_text_have_the_same_key(first: str, second: str) -> None:
    assert fold(first) == fold(second)
    assert fold(unicodedata.normalize("NFD", first)) == fold(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_texts_keep_different_keys(first: str, second: str) -> None:
    assert fold(first) != fold(second)


@pytest.mark.parametrize("syllable", ["quý", "hoàn", "khuỷu", "ngoài", "huỳnh", "thoại", "toán"])
def test_a_tone_mark_with_only_one_possible_place_does_not_move(syllable: str) -> None:
    assert fold(syllable) == syllable


def test_clean_keeps_visible_characters_and_removes_invisible_ones() -> None:
    assert clean(" \u200bSở\u00a0Công\u202eThương\x00\ufeff\ud800\n") == "Sở CôngThương"
    assert clean("e\u200b\u0301") == "é"
    assert clean("x" * 1_000_000) == "x" * MAX_TEXT_LENGTH


def test_header_names_match_without_diacritics_spaces_and_punctuation() -> None:
    assert (
        fold_to_alphanumeric("Số lượng")
        == fold_to_alphanumeric("SO_LUONG")
        == fold_to_alphanumeric(unicodedata.normalize("NFD", "  số  Lượng:"))
        == "soluong"
    )
    assert fold_to_alphanumeric("Đơn vị") == fold_to_alphanumeric("Ðơn vị") == "donvi"


@given(st.text(max_size=300))
def test_cleaning_and_folding_are_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)
    assert fold(clean(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert len(clean(text)) <= MAX_TEXT_LENGTH


def test_names_are_sorted_as_in_a_vietnamese_dictionary() -> None:
    expected = [
        *("An Giang", "Ân Thi", "Bắc Kạn", "Cà Mau", "Cả Mau", "Cã Mau", "Cá Mau", "Cạ Mau", "Da", "Đà Nẵng"),
        *("Đắk Lắk", "Đồng Nai", "Đồng Tháp", "Em", "Ên", "Hà Nội", "Hạ", "Huế", "Nhiệm vụ 2", "Nhiệm vụ 10"),
        *("ô", "ơ", "Thái Nguyên", "Thanh Hóa", "Tuyên Quang", "ư", "Yên Bái"),
    ]
    assert sorted(set(expected), key=to_sort_key) == expected


def test_d_barred_comes_after_d_and_before_e() -> None:
    assert sorted(["Ế", "Đ", "Y", "Dz", "D"], key=to_sort_key) == ["D", "Dz", "Đ", "Ế", "Y"]
