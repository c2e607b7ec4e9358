"""The box of filters: its fields are sent only while it is open."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.ui.handmade_rows import TODAY, build_view


def _draw_filters() -> None:
    import streamlit as st

    from kpis.ui import pages
    from kpis.ui.frame import page_frame
    from kpis.ui.shared.filters import FilterOptions

    page_frame._render_filters(st.session_state["view"], FilterOptions(st.session_state["today"], ()), pages.PAGES[0])


def draw(*, is_open: bool) -> AppTest:
    test = AppTest.from_function(_draw_filters)
    test.session_state["view"], test.session_state["today"] = build_view(), TODAY
    test.session_state["kpis_filters"] = is_open
    return test.run()


def test_a_closed_box_has_no_field_and_an_open_one_every_filter() -> None:
    closed, opened = draw(is_open=False), draw(is_open=True)
    assert not closed.exception and not opened.exception
    assert (len(closed.date_input), len(closed.selectbox)) == (0, 0)
    assert [box.label for box in (*opened.date_input, *opened.selectbox)] == [
        "Tính đến ngày", "Chỉ tiêu của năm", "Tỉnh, thành, phường",
    ]  # fmt: skip
