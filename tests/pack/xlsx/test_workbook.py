"""The workbook: it can be opened, has every figure in a cell of its type, and is reproducible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kpis.charts import palette
from kpis.measures.changes import LoweredFigure
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Contents, Tiles
from kpis.pack.pages.row_counts import RowsLostError
from kpis.pack.xlsx.changes_tab import build_changes_tab
from kpis.pack.xlsx.workbook import write_workbook
from tests.pack.fixtures import NOW

OPENPYXL: Any = openpyxl


@pytest.fixture(scope="module")
def workbook(figures: EditionFigures, edition_contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(figures, edition_contents, tmp_path_factory.mktemp("workbook"), NOW)[0]


def test_the_workbook_has_every_target_with_numbers_and_dates(workbook: Path, figures: EditionFigures) -> None:
    sheet = OPENPYXL.load_workbook(workbook)["Chỉ tiêu"]
    header, *lines = sheet.iter_rows(values_only=True)
    rows_by_code = {line[header.index("Mã")]: dict(zip(header, line, strict=True)) for line in lines}
    for row in (row for place in figures.places for row in place.targets):
        line = rows_by_code[row["target"]]
        assert line["Đã làm"] == pytest.approx(row["actual"])
        assert line["Mức phải đạt"] == pytest.approx(row["floor"])
        assert line["Mã trạng thái"] == row["status"]
        assert line["Thời hạn"].date() == row["due_on"]
    assert len(rows_by_code) == sum(len(place.targets) for place in figures.places)
    assert (sheet.freeze_panes, sheet.auto_filter.ref is not None) == ("A2", True)


def _read_rows(workbook: Path, tab: str) -> list[dict[str, Any]]:
    header, *lines = OPENPYXL.load_workbook(workbook)[tab].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_the_workbook_has_the_tiles_and_the_figures_compared_with(
    workbook: Path, figures: EditionFigures, edition_contents: Contents
) -> None:
    [block] = [block for block in edition_contents.pages[0].blocks if isinstance(block, Tiles)]
    lines = _read_rows(workbook, "Tổng quan")
    assert [line["Nay"] for line in lines] == [tile.number for tile in block.tiles]
    assert [line["Ngày so sánh"] for line in lines] == [tile.previous_number for tile in block.tiles]
    assert all(line["Tăng, giảm"] == line["Nay"] - line["Ngày so sánh"] for line in lines)
    assert {line["Trên tổng số"] for line in lines} == {len(figures.counted_targets)}
    assert {line["So với ngày"].date() for line in lines} == {figures.query.since}
    for line in _read_rows(workbook, "Chỉ tiêu"):
        previous = figures.previous_statuses[line["Mã"]]
        assert line["Trạng thái ngày so sánh"] == palette.get_status_label(previous, "vi")


def test_the_workbook_has_newly_silent_agencies_and_the_state_and_age_of_sources(
    workbook: Path, figures: EditionFigures, edition_contents: Contents
) -> None:
    newly = [line["Chỉ tiêu hoặc cơ quan"] for line in _read_rows(workbook, "Thay đổi") if line["Mới lâu chưa báo cáo"]]
    assert newly == [agency["agency"] for agency in figures.changes.newly_silent_agencies] != []
    states = [row[4].text for row in edition_contents.pages[-1].tables[0].rows]
    lines = _read_rows(workbook, "Nguồn số liệu")
    assert [line["Tình trạng"] for line in lines] == states
    assert all(line["Số ngày chưa đổi"] >= 0 for line in lines)


def test_a_lowered_figure_is_next_to_the_present_one(figures: EditionFigures) -> None:
    row = next(row for place in figures.places for row in place.targets if row["measure"] == "count")
    today = row["actual"]
    lowered = [LoweredFigure({**row, "actual": 9, "status": "attained"}, {**row, "actual": 3}, lost_attainment=False)]
    changed = replace(figures, changes=replace(figures.changes, lowered_figures=lowered))
    tab = build_changes_tab(changed, build_contents(changed, NOW, None))
    [line] = [dict(zip(tab.titles, line, strict=True)) for key, line in tab.iterate_rows() if key == "lowered"]
    values = [line[title] for title in ("Đã nêu khi đó", "Cùng ngày ấy, theo số liệu nay", "Nay")]
    assert values == [9, 3, today]
    assert line["Trạng thái"] == palette.get_status_label(str(row["status"]), "vi")


def test_shares_have_no_stretch_and_targets_without_roster_no_roster_size(
    workbook: Path, figures: EditionFigures
) -> None:
    rows = [row for place in figures.places for row in place.agency_rows]
    lines = _read_rows(workbook, "Cơ quan theo chỉ tiêu")
    assert any(row["stretch"] is not None for row in rows if row["measure"] == "count")
    assert {line["Mức phấn đấu"] for line, row in zip(lines, rows, strict=True)} == {None}
    targets = {row["target"]: row for place in figures.places for row in place.targets}
    for line in _read_rows(workbook, "Chỉ tiêu"):
        row = targets[line["Mã"]]
        assert line["Số cơ quan trong danh sách"] == (row["roster_size"] or None)
        assert line["Mức phấn đấu"] == row["stretch"]


def test_the_members_of_a_lead_are_not_titled_communes(workbook: Path) -> None:
    header = set(_read_rows(workbook, "Nhiệm vụ")[0])
    assert {"Số thành viên của đơn vị chủ trì", "Số thành viên đã xong"} <= header
    assert not any("xã" in title for title in header)


def test_a_text_that_looks_like_a_formula_stays_a_text(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    place = figures.places[0]
    tasks: list[TaskStatus] = [{**place.tasks[0], "result": text} for text in formulas]
    changed = replace(figures, places=[replace(place, tasks=tasks), *figures.places[1:]])
    pages = tuple(replace(page, blocks=()) for page in edition_contents.pages)
    (path,) = write_workbook(changed, replace(edition_contents, pages=pages), tmp_path, NOW)
    sheet = OPENPYXL.load_workbook(path)["Nhiệm vụ"]
    column = [cell.value for cell in sheet[1]].index("Kết quả") + 1
    cells = [sheet.cell(row, column) for row in range(2, 2 + len(formulas))]
    assert [cell.value for cell in cells] == formulas
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_a_row_missing_from_the_workbook_is_an_error(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    fewer = replace(figures, owed=figures.owed[1:])
    with pytest.raises(RowsLostError):
        write_workbook(fewer, edition_contents, tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_is_the_same_bytes_for_the_same_edition(
    workbook: Path, figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    assert write_workbook(figures, edition_contents, tmp_path, NOW)[0].read_bytes() == workbook.read_bytes()


def test_values_have_the_number_format_of_their_type(workbook: Path) -> None:
    book = OPENPYXL.load_workbook(workbook)

    def list_formats(tab: str, title: str) -> set[str]:
        column = next(column for column in book[tab].columns if column[0].value == title)
        return {cell.number_format for cell in column[1:] if cell.value is not None}

    assert list_formats("Chỉ tiêu", "Mã") == {"General"}
    assert list_formats("Chỉ tiêu", "Thời hạn") == {"dd/mm/yyyy"}
    assert list_formats("Chỉ tiêu", "Đã làm") == {"#,##0", "0.00%"}
    assert list_formats("Nguồn số liệu", "Đọc tốt lần cuối") == {"hh:mm dd/mm/yyyy"}


def test_every_sheet_prints_on_landscape_a4_with_title_page_number_and_repeated_header(
    workbook: Path, edition_contents: Contents
) -> None:
    for sheet in OPENPYXL.load_workbook(workbook).worksheets:
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddHeader.left.text.startswith(f"{edition_contents.title} · ")
        assert sheet.oddFooter.right.text == "trang &P/&N"
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        assert 9 <= min(widths) <= max(widths) <= 61


def test_every_row_of_a_sample_is_marked_and_a_real_edition_has_no_such_column(
    workbook: Path, figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    assert {row["Loại số liệu"] for row in _read_rows(workbook, "Chỉ tiêu")} == {edition_contents.sample}
    (path,) = write_workbook(figures, replace(edition_contents, sample=""), tmp_path, NOW)
    assert "Loại số liệu" not in _read_rows(path, "Chỉ tiêu")[0]
