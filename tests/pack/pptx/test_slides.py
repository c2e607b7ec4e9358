"""Slides: they can be opened, have every row of the contents, and are reproducible."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.contents import Contents, Note, Page, Table, TableCell, TableColumn, Tiles
from kpis.pack.pptx.slides import SlideCounter, write_slides
from tests.pack.fixtures import NOW


@pytest.fixture(scope="module")
def slides(figures: EditionFigures, edition_contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_slides(edition_contents, tmp_path_factory.mktemp("slides"), NOW)[0]


def test_slides_have_titles_every_row_of_every_table_and_notes(slides: Path, edition_contents: Contents) -> None:
    deck = Presentation(str(slides))
    row_counts: Counter[str] = Counter()
    for slide in deck.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame is not None
        for shape in slide.shapes:
            if shape.has_table:
                row_counts[shape.name] += len(list(shape.table.rows)) - 1
    assert row_counts == Counter({table.key: len(table.rows) for table in edition_contents.tables if table.rows})


def test_slides_are_counted_as_they_are_written(slides: Path, edition_contents: Contents) -> None:
    counter = SlideCounter(edition_contents)
    counts = [counter.count(page) for page in edition_contents.pages]
    assert max(counts) > 1
    assert sum(counts) == len(Presentation(str(slides)).slides)


def test_no_cell_has_an_empty_run_and_no_text_is_below_twelve_points(slides: Path) -> None:
    sizes = set()
    for slide in Presentation(str(slides)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                runs = list(shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t"))
                assert all(run.text for run in runs)
        sizes |= {int(size) for size in slide._element.xpath(".//@sz")}
    assert min(sizes) == 1200
    assert 1400 in sizes


def test_an_empty_cell_has_the_font_size_of_its_table(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    table = Table("t", "Bảng", (TableColumn("A"), TableColumn("")), ((TableCell("a"), TableCell()),))
    contents = replace(edition_contents, pages=(Page("place-x", "place", "Tỉnh", "", (table,)),))
    (path,) = write_slides(contents, tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    ends = slide._element.xpath(".//a:tc[not(.//a:r)]//a:endParaRPr/@sz")
    assert set(ends) == {"1200", "1400"}


def test_all_tiles_on_a_slide_have_the_height_of_the_one_with_most_lines(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    [block] = [block for block in edition_contents.pages[0].blocks if isinstance(block, Tiles)]
    heights = []
    for change in ("như 15/11", "thêm 13 so với lần trước", "thêm 13 so với lần trước " * 2):
        first = replace(block.tiles[0], change_text=change)
        tiles = replace(block, tiles=(first, *block.tiles[1:]), footnote="")
        page = replace(edition_contents.pages[0], blocks=(tiles,))
        (path,) = write_slides(replace(edition_contents, pages=(page,)), tmp_path, NOW)
        [slide] = Presentation(str(path)).slides
        boxes = [shape for shape in slide.shapes if len(shape._element.xpath(".//a:p")) == 3]
        assert len(boxes) == 6
        assert all(shape._element.xpath(".//a:bodyPr/a:noAutofit") for shape in boxes)
        [height] = {shape.height for shape in boxes}
        heights.append(height)
    assert heights[0] < heights[1] < heights[2]


def test_the_note_of_a_table_follows_its_title_in_one_line(slides: Path, edition_contents: Contents) -> None:
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


def test_no_slide_has_only_the_last_row_of_a_table(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    columns = (TableColumn("A"), TableColumn("B"))
    for number in (14, 15, 16, 17):
        table = Table("x", "Bảng", columns, ((TableCell("a"), TableCell("b")),) * number)
        page = Page("place-x", "place", "T", "", (table,))
        (path,) = write_slides(replace(edition_contents, pages=(page,)), tmp_path, NOW)
        deck = Presentation(str(path))
        parts = [len(shape.table.rows) - 1 for slide in deck.slides for shape in slide.shapes if shape.has_table]
        assert sum(parts) == number
        assert min(parts) > 2


def test_every_slide_has_the_footer_slide_number_and_sample(slides: Path, edition_contents: Contents) -> None:
    deck = Presentation(str(slides))
    for number, slide in enumerate(deck.slides, start=1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert " · ".join((edition_contents.title, *edition_contents.footer_lines)) in texts
        assert f"trang chiếu {number}/{len(deck.slides)}" in texts
        assert edition_contents.sample in texts


def test_the_notes_name_every_target(slides: Path, figures: EditionFigures) -> None:
    deck = Presentation(str(slides))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for place in figures.places:
        for row in place.targets:
            assert row["title_vi"] in notes


def test_images_on_slides_have_an_alternative_text(slides: Path) -> None:
    deck = Presentation(str(slides))
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert pictures
    assert all(":" in shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures)


def test_a_very_long_row_and_ninety_more_lose_nothing(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    long = TableCell("Ủy ban nhân dân " * 120, subtext="chữ" * 300)
    columns = tuple(TableColumn(f"Cột {number}") for number in range(4))
    rows = (
        (long,) * 4,
        *((TableCell("a" * 200), TableCell("1"), TableCell("", "overdue"), TableCell()) for _ in range(90)),
    )
    page = Page("place-x", "place", "T" * 200, "", (Table("x", "Bảng", columns, rows),))
    (path,) = write_slides(replace(edition_contents, pages=(page,)), tmp_path, NOW)
    tables = [shape.table for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_table]
    assert sum(len(list(table.rows)) - 1 for table in tables) == 91
    assert all(table.cell(0, 0).text == "Cột 0" for table in tables)


def test_a_text_that_looks_like_markup_stays_a_text(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    markup = '<a:tr h="1"> & </a:t> "%s" %d {0}'
    bullet = next(cell.bullet for table in edition_contents.tables for row in table.rows for cell in row if cell.bullet)
    table = Table(
        markup,
        markup,
        (TableColumn(markup), TableColumn(markup)),
        ((TableCell(markup), TableCell(markup, bullet=bullet)),),
    )
    page = Page("place-x", "place", markup, markup, (Note(markup), table))
    (path,) = write_slides(replace(edition_contents, pages=(page,)), tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    [table_shape] = [shape for shape in slide.shapes if shape.has_table]
    [picture] = [shape for shape in slide.shapes if shape.shape_type == 13]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert slide.shapes.title.text_frame.text == markup
    assert texts.count(markup) == 4
    assert table_shape.name == markup
    assert [cell.text for row in table_shape.table.rows for cell in row.cells] == [markup] * 4
    assert picture._element.nvPicPr.cNvPr.get("descr") == f"{markup}: {markup}; {markup}: {markup}"
    assert slide.notes_slide.notes_text_frame.text.count(markup) == 8


def test_control_characters_are_left_out(figures: EditionFigures, edition_contents: Contents, tmp_path: Path) -> None:
    table = Table("t", "Bảng", (TableColumn("A"),), ((TableCell("Sở\x0b Y\x1b tế\ufffe"),),))
    page = Page("place-x", "place", "Tỉnh\x00", "\x07", (table,))
    (path,) = write_slides(replace(edition_contents, pages=(page,)), tmp_path, NOW)
    [slide] = Presentation(str(path)).slides
    [table_shape] = [shape for shape in slide.shapes if shape.has_table]
    assert table_shape.table.cell(1, 0).text == "Sở Y tế"
    assert slide.shapes.title.text_frame.text == "Tỉnh"
    assert "Sở Y tế" in slide.notes_slide.notes_text_frame.text


def test_slides_are_the_same_bytes_for_the_same_edition(
    slides: Path, figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    assert write_slides(edition_contents, tmp_path, NOW)[0].read_bytes() == slides.read_bytes()
