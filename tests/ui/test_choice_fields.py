"""A choice among many: offer without diacritics, never more options than a select box shows, text as text."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from kpis.ui.shared.choice_fields import find_options
from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES

NAMES = ["Sở Công Thương", "Sở Tài chính", "Công an tỉnh", *(f"Xã An Bình {n}" for n in range(1, 117))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("so cong thuong", ["Sở Công Thương"]),
        ("  CÔNG  ", ["Sở Công Thương", "Công an tỉnh"]),
        ("binh 116", ["Xã An Bình 116"]),
        ("Sở Tài chnh", ["Sở Tài chính"]),
    ],
)
def test_options_are_found_by_beginnings_of_words_without_diacritics(typed: str, expected: list[str]) -> None:
    assert find_options(typed, NAMES, str, NAMES[0]).options[: len(expected)] == expected


@pytest.mark.parametrize("typed", ["", "   ", "x", "an binh"])
def test_matches_are_as_few_as_a_select_box_shows(typed: str) -> None:
    assert len(find_options(typed, NAMES, str, NAMES[50]).options) <= MAX_LINKED_CHOICES


def test_nothing_typed_offers_what_is_chosen_first() -> None:
    assert find_options("", NAMES, str, NAMES[50]).options[:2] == [NAMES[50], NAMES[0]]
    assert find_options("", NAMES, str, None).options[0] == NAMES[0]


def test_the_number_of_all_matches_is_told_and_each_can_be_reached() -> None:
    offer = find_options("an binh", NAMES, str, None)
    assert (offer.count, len(offer.options)) == (116, MAX_LINKED_CHOICES)
    for name in NAMES:
        assert name in find_options(name, NAMES, str, None).options
    assert not find_options("Sở Tài chnh", NAMES, str, None).is_match


def _run_page() -> None:
    import streamlit as st

    from kpis.ui.shared.choice_fields import choose_option

    count = st.session_state["count"]
    names = ["Sở Công Thương", "Sở Tài chính", *(f"Xã *An* {n}" for n in range(count))]
    st.text(str(choose_option(st.session_state["view"], "Cơ quan", names, str, key="k", index=1)))


def test_few_options_are_a_select_box_and_many_are_typed() -> None:
    from tests.ui.handmade_rows import build_view

    test = AppTest.from_function(_run_page, default_timeout=60)
    test.session_state["view"], test.session_state["count"] = build_view(), 3
    test.run()
    assert not test.text_input and test.text[0].value == "Sở Tài chính"
    test.session_state["count"] = 120
    test.run()
    assert test.text[0].value == "Sở Tài chính"
    test.text_input[0].set_value("cong thuong").run()
    assert not test.exception, test.exception
    assert test.text[0].value == "Sở Công Thương" and len(test.selectbox[0].options) == 1
    assert ">1 mục khớp" in test.get("html")[0].proto.body
