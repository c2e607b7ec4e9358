"""Both readings of a figure that rests on rows in doubt, in words (design.md §5, No green on a doubt)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment_rows import Attainment
from kpis.measures.open_doubts import DoubtedRow, OpenDoubt
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.report.phrases import format_doubt, format_owed
from kpis.wording import doubt_sentences, owed_sentences
from tests.ui.handmade_rows import build_target


def build_doubted_row(number: int, agency: str = "Sở Y tế", *, confirmed: bool = False) -> DoubtedRow:
    return {
        "source": "ha-noi", "tab": "Tiến độ", "row": number, "agency": agency, "occurred_on": date(2026, 3, 2),
        "quantity": 11, "content": "Lũy kế", "confirmed": confirmed, "row_hash": number,
    }  # fmt: skip


def build_row(**overrides: Any) -> Attainment:
    doubt: OpenDoubt = {
        "code": "possibly_running_total",
        "rows": [build_doubted_row(2), build_doubted_row(3), build_doubted_row(4, confirmed=True)],
        "reduces_by": 11,
    }
    figures = {"floor_exact": Decimal(50), "actual": 49, "numerator": 49, "actual_weak": 38, "numerator_weak": 38}
    return build_target(**{**figures, "doubts": [doubt], **overrides})


def test_both_figures_are_said_and_how_many_rows_to_confirm() -> None:
    assert doubt_sentences.format_figures(build_row(), "vi") == "49, chắc chắn 38; xác nhận 2 dòng"
    assert doubt_sentences.format_figures(build_row(), "en") == "49, of which 38 are certain; 2 rows to confirm"


def test_without_a_doubt_nothing_is_said() -> None:
    row = build_row(doubts=[], actual_weak=49)
    assert (doubt_sentences.format_figures(row, "vi"), doubt_sentences.format_sign(row)) == ("", "")
    assert doubt_sentences.format_status(row, "vi") == "Chậm nhịp"


def test_a_doubt_that_changes_no_figure_asks_only_for_its_rows() -> None:
    assert doubt_sentences.format_figures(build_row(actual_weak=49), "vi") == "xác nhận 2 dòng"


@pytest.mark.parametrize(
    ("overrides", "figures"),
    [
        ({"measure": "milestone", "actual": 1, "actual_weak": 0}, "hoàn thành, chắc chắn chưa hoàn thành"),
        (
            {"measure": "ratio", "actual": 0.8, "actual_weak": 0.4, "numerator": 8, "numerator_weak": 4,
             "denominator": 10, "denominator_weak": 10},
            "8/10, chắc chắn 4/10",
        ),
        ({"agency": "Sở Y tế", "measure": "ratio", "actual": 0.8, "actual_weak": 0.4}, "80%, chắc chắn 40%"),
    ],
)  # fmt: skip
def test_other_measures_have_words_of_their_kind(overrides: dict[str, Any], figures: str) -> None:
    is_proportion = overrides["measure"] == "ratio"
    row = build_row(is_proportion=is_proportion, **overrides)
    assert doubt_sentences.format_figures(row, "vi") == f"{figures}; xác nhận 2 dòng"


def test_the_sign_stands_beside_the_status() -> None:
    assert doubt_sentences.format_status(build_row(), "vi") == "Chậm nhịp ?"


def test_what_is_owed_is_said_for_both_readings() -> None:
    text = owed_sentences.format_sentence(build_row(), "vi")
    assert text.startswith("thiếu 1 tin bài · 49, chắc chắn 38; xác nhận 2 dòng · còn 5 tuần")
    met = build_row(actual=70, numerator=70, status="on_track")
    assert owed_sentences.format_sentence(met, "vi") == "70, chắc chắn 38; xác nhận 2 dòng · còn 5 tuần"
    attained = build_row(actual=70, numerator=70, actual_weak=60, status="attained")
    assert owed_sentences.format_sentence(attained, "vi") == "70, chắc chắn 60; xác nhận 2 dòng"


def test_the_report_says_what_a_figure_rests_on() -> None:
    sentence = "số liệu còn dựa vào dòng chưa được xác nhận (49, chắc chắn 38; xác nhận 2 dòng)"
    assert format_doubt(build_row()) == sentence
    assert sentence in format_owed(build_row())


def test_each_row_says_what_to_write_in_the_sheet() -> None:
    event: OpenDoubt = {
        "code": "possibly_same_event",
        "rows": [build_doubted_row(2), build_doubted_row(7, "Sở Tư pháp")],
        "reduces_by": 11,
    }
    first, second = list_rows_to_confirm([build_row(doubts=[event])])
    assert "cùng một sự kiện với dòng 7 (Sở Tư pháp)" in doubt_sentences.format_row(first, "vi")
    assert "dòng 2 (Sở Y tế)" in doubt_sentences.format_row(second, "vi")
    (total, _) = list_rows_to_confirm([build_row()])
    assert doubt_sentences.format_row(total, "vi").startswith("đã tính; có thể là số lũy kế")
