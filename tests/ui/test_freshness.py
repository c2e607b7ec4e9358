"""How fresh the figures are, in one line under every title."""

from datetime import datetime

from markupsafe import Markup

from kpis.language.messages import Language
from kpis.ui.frame.freshness import Freshness

READ_AT = datetime(2026, 11, 21, 2, 0)


def render_line(freshness: Freshness, lang: Language = "vi") -> str:
    return Markup("").join(freshness.render_parts(lang)).striptags()


def test_stale_sources_are_counted_against_all() -> None:
    assert render_line(Freshness(READ_AT, 5, 2, 0)) == (
        "Số liệu đến 09:00 21/11/2026 · 2/5 nguồn quá 14 ngày chưa cập nhật"
    )


def test_sources_that_could_not_be_read_are_told_too() -> None:
    assert (
        render_line(Freshness(READ_AT, 5, 0, 1)) == "Số liệu đến 09:00 21/11/2026 · 1/5 nguồn không đọc được"
    )


def test_when_all_is_fresh_the_line_says_so() -> None:
    assert render_line(Freshness(READ_AT, 5, 0, 0)) == "Số liệu đến 09:00 21/11/2026 · cả 5 nguồn đều mới"


def test_one_source_is_not_all_of_them_and_a_held_one_was_read() -> None:
    assert (
        render_line(Freshness(READ_AT, 1, 0, 0)) == "Số liệu đến 09:00 21/11/2026 · nguồn số liệu đã cập nhật"
    )
    assert (
        render_line(Freshness(READ_AT, 2, 0, 0, held=1)) == "Số liệu đến 09:00 21/11/2026 · 1/2 nguồn tạm giữ"
    )


def test_before_the_first_read_there_is_no_moment() -> None:
    assert render_line(Freshness(None, 0, 0, 0), "en") == "No source has been read yet"


def test_figures_that_nobody_reads_any_more_are_never_up_to_date() -> None:
    assert render_line(Freshness(READ_AT, 5, 0, 0, 1)) == (
        "Số liệu đến 09:00 21/11/2026 · 1/5 nguồn không còn được đọc"
    )
