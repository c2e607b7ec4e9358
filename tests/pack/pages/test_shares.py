"""Ceilings, and ratios whose base is unknown: in the pack's pages, its workbook and the report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kpis.measures.attainment_rows import Attainment
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.pages.contents import Contents, Table, TableCell
from kpis.pack.pages.overview_page import build_target_cell
from kpis.pack.pages.place_page import build_page
from kpis.pack.xlsx.tab import CellValue, Percentage
from kpis.pack.xlsx.workbook_tabs import build_tabs
from kpis.report.phrases import format_promise, format_result
from tests.ui.handmade_rows import build_target

CEILING: dict[str, Any] = {"comparator": "<=", "floor": 12, "actual": 3, "numerator": 3, "expected": 11}
RATIO: dict[str, Any] = {
    "measure": "ratio", "floor": 1.0, "actual": 1.0, "numerator": 5, "denominator": 5, "expected": 0.5,
    "unit": "cán bộ", "status": "on_track",
}  # fmt: skip


def _build_row(**fields: Any) -> Attainment:
    row: dict[str, Any] = {"position": 1, "floor_exact": fields.get("floor", 50), **fields}
    return build_target(**row)


def _replace_targets(figures: EditionFigures, *rows: Attainment) -> PlaceFigures:
    return replace(figures.places[0], targets=list(rows))


def _read_place_row(figures: EditionFigures, row: Attainment) -> dict[str, TableCell]:
    """Return column title -> cell of the only target on a place's page."""
    blocks = build_page(_replace_targets(figures, row), figures).blocks
    table = next(block for block in blocks if isinstance(block, Table) and block.key.startswith("targets-"))
    titles = [column.title for column in table.columns]
    return dict(zip(titles, table.rows[0], strict=True))


def _read_target_rows(
    figures: EditionFigures, edition_contents: Contents, *rows: Attainment
) -> list[dict[str, CellValue]]:
    """Return title -> value for each row of the workbook's tab of targets."""
    tabs = build_tabs(replace(figures, places=[_replace_targets(figures, *rows)]), edition_contents)
    sheet = next(tab for tab in tabs if tab.name == "Chỉ tiêu")
    return [dict(zip(sheet.titles, values, strict=True)) for _, values in sheet.iterate_rows()]


def test_a_ceiling_has_no_pace_on_its_page(figures: EditionFigures) -> None:
    cells = _read_place_row(figures, _build_row(**CEILING))
    assert cells["Đã làm"].text == "3, tối đa 12 tin bài"
    assert (cells["Cần có đến nay"].text, cells["Cần có đến nay"].number) == ("–", None)
    drawn = cells["Kết quả, mức phải đạt, nhịp"].bullet
    assert drawn is not None and drawn.expected is None
    assert build_target_cell(build_target(**CEILING), "vi").bar_mark is None


@pytest.mark.parametrize(
    ("given", "text", "unit", "small", "bar"),
    [
        ({"population": 1000}, "5/1.000", " cán bộ", "5/5 trong báo cáo", 0.005),
        ({}, "5/?", " cán bộ", "5/5, chưa chốt danh sách", 0.0),
        ({"roster_size": 1, "roster_reported": 1}, "100%", "", "5/5", 1.0),
        ({"measure": "coverage", "actual": None, "numerator": 0}, "3/?", " cơ quan", "chưa chốt danh sách", 0.0),
    ],
)
def test_a_ratio_with_an_unknown_base_has_no_full_bar(
    given: dict[str, Any], text: str, unit: str, small: str, bar: float, figures: EditionFigures
) -> None:
    row = _build_row(**{**RATIO, **given})
    cells = _read_place_row(figures, row)
    assert (cells["Đã làm"].text, cells["Đã làm"].subtext) == (text + unit, small)
    drawn = cells["Kết quả, mức phải đạt, nhịp"].bullet
    assert drawn is not None and drawn.actual == bar
    assert (build_target_cell(row, "vi").text, build_target_cell(row, "vi").bar_length) == (text, bar)


def test_the_workbook_has_separate_columns_for_ceilings_and_floors(
    figures: EditionFigures, edition_contents: Contents
) -> None:
    plan = figures.places[0].plan
    rows = _read_target_rows(figures, edition_contents, _build_row(plan=plan), _build_row(**CEILING, plan=plan))
    names = ("So sánh", "Mức phải đạt", "Mức tối đa", "Cần có đến nay")
    assert [tuple(line[name] for name in names) for line in rows] == [
        (">=", 50, None, 44),
        ("<=", None, 12, None),
    ]


def test_the_workbook_has_the_denominator_and_population_of_a_ratio(
    figures: EditionFigures, edition_contents: Contents
) -> None:
    (row,) = _read_target_rows(
        figures, edition_contents, _build_row(**RATIO, population=1000, plan=figures.places[0].plan)
    )
    assert (row["Đã làm"], row["Mẫu số"], row["Tổng số đối tượng"]) == (Percentage(1.0), 5, 1000)
    (row,) = _read_target_rows(
        figures,
        edition_contents,
        _build_row(**RATIO, population=1000, agency="A", plan=figures.places[0].plan),
    )
    assert row["Tổng số đối tượng"] is None


@pytest.mark.parametrize(
    ("given", "promised", "resulted"),
    [
        (CEILING, "không quá 12 tin bài", "3 tin bài"),
        ({**CEILING, "comparator": "<", "floor": 5, "actual": 5}, "dưới 5 tin bài", "5 tin bài"),
        (
            {**RATIO, "comparator": "<=", "floor": 0.05, "numerator": 1, "denominator": 100},
            "không quá 5% số cán bộ",
            "1% (1/100 cán bộ, 3 cơ quan đã báo cáo)",
        ),
        (RATIO, "100% cán bộ", "100% (5/5 cán bộ, chưa chốt danh sách)"),
        ({**RATIO, "roster_size": 1, "roster_reported": 1}, "100% cán bộ", "100% (5/5 cán bộ)"),
        ({**RATIO, "population": 1000}, "100% cán bộ", "5/1.000 cán bộ (5/5 trong báo cáo)"),
        (
            {**RATIO, "floor": 0.995, "numerator": 994, "denominator": 1000, "population": 1000},
            "ít nhất 99,5% số cán bộ",
            "99,4% (994/1.000 cán bộ)",
        ),
        (
            {**RATIO, "measure": "coverage", "unit": "tổ chức", "reporting_agencies": 1},
            "100% tổ chức",
            "1 cơ quan đã báo cáo",
        ),
    ],
)
def test_the_report_uses_the_same_wording(given: dict[str, Any], promised: str, resulted: str) -> None:
    row = build_target(**given)
    assert (format_promise(row), format_result(row)) == (promised, resulted)
