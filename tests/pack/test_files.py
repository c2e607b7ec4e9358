"""Slides and workbook: they open, hold every row, say what they are, and are the same bytes each time."""

from __future__ import annotations

import gc
import resource
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from kpis.charts import palette
from kpis.measures.changes import LoweredFigure
from kpis.measures.task_status import TaskStatus
from kpis.pack.edition.writers import Writer
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Contents, Note, Page, Table, TableCell, TableColumn, Tiles
from kpis.pack.pages.row_counts import RowsLostError
from kpis.pack.pdf.typesetting import write_pages
from kpis.pack.pptx.slides import write_slides
from kpis.pack.xlsx.changes_tab import build_changes_tab
from kpis.pack.xlsx.workbook import write_workbook
from tests.pack.fixtures import NOW

OPENPYXL: Any = openpyxl


@pytest.fixture(scope="module")
def slides(
    figures: EditionFigures, edition_contents: Contents, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_slides(figures, edition_contents, tmp_path_factory.mktemp("slides"), NOW)[0]


@pytest.fixture(scope="module")
def workbook(
    figures: EditionFigures, edition_contents: Contents, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_workbook(figures, edition_contents, tmp_path_factory.mktemp("workbook"), NOW)[0]


def test_slides_have_titles_every_row_of_every_table_and_notes(
    slides: Path, edition_contents: Contents
) -> None:
    deck = Presentation(str(slides))
    found: Counter[str] = Counter()
    for slide in deck.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame is not None
        for shape in slide.shapes:
            if shape.has_table:
                found[shape.name] += len(list(shape.table.rows)) - 1
    assert found == Counter({table.key: len(table.rows) for table in edition_contents.tables if table.rows})


def test_no_cell_holds_an_empty_run_and_no_letter_is_below_twelve_points(slides: Path) -> None:
    sizes = set()
    for slide in Presentation(str(slides)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                runs = list(shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t"))
                assert all(run.text for run in runs)
        sizes |= {int(one) for one in slide._element.xpath(".//@sz")}
    assert min(sizes) == 1200
    assert 1400 in sizes


def test_an_empty_cell_is_as_high_as_its_table_says(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    table = Table("t", "Bảng", (TableColumn("A"), TableColumn("")), ((TableCell("a"), TableCell()),))
    made = replace(edition_contents, pages=(Page("place-x", "place", "Tỉnh", "", (table,)),))
    (path,) = write_slides(figures, made, tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    ends = slide._element.xpath(".//a:tc[not(.//a:r)]//a:endParaRPr/@sz")
    assert set(ends) == {"1200", "1400"}


def test_tiles_on_a_slide_are_as_high_as_the_one_that_needs_most_lines(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    [block] = [one for one in edition_contents.pages[0].blocks if isinstance(one, Tiles)]
    heights = []
    for change in ("như 15/11", "thêm 13 so với lần trước", "thêm 13 so với lần trước " * 2):
        first = replace(block.tiles[0], change_text=change)
        tiles = replace(block, tiles=(first, *block.tiles[1:]), footnote="")
        page = replace(edition_contents.pages[0], blocks=(tiles,))
        (path,) = write_slides(figures, replace(edition_contents, pages=(page,)), tmp_path, NOW)
        [slide] = Presentation(str(path)).slides
        boxes = [shape for shape in slide.shapes if len(shape._element.xpath(".//a:p")) == 3]
        assert len(boxes) == 6
        assert all(shape._element.xpath(".//a:bodyPr/a:noAutofit") for shape in boxes)
        [high] = {shape.height for shape in boxes}
        heights.append(high)
    assert heights[0] < heights[1] < heights[2]


def test_what_is_said_of_a_table_stands_in_the_line_of_its_heading(
    slides: Path, edition_contents: Contents
) -> None:
    silent = next(table for table in edition_contents.tables if table.key == "silent")
    texts = [
        shape.text_frame.text
        for slide in Presentation(str(slides)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert silent.note
    assert f"{silent.title}   {silent.note}" in texts
    assert silent.note not in texts


def test_no_slide_holds_but_the_last_row_of_a_table(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    columns = (TableColumn("A"), TableColumn("B"))
    for number in (14, 15, 16, 17):
        table = Table("x", "Bảng", columns, ((TableCell("a"), TableCell("b")),) * number)
        page = Page("place-x", "place", "T", "", (table,))
        (path,) = write_slides(figures, replace(edition_contents, pages=(page,)), tmp_path, NOW)
        deck = Presentation(str(path))
        parts = [len(one.table.rows) - 1 for slide in deck.slides for one in slide.shapes if one.has_table]
        assert sum(parts) == number
        assert min(parts) > 2


def test_every_slide_says_what_it_is(slides: Path, edition_contents: Contents) -> None:
    deck = Presentation(str(slides))
    for number, slide in enumerate(deck.slides, start=1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert " · ".join((edition_contents.title, *edition_contents.footer_lines)) in texts
        assert f"trang {number}/{len(deck.slides)}" in texts
        assert edition_contents.sample in texts


def test_the_notes_hold_the_figures(slides: Path, figures: EditionFigures) -> None:
    deck = Presentation(str(slides))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for place in figures.places:
        for row in place.targets:
            assert row["title_vi"] in notes


def test_pictures_on_slides_have_a_text_of_their_own(slides: Path) -> None:
    deck = Presentation(str(slides))
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert pictures
    assert all(":" in shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures)


def test_a_row_of_two_thousand_letters_and_ninety_rows_lose_nothing(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    long = TableCell("Ủy ban nhân dân " * 120, subtext="chữ" * 300)
    columns = tuple(TableColumn(f"Cột {number}") for number in range(4))
    rows = (
        (long,) * 4,
        *((TableCell("a" * 200), TableCell("1"), TableCell("", "overdue"), TableCell()) for _ in range(90)),
    )
    page = Page("place-x", "place", "T" * 200, "", (Table("x", "Bảng", columns, rows),))
    (path,) = write_slides(figures, replace(edition_contents, pages=(page,)), tmp_path, NOW)
    tables = [
        shape.table for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_table
    ]
    assert sum(len(list(table.rows)) - 1 for table in tables) == 91
    assert all(table.cell(0, 0).text == "Cột 0" for table in tables)


def test_a_text_that_looks_like_markup_stays_a_text(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    evil = '<a:tr h="1"> & </a:t> "%s" %d {0}'
    bullet = next(
        cell.bullet for table in edition_contents.tables for row in table.rows for cell in row if cell.bullet
    )
    table = Table(
        evil,
        evil,
        (TableColumn(evil), TableColumn(evil)),
        ((TableCell(evil), TableCell(evil, bullet=bullet)),),
    )
    page = Page("place-x", "place", evil, evil, (Note(evil), table))
    (path,) = write_slides(figures, replace(edition_contents, pages=(page,)), tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    [made] = [shape for shape in slide.shapes if shape.has_table]
    [picture] = [shape for shape in slide.shapes if shape.shape_type == 13]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert slide.shapes.title.text_frame.text == evil
    assert texts.count(evil) == 4
    assert made.name == evil
    assert [cell.text for row in made.table.rows for cell in row.cells] == [evil] * 4
    assert picture._element.nvPicPr.cNvPr.get("descr") == f"{evil}: {evil}; {evil}: {evil}"
    assert slide.notes_slide.notes_text_frame.text.count(evil) == 8


def test_a_letter_that_xml_cannot_have_is_left_out(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    table = Table("t", "Bảng", (TableColumn("A"),), ((TableCell("Sở\x0b Y\x1b tế\ufffe"),),))
    page = Page("place-x", "place", "Tỉnh\x00", "\x07", (table,))
    (path,) = write_slides(figures, replace(edition_contents, pages=(page,)), tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    [made] = [shape for shape in slide.shapes if shape.has_table]
    assert made.table.cell(1, 0).text == "Sở Y tế"
    assert slide.shapes.title.text_frame.text == "Tỉnh"
    assert "Sở Y tế" in slide.notes_slide.notes_text_frame.text


def test_files_are_the_same_bytes_for_the_same_edition(
    slides: Path, workbook: Path, figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    assert write_slides(figures, edition_contents, tmp_path, NOW)[0].read_bytes() == slides.read_bytes()
    assert write_workbook(figures, edition_contents, tmp_path, NOW)[0].read_bytes() == workbook.read_bytes()


def test_the_workbook_holds_every_target_as_numbers_and_days(workbook: Path, figures: EditionFigures) -> None:
    sheet = OPENPYXL.load_workbook(workbook)["Chỉ tiêu"]
    header, *lines = sheet.iter_rows(values_only=True)
    found = {line[header.index("Mã")]: dict(zip(header, line, strict=True)) for line in lines}
    for row in (row for place in figures.places for row in place.targets):
        line = found[row["target"]]
        assert line["Đã làm"] == pytest.approx(row["actual"])
        assert line["Mức phải đạt"] == pytest.approx(row["floor"])
        assert line["Mã trạng thái"] == row["status"]
        assert line["Thời hạn"].date() == row["due_on"]
    assert len(found) == sum(len(place.targets) for place in figures.places)
    assert (sheet.freeze_panes, sheet.auto_filter.ref is not None) == ("A2", True)


def _read_rows(workbook: Path, tab: str) -> list[dict[str, Any]]:
    header, *lines = OPENPYXL.load_workbook(workbook)[tab].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_the_workbook_holds_the_tiles_and_what_they_are_held_against(
    workbook: Path, figures: EditionFigures, edition_contents: Contents
) -> None:
    [block] = [one for one in edition_contents.pages[0].blocks if isinstance(one, Tiles)]
    lines = _read_rows(workbook, "Tổng quan")
    assert [line["Nay"] for line in lines] == [tile.number for tile in block.tiles]
    assert [line["Ngày so sánh"] for line in lines] == [tile.previous_number for tile in block.tiles]
    assert all(line["Tăng, giảm"] == line["Nay"] - line["Ngày so sánh"] for line in lines)
    assert {line["Trên tổng số"] for line in lines} == {len(figures.counted_targets)}
    assert {line["So với ngày"].date() for line in lines} == {figures.query.since}
    for line in _read_rows(workbook, "Chỉ tiêu"):
        then = figures.previous_statuses[line["Mã"]]
        assert line["Trạng thái ngày so sánh"] == palette.get_status_label(then, "vi")


def test_the_workbook_holds_who_is_newly_silent_and_the_state_and_age_of_sources(
    workbook: Path, figures: EditionFigures, edition_contents: Contents
) -> None:
    newly = [
        line["Chỉ tiêu hoặc cơ quan"] for line in _read_rows(workbook, "Thay đổi") if line["Mới im lặng"]
    ]
    assert newly == [one["agency"] for one in figures.changes.newly_silent_agencies] != []
    shown = [row[4].text for row in edition_contents.pages[-1].tables[0].rows]
    lines = _read_rows(workbook, "Nguồn số liệu")
    assert [line["Tình trạng"] for line in lines] == shown
    assert all(line["Số ngày chưa đổi"] >= 0 for line in lines)


def test_a_figure_that_was_lowered_stands_beside_today_s_own(figures: EditionFigures) -> None:
    row = next(row for place in figures.places for row in place.targets if row["measure"] == "count")
    today = row["actual"]
    lowered = [
        LoweredFigure({**row, "actual": 9, "status": "attained"}, {**row, "actual": 3}, lost_attainment=False)
    ]
    made = replace(figures, changes=replace(figures.changes, lowered_figures=lowered))
    told = build_changes_tab(made, build_contents(made, NOW, None))
    [line] = [
        dict(zip(told.titles, line, strict=True)) for key, line in told.iterate_rows() if key == "lowered"
    ]
    shown = [line[title] for title in ("Đã nêu khi đó", "Cùng ngày ấy, theo số liệu nay", "Nay")]
    assert shown == [9, 3, today]
    assert line["Trạng thái"] == palette.get_status_label(str(row["status"]), "vi")


def test_a_share_has_no_stretch_and_what_has_no_roster_no_size_of_it(
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


def test_members_of_a_lead_are_not_called_communes(workbook: Path) -> None:
    header = set(_read_rows(workbook, "Nhiệm vụ")[0])
    assert {"Số thành viên của đơn vị chủ trì", "Số thành viên đã xong"} <= header
    assert not any("xã" in title for title in header)


def test_a_text_that_looks_like_a_formula_stays_a_text(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    place = figures.places[0]
    tasks: list[TaskStatus] = [{**place.tasks[0], "result": text} for text in evil]
    changed = replace(figures, places=[replace(place, tasks=tasks), *figures.places[1:]])
    pages = tuple(replace(page, blocks=()) for page in edition_contents.pages)
    (path,) = write_workbook(changed, replace(edition_contents, pages=pages), tmp_path, NOW)
    sheet = OPENPYXL.load_workbook(path)["Nhiệm vụ"]
    column = [cell.value for cell in sheet[1]].index("Kết quả") + 1
    cells = [sheet.cell(row, column) for row in range(2, 2 + len(evil))]
    assert [cell.value for cell in cells] == evil
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


# xlsxwriter leaves what it could not write to the collector, which complains.
@pytest.mark.parametrize("room", [2_000, 20_000, 60_000, 120_000])
@pytest.mark.parametrize("write", [write_workbook, write_slides, write_pages])
def test_a_full_disk_is_an_error_of_the_system_and_leaves_no_file_of_the_edition(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path, room: int, write: Writer
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write(figures, edition_contents, tmp_path, NOW)
        gc.collect()  # a file that was left open is told of here, not in a later test
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_row_that_is_missing_from_the_workbook_stops_the_edition(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    fewer = replace(figures, owed=figures.owed[1:])
    with pytest.raises(RowsLostError):
        write_workbook(fewer, edition_contents, tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []
