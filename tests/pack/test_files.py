"""Slides and workbook: they open, hold every row, say what they are, and are the same bytes each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from kpis.pack.contents import Cell, Column, Contents, Page, Table
from kpis.pack.figures import Figures
from kpis.pack.slides import write_slides
from kpis.pack.workbook import write_workbook
from kpis.pack.writers import RowsLostError
from tests.pack.conftest import NOW

OPENPYXL: Any = openpyxl


@pytest.fixture(scope="module")
def slides(figures: Figures, whole: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_slides(figures, whole, tmp_path_factory.mktemp("slides"), NOW)[0]


@pytest.fixture(scope="module")
def workbook(figures: Figures, whole: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(figures, whole, tmp_path_factory.mktemp("workbook"), NOW)[0]


def test_slides_have_titles_every_row_of_every_table_and_notes(slides: Path, whole: Contents) -> None:
    deck = Presentation(str(slides))
    found: Counter[str] = Counter()
    for slide in deck.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame is not None
        for shape in slide.shapes:
            if shape.has_table:
                found[shape.name] += len(list(shape.table.rows)) - 1
    assert found == Counter({table.key: len(table.rows) for table in whole.tables if table.rows})


def test_every_slide_says_what_it_is(slides: Path, whole: Contents) -> None:
    deck = Presentation(str(slides))
    for number, slide in enumerate(deck.slides, start=1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert " · ".join((whole.title, *whole.foot)) in texts
        assert f"trang {number}/{len(deck.slides)}" in texts
        assert whole.sample in texts


def test_the_notes_hold_the_figures(slides: Path, figures: Figures) -> None:
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
    figures: Figures, whole: Contents, tmp_path: Path
) -> None:
    long = Cell("Ủy ban nhân dân " * 120, small="chữ" * 300)
    columns = tuple(Column(f"Cột {number}") for number in range(4))
    rows = ((long,) * 4, *((Cell("a" * 200), Cell("1"), Cell("", "overdue"), Cell()) for _ in range(90)))
    page = Page("place-x", "place", "T" * 200, "", (Table("x", "Bảng", columns, rows),))
    (path,) = write_slides(figures, replace(whole, pages=(page,)), tmp_path, NOW)
    tables = [
        shape.table for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_table
    ]
    assert sum(len(list(table.rows)) - 1 for table in tables) == 91
    assert all(table.cell(0, 0).text == "Cột 0" for table in tables)


def test_files_are_the_same_bytes_for_the_same_edition(
    slides: Path, workbook: Path, figures: Figures, whole: Contents, tmp_path: Path
) -> None:
    assert write_slides(figures, whole, tmp_path, NOW)[0].read_bytes() == slides.read_bytes()
    assert write_workbook(figures, whole, tmp_path, NOW)[0].read_bytes() == workbook.read_bytes()


def test_the_workbook_holds_every_target_as_numbers_and_days(workbook: Path, figures: Figures) -> None:
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


def test_a_text_that_looks_like_a_formula_stays_a_text(
    figures: Figures, whole: Contents, tmp_path: Path
) -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    place = figures.places[0]
    tasks = [{**place.tasks[0], "result": text} for text in evil]
    changed = replace(figures, places=[replace(place, tasks=tasks), *figures.places[1:]])  # type: ignore[arg-type]
    pages = tuple(replace(page, blocks=()) for page in whole.pages)
    (path,) = write_workbook(changed, replace(whole, pages=pages), tmp_path, NOW)
    sheet = OPENPYXL.load_workbook(path)["Nhiệm vụ"]
    column = [cell.value for cell in sheet[1]].index("Kết quả") + 1
    cells = [sheet.cell(row, column) for row in range(2, 2 + len(evil))]
    assert [cell.value for cell in cells] == evil
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_a_row_that_is_missing_from_the_workbook_stops_the_edition(
    figures: Figures, whole: Contents, tmp_path: Path
) -> None:
    fewer = replace(figures, owed=figures.owed[1:])
    with pytest.raises(RowsLostError):
        write_workbook(fewer, whole, tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []
