"""The freshness line under every title."""

from datetime import datetime

from markupsafe import Markup

from kpis.language.messages import Language
from kpis.ui.frame.freshness import Freshness
from tests.ui.handmade_rows import build_view

READ_AT = datetime(2026, 11, 21, 2, 0)


def render_line(freshness: Freshness, lang: Language = "vi") -> str:
    return Markup("").join(freshness.render_parts(build_view(lang=lang))).striptags()


def test_stale_sources_are_counted() -> None:
    assert render_line(Freshness(READ_AT, 5, 2, 0)) == (
        "Số liệu đến 09:00 21/11/2026 · 2/5 nguồn quá 14 ngày chưa cập nhật"
    )


def test_failed_sources_are_counted() -> None:
    assert render_line(Freshness(READ_AT, 5, 0, 1)) == "Số liệu đến 09:00 21/11/2026 · 1/5 nguồn không đọc được"


def test_if_all_sources_are_fresh_the_line_says_so() -> None:
    assert render_line(Freshness(READ_AT, 5, 0, 0)) == "Số liệu đến 09:00 21/11/2026 · cả 5 nguồn đều mới"


def test_a_single_source_has_its_own_wording_and_a_held_back_one_is_not_failed() -> None:
    assert render_line(Freshness(READ_AT, 1, 0, 0)) == "Số liệu đến 09:00 21/11/2026 · nguồn số liệu đã cập nhật"
    assert render_line(Freshness(READ_AT, 2, 0, 0, held_back=1)) == "Số liệu đến 09:00 21/11/2026 · 1/2 nguồn tạm giữ"


def test_without_any_read_there_is_no_moment() -> None:
    assert render_line(Freshness(None, 0, 0, 0), "en") == "No source has been read yet"


def test_an_abandoned_source_is_not_up_to_date() -> None:
    assert render_line(Freshness(READ_AT, 5, 0, 0, 1)) == (
        "Số liệu đến 09:00 21/11/2026 · 1/5 nguồn không còn được đọc"
    )
