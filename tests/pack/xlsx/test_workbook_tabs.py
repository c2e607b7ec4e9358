"""The tabs of the workbook on the sample year: rows counted against the pages, and the values of each tab."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kpis.language import clock
from kpis.measures.owed import Owed
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Contents
from kpis.pack.pages.overview_page import MATRIX_KEY
from kpis.pack.xlsx.tab import CellValue, Percentage, WorkbookTab
from kpis.pack.xlsx.workbook_tabs import build_tabs
from tests.pack.fixtures import NOW

TAB_NAMES = (
    "Tổng quan", "Chỉ tiêu", "Cơ quan", "Cơ quan theo chỉ tiêu", "Nhiệm vụ", "Việc cần làm ngay",
    "Nhiệm vụ quá hạn", "Thay đổi", "Nguồn số liệu",
)  # fmt: skip


@pytest.fixture(scope="module")
def tabs(figures: EditionFigures, edition_contents: Contents) -> dict[str, WorkbookTab]:
    return {tab.name: tab for tab in build_tabs(figures, edition_contents)}


def _read(tab: WorkbookTab) -> list[dict[str, CellValue]]:
    return [dict(zip(tab.titles, values, strict=True)) for _, values in tab.iterate_rows()]


def test_tabs_have_their_names_in_order_and_a_value_for_each_title(tabs: dict[str, WorkbookTab]) -> None:
    assert tuple(tabs) == TAB_NAMES
    for tab in tabs.values():
        assert len(set(tab.titles)) == len(tab.titles)
        assert {len(values) for _, values in tab.iterate_rows()} == {len(tab.titles)}


def test_rows_are_counted_by_the_tables_of_the_pages(tabs: dict[str, WorkbookTab], edition_contents: Contents) -> None:
    counts = Counter(key for tab in tabs.values() for key, _ in tab.iterate_rows() if key)
    for table in edition_contents.tables:
        if not table.key.startswith(MATRIX_KEY):
            records = len(table.rows) if table.record_count is None else table.record_count
            assert counts.pop(table.key, 0) == records, table.key
    assert not counts


def test_the_tab_of_parts_has_every_agency_row_once(tabs: dict[str, WorkbookTab], figures: EditionFigures) -> None:
    rows = [row for place in figures.places for row in place.agency_rows]
    lines = _read(tabs["Cơ quan theo chỉ tiêu"])
    assert [(line["Cơ quan"], line["Mã"]) for line in lines] == [(row["agency"], row["target"]) for row in rows]
    assert {line["Tổng số đối tượng"] for line in lines} == {None}


def test_ratios_are_percentages_with_numerator_and_denominator(
    tabs: dict[str, WorkbookTab], figures: EditionFigures
) -> None:
    ratios = {
        row["target"]: row
        for place in figures.places
        for row in place.targets
        if row["measure"] == "ratio" and row["actual"] is not None
    }
    lines = [line for line in _read(tabs["Chỉ tiêu"]) if line["Mã"] in ratios]
    assert len(lines) == len(ratios) > 0
    for line in lines:
        row = ratios[str(line["Mã"])]
        assert line["Đã làm"] == Percentage(float(row["actual"] or 0))
        assert (line["Tử số"], line["Mẫu số"]) == (row["numerator"], row["denominator"])


def test_the_tab_of_agencies_leaves_task_columns_empty_for_a_plan_without_tasks(
    tabs: dict[str, WorkbookTab], figures: EditionFigures
) -> None:
    without_tasks = {place.name for place in figures.places if not place.tasks}
    assert without_tasks
    for line in _read(tabs["Cơ quan"]):
        is_empty = not line["Quá hạn"] and line["Quá hạn"] != 0
        assert is_empty == (line["Tỉnh, thành, phường"] in without_tasks)


def test_the_tab_of_tasks_has_states_days_and_members(tabs: dict[str, WorkbookTab], figures: EditionFigures) -> None:
    tasks = {task["task"]: task for place in figures.places for task in place.tasks}
    lines = _read(tabs["Nhiệm vụ"])
    assert [line["Mã"] for line in lines] == list(tasks)
    for line in lines:
        task = tasks[str(line["Mã"])]
        assert line["Mã tình trạng"] == task["state"]
        assert (line["Thời hạn"], line["Ngày hoàn thành"]) == (task["due_on"], task["done_on"])
        is_ongoing = task["timing"] == "ongoing"
        assert line["Số thành viên đã xong"] == (None if is_ongoing else task["members_done"])
        assert line["Số thành viên đã báo cáo"] == task["members_reported"]
        assert line["Chủ trì"] == "; ".join(task["leads"])


def test_only_counts_have_weekly_rates(tabs: dict[str, WorkbookTab], figures: EditionFigures) -> None:
    lines = _read(tabs["Việc cần làm ngay"])

    def get_rate(owed: Owed) -> float | None:
        return owed.needed_per_week if owed.row["measure"] == "count" else None

    assert [line["Cần mỗi tuần"] for line in lines] == [get_rate(owed) for owed in figures.to_do]
    assert [line["Số ngày còn lại"] for line in lines] == [owed.days_left for owed in figures.to_do]
    measures = {owed.row["measure"] for owed in figures.to_do}
    assert {"count", "ratio"} <= measures


def test_source_times_are_local_and_without_a_zone(tabs: dict[str, WorkbookTab], figures: EditionFigures) -> None:
    lines = _read(tabs["Nguồn số liệu"])
    assert [line["Nguồn"] for line in lines] == [source.id for source in figures.sources]
    for line, source in zip(lines, figures.sources, strict=True):
        moment = line["Đọc tốt lần cuối"]
        assert isinstance(moment, datetime) and source.last_good_at is not None
        assert moment.tzinfo is None
        assert moment == source.last_good_at + timedelta(hours=7)
        assert clock.to_local_day(source.last_good_at) == moment.date()


def test_statuses_on_the_day_compared_with_are_left_out_for_a_period_that_began_later(
    figures: EditionFigures, edition_contents: Contents
) -> None:
    earlier = replace(figures, query=replace(figures.query, since=date(2025, 12, 28)))
    lines = _read(build_tabs(earlier, edition_contents)[1])
    assert {line["Trạng thái ngày so sánh"] for line in lines if line["Kỳ từ ngày"] == date(2026, 1, 1)} == {None}


def test_english_tabs_have_english_names_and_titles(figures: EditionFigures) -> None:
    english = replace(figures, query=replace(figures.query, lang="en"))
    tabs = build_tabs(english, build_contents(english, NOW, None))
    assert [tab.name for tab in tabs][:3] == ["Overview", "Targets", "Agencies"]
    assert {"Floor", "Ceiling", "Stretch", "Still owed"} <= set(tabs[1].titles)
    assert {line["Province or ward"] for line in _read(tabs[1])} == set(figures.place_names.values())
