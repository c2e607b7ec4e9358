"""What a draft keeps of a proposal, and what it names for the reviewer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpis.language.messages import LANGUAGES
from kpis.plan_import.review.draft.decisions import find_faults
from kpis.plan_import.review.draft.likeness import find_nearest_indicator
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.draft.places import find_other_place
from kpis.plan_import.review.draft.reporting_days import format_days, parse_days, to_days_text
from kpis.register.model import ReportingDay
from tests.plan_import.review.small_draft import TEXT, build_small_draft

REPORTS = """

3. Chế độ báo cáo

Các cơ quan báo cáo Sở Công Thương trước ngày 15/11 hằng năm và ngày 20 hằng tháng.
"""


def test_every_reporting_day_of_the_document_is_in_the_draft() -> None:
    draft = build_small_draft(TEXT.replace("\nPHỤ LỤC", REPORTS + "\nPHỤ LỤC"))
    assert draft.get_row("header.reporting_days").proposed["value"] == "month 20; year 15/11"


def test_reporting_days_are_typed_as_they_are_shown_in_both_languages() -> None:
    days = [
        ReportingDay("15/12", "year"), ReportingDay("15/01", "year", next_year=True), ReportingDay("20", "quarter"),
        ReportingDay("25", "month"), ReportingDay("20/06", "half_year"),
    ]  # fmt: skip
    text = to_days_text(days)
    for lang in LANGUAGES:
        assert parse_days(format_days(text, lang)) == text
    assert parse_days("15/12") == "year 15/12"
    assert parse_days("") == ""


@pytest.mark.parametrize("text", ["31/02", "mỗi năm: 20", "mỗi tuần: 5", "15/12/2026", "x", "mỗi tháng: 32"])
def test_what_is_no_reporting_day_is_refused(text: str) -> None:
    with pytest.raises(ReviewError, match="is no reporting day"):
        parse_days(text)


@pytest.mark.parametrize(
    ("issuer", "place", "other"),
    [
        ("UBND thành phố Cần Thơ", "thành phố Cần Thơ", None),
        ("UBND tỉnh Đồng Tháp", "thành phố Cần Thơ", "tỉnh Đồng Tháp"),
        ("UBND phường Ninh Kiều, thành phố Cần Thơ", "thành phố Cần Thơ", "phường Ninh Kiều, thành phố Cần Thơ"),
        ("UBND phường Ninh Kiều", "phường Ninh Kiều", None),
        ("UBND phường Ninh Kiều, thành phố Cần Thơ", "phường Ninh Kiều", None),
        ("UBND tỉnh Cần Thơ", "thành phố Cần Thơ", None),
        ("Sở Công Thương", "thành phố Cần Thơ", None),
        ("UBND xã An Bình Tây", "xã An Bình", "xã An Bình Tây"),
    ],
)
def test_the_place_of_the_document_is_compared_with_that_of_the_plan(
    issuer: str, place: str, other: str | None
) -> None:
    found_place = find_other_place(issuer, place)
    assert found_place == other


def _decide_issuer(draft: Draft, issuer: str) -> Draft:
    row = draft.get_row("header.issuer")
    return replace(draft, rows=tuple(row.with_decision("change", {"value": issuer}) if each is row else each
                                     for each in draft.rows))  # fmt: skip


def test_a_document_of_another_place_cannot_be_accepted() -> None:
    draft = build_small_draft()
    faults = [fault.text for fault in find_faults(_decide_issuer(draft, "UBND tỉnh Đồng Tháp"))]
    assert any(text.startswith("the document is of") for text in faults)
    faults = [fault.text for fault in find_faults(_decide_issuer(draft, "Sở Công Thương thành phố Cần Thơ"))]
    assert not any(text.startswith("the document is of") for text in faults)


def test_the_nearest_known_indicator_is_offered_where_most_of_its_words_stand() -> None:
    names = ["Kiểm tra vệ sinh", "Hội nghị, hội thảo, tập huấn", "Tin, bài, phóng sự"]
    assert find_nearest_indicator("Tổ chức các đợt kiểm tra vệ sinh chợ", names) == "Kiểm tra vệ sinh"
    assert find_nearest_indicator("Lát nền chợ", names) is None
    assert find_nearest_indicator("", names) is None
