"""Tables on slides: cells, signs, images and their places, read from a real file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from kpis.charts import palette
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.pack.pptx.deck import BODY_TOP, BODY_WIDTH, MARGIN, Deck
from kpis.pack.pptx.slide_tables import (
    CELL_FONT_SIZE,
    STATE_SIGNS,
    add_sign,
    add_table,
    format_row,
    measure_header_height,
    measure_row_heights,
)
from tests.pack.fixtures import NOW
from tests.pack.handmade_contents import BULLET, build_small_contents, build_table


def _write_slide(table: Table, folder: Path) -> tuple[Any, float]:
    """Write one slide with the table; return it as read from the file, and the table's lower edge."""
    deck = Deck(build_small_contents(table))
    slide = deck.add_slide("Trang", "Kế hoạch")
    heights = measure_row_heights(table, table.rows, CELL_FONT_SIZE)
    bottom = add_table(deck, slide, table, table.rows, heights, BODY_TOP, CELL_FONT_SIZE)
    deck.finish_slide(slide, "Ghi chú")
    assert deck.row_counts == {table.key: len(table.rows)}
    deck.save(folder / "slides.pptx", NOW)
    [written] = Presentation(str(folder / "slides.pptx")).slides
    return written, bottom


def _find_table_shape(slide: Any) -> Any:
    [shape] = [shape for shape in slide.shapes if shape.has_table]
    return shape


def test_the_header_and_every_cell_are_in_the_table(tmp_path: Path) -> None:
    slide, _ = _write_slide(build_table(("a", "b"), ("c", "d")), tmp_path)
    rows = [[cell.text for cell in row.cells] for row in _find_table_shape(slide).table.rows]
    assert rows == [["A", "B"], ["a", "b"], ["c", "d"]]


def test_the_table_is_placed_and_sized_as_measured(tmp_path: Path) -> None:
    table = build_table(("a", "b\nc"), ("d", "e"))
    slide, bottom = _write_slide(table, tmp_path)
    shape = _find_table_shape(slide)
    heights = [
        measure_header_height(table, CELL_FONT_SIZE),
        *measure_row_heights(table, table.rows, CELL_FONT_SIZE),
    ]
    assert (shape.left, shape.top, shape.width) == (Pt(MARGIN), Pt(BODY_TOP), Pt(BODY_WIDTH))
    assert [row.height.pt for row in shape.table.rows] == pytest.approx(heights, abs=0.01)
    assert bottom == pytest.approx(BODY_TOP + sum(heights))


def test_columns_have_their_relative_widths(tmp_path: Path) -> None:
    columns = (TableColumn("A", width=3), TableColumn("B"))
    slide, _ = _write_slide(build_table(("a", "b"), columns=columns), tmp_path)
    first, second = _find_table_shape(slide).table.columns
    assert first.width / second.width == pytest.approx(3, rel=1e-4)


def test_numbers_are_bold_and_right_aligned_and_texts_are_not(tmp_path: Path) -> None:
    columns = (TableColumn("A"), TableColumn("B", "number"))
    slide, _ = _write_slide(build_table(("a", "5"), columns=columns), tmp_path)
    text, number = (cell.text_frame.paragraphs[0] for cell in _find_table_shape(slide).table.rows[1].cells)
    assert (text.alignment, text.runs[0].font.bold) == (None, False)
    assert (number.alignment, number.runs[0].font.bold) == (PP_ALIGN.RIGHT, True)


def test_a_state_gives_its_sign_and_colour_and_a_subtext_its_own_smaller_line(tmp_path: Path) -> None:
    slide, _ = _write_slide(build_table((TableCell("Quá hạn", "overdue", "hạn 15/11"),)), tmp_path)
    state, subtext = _find_table_shape(slide).table.cell(1, 0).text_frame.paragraphs
    assert state.text == f"{STATE_SIGNS['overdue']} Quá hạn"
    assert f"#{state.runs[0].font.color.rgb}".lower() == palette.get_style("overdue").colour.light.lower()
    assert (state.runs[0].font.size, subtext.runs[0].font.size) == (Pt(14), Pt(12))
    assert subtext.text == "hạn 15/11"


def test_further_cells_are_further_paragraphs(tmp_path: Path) -> None:
    cell = TableCell("1/2", more_cells=(TableCell("3/4", "behind"), TableCell("5/6")))
    slide, _ = _write_slide(build_table((cell,)), tmp_path)
    paragraphs = _find_table_shape(slide).table.cell(1, 0).text_frame.paragraphs
    assert [paragraph.text for paragraph in paragraphs] == ["1/2", f"{STATE_SIGNS['behind']} 3/4", "5/6"]


def test_a_chart_is_an_image_inside_its_cell_with_the_row_as_text(tmp_path: Path) -> None:
    columns = (TableColumn("A", width=6), TableColumn("B", "chart"))
    table = build_table(("a", "b"), ("Tin bài", TableCell(bullet=BULLET)), columns=columns)
    slide, _ = _write_slide(table, tmp_path)
    shape = _find_table_shape(slide)
    [image] = [shape for shape in slide.shapes if shape.shape_type == 13]
    heights = [row.height for row in shape.table.rows]
    assert shape.left + shape.width * 6 / 7 < image.left
    assert image.left + image.width < shape.left + shape.width
    assert shape.top + sum(heights[:2]) <= image.top
    assert image.top + image.height <= shape.top + sum(heights)
    assert image._element.nvPicPr.cNvPr.get("descr") == "A: Tin bài"
    assert image.image.size == (990, 66)


def test_equal_charts_share_one_image_part(tmp_path: Path) -> None:
    row = (TableCell(bullet=BULLET), "a")
    slide, _ = _write_slide(build_table(row, row, row), tmp_path)
    images = [shape for shape in slide.shapes if shape.shape_type == 13]
    assert len(images) == 3
    assert len({image._element.blip_rId for image in images}) == 1


def test_every_status_and_task_state_has_a_sign() -> None:
    assert set(STATE_SIGNS) == {*palette.STATUS_STYLES, *palette.TASK_STATE_STYLES}
    assert add_sign("Quá hạn", "overdue") == "■ Quá hạn"
    assert add_sign("a", None) == "a"


def test_a_row_as_text_names_columns_and_skips_empty_cells() -> None:
    columns = (TableColumn("Chỉ tiêu"), TableColumn(""), TableColumn("Đã làm"), TableColumn("Hạn"))
    several = TableCell("24/50", subtext="tin bài", more_cells=(TableCell("1/2"), TableCell(subtext="đạt")))
    table = build_table(("Tin bài", "x", several, TableCell()), columns=columns)
    assert format_row(table, table.rows[0]) == "Chỉ tiêu: Tin bài; x; Đã làm: 24/50 (tin bài), 1/2, đạt"
