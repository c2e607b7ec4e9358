"""The pages as PDF and images: sizes, numbers and rows, with long names, 34 provinces and 90 tasks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.contents import Contents, Page, Table, TableCell, TableColumn, Tiles
from kpis.pack.pages.row_counts import RowsLostError, check_row_counts
from kpis.pack.pdf import typesetting
from kpis.pack.pdf.page_images import open_page_images
from kpis.pack.pdf.typesetting import Typesetter, write_pages
from tests.pack.fixtures import NOW

LONG = ("Ủy ban nhân dân xã Nguyễn Bỉnh Khiêm " * 6)[:200]
MARKUP = '#panic("x") *đậm* _nghiêng_ $x$ <b> \\ [a] @b = + - `c` //'


def _build_contents(edition_contents: Contents, *tables: Table) -> Contents:
    page = Page("place-x", "place", LONG, LONG, tables)
    return replace(edition_contents, pages=(page,))


def _build_rows(number: int, text: str) -> tuple[tuple[TableCell, ...], ...]:
    return tuple(
        (TableCell(f"{n} {text}", subtext=text), TableCell(text, "behind"), TableCell("x" * 200)) for n in range(number)
    )


COLUMNS = (TableColumn("A"), TableColumn(LONG, "status"), TableColumn("C", "number"))


def test_a_long_table_continues_on_further_sheets_with_every_row(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    contents = _build_contents(
        edition_contents,
        Table("tasks", LONG, COLUMNS, _build_rows(90, LONG)),
        Table("none", "B", COLUMNS, ()),
    )
    paths = write_pages(contents, tmp_path, NOW)
    assert len(paths) > 10
    assert not list(tmp_path.glob(".typst-*"))


def test_every_sheet_repeats_the_title_of_a_table(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    contents = _build_contents(
        edition_contents, Table("t", "Bảng dài", COLUMNS, _build_rows(60, "dòng"), note="cả ghi chú")
    )
    pdf, *pictures = write_pages(contents, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    assert len(texts) == len(pictures) > 2
    assert all("Bảng dài" in text and "cả ghi chú" in text for text in texts)


def test_text_is_never_markup(edition_contents: Contents, figures: EditionFigures, tmp_path: Path) -> None:
    contents = _build_contents(edition_contents, Table("t", MARKUP, COLUMNS, _build_rows(1, MARKUP), note=MARKUP))
    assert len(write_pages(contents, tmp_path, NOW)) == 2


def test_a_page_image_has_the_size_of_a_projector_and_is_below_a_megabyte(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    contents = replace(edition_contents, pages=edition_contents.pages[:1])
    pdf, *pictures = write_pages(contents, tmp_path, NOW)
    assert pdf.read_bytes().startswith(b"%PDF")
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
        assert path.stat().st_size < 1_000_000


def test_equal_contents_give_equal_bytes(edition_contents: Contents, figures: EditionFigures, tmp_path: Path) -> None:
    contents = replace(edition_contents, pages=(edition_contents.pages[-1],))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = write_pages(contents, tmp_path / "a", NOW)
    second = write_pages(contents, tmp_path / "b", NOW)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_matrix_of_34_provinces_loses_no_row(edition_contents: Contents, tmp_path: Path) -> None:
    matrix = edition_contents.tables[0]
    many = replace(matrix, rows=tuple(row for _ in range(7) for row in matrix.rows)[:34])
    pages = [
        replace(
            edition_contents.pages[2],
            key=f"p{n}",
            title=f"Tỉnh {n}",
            blocks=(replace(many, key=f"m{n}", rows=many.rows[: n * 5]),),
        )
        for n in range(1, 8)
    ]
    contents = replace(edition_contents, pages=tuple(pages))
    row_counts = Typesetter(contents, NOW, tmp_path).measure(contents.pages).row_counts
    check_row_counts(contents, row_counts, "pages.pdf")


def test_a_long_edition_is_merged_from_runs_with_every_sheet_and_its_structure(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    contents = replace(edition_contents, pages=edition_contents.pages[3:])
    single_pdf, *images = write_pages(contents, tmp_path / "a", NOW)
    assert len(list(typesetting.split_into_runs(contents.pages))) == 1
    monkeypatch.setattr(typesetting, "_ROWS_PER_RUN", 10)
    monkeypatch.setattr(typesetting, "_SINGLE_RUN_ROWS", 10)
    assert len(list(typesetting.split_into_runs(contents.pages))) > 2
    joined, *joined_images = write_pages(contents, tmp_path / "b", NOW)
    assert [path.name for path in joined_images] == [path.name for path in images]
    assert [path.read_bytes() for path in joined_images] == [path.read_bytes() for path in images]
    with pikepdf.open(single_pdf) as single, pikepdf.open(joined) as merged:
        assert len(merged.pages) == len(single.pages) == len(images)
        assert _count_rows(merged) == _count_rows(single) > 0
        keys = [int(page.obj["/StructParents"]) for page in merged.pages]
        marked = [int(key) for key in merged.Root.StructTreeRoot.ParentTree.Nums[::2]]
        assert sorted(set(keys)) == sorted(keys)
        assert set(keys) <= set(marked) == set(range(len(marked)))
    repeated, *_ = write_pages(contents, tmp_path / "c", NOW)
    assert repeated.read_bytes() == joined.read_bytes()
    (tmp_path / "d").mkdir()
    with open_page_images(tmp_path / "d", [path.stem[3:] for path in images]) as page_images:
        page_images.draw(joined, len(images))
    assert [path.read_bytes() for path in page_images.paths] == [path.read_bytes() for path in images]


def _count_rows(pdf: pikepdf.Pdf) -> int:
    return sum(_count_rows_by_sheet(pdf).values())


def _count_rows_by_sheet(pdf: pikepdf.Pdf) -> Counter[tuple[int, int]]:
    """Count the table rows in the structure tree by the sheet on which they begin."""
    return Counter(
        next(child["/Pg"].objgen for child in _walk(element) if "/Pg" in child)
        for element in _walk(pdf.Root.StructTreeRoot)
        if element.get("/S") == "/TR"
    )


def _walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    children: Any = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _walk(child)


def test_no_sheet_has_only_the_last_row_of_a_table(edition_contents: Contents, tmp_path: Path) -> None:
    for number in (19, 20, 21, 22, 23):
        contents = _build_contents(edition_contents, Table("t", "Bảng", COLUMNS, _build_rows(number, "hai dòng")))
        typesetter = Typesetter(contents, NOW, tmp_path)
        assert typesetter.measure(contents.pages).row_counts == {"t": number}
        typesetter.draw(contents.pages, 0, 9, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            row_counts = _count_rows_by_sheet(pdf)
        assert all(rows > 1 for rows in row_counts.values())


def test_no_font_size_of_the_template_is_below_24_pixels() -> None:
    source = files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_text(encoding="utf-8")
    named = dict(re.findall(r"#let (small|body) = (\d+) \* px", source))
    assert (int(named["small"]), int(named["body"])) == (24, 28)
    assert all(int(size) >= 24 for size in re.findall(r"text\(size: (\d+) \* px", source))


def test_the_sentence_of_an_empty_table_needs_no_further_sheet(edition_contents: Contents, tmp_path: Path) -> None:
    full = Table("t", "Bảng", (TableColumn("A"), TableColumn("B")), ((TableCell("a"), TableCell("b")),) * 13)
    contents = _build_contents(edition_contents, full, Table("none", "Nhiệm vụ", COLUMNS, (), "Không có phụ lục."))
    layout = Typesetter(contents, NOW, tmp_path).measure(contents.pages)
    assert (layout.row_counts, layout.sheet_count, layout.page_sheets) == ({"t": 13}, 1, (1,))


def _draw_first_page(contents: Contents, folder: Path) -> Image.Image:
    """Render the first page as an image."""
    typesetter = Typesetter(contents, NOW, folder)
    typesetter.measure(contents.pages)
    typesetter.draw(contents.pages, 0, 1, folder / "made.pdf")
    with open_page_images(folder, ["page"]) as images:
        images.draw(folder / "made.pdf", 1)
    with Image.open(folder / "01-page.png") as picture:
        picture.load()
        return picture


def test_a_very_long_word_stays_in_its_column(edition_contents: Contents, tmp_path: Path) -> None:
    columns = tuple(TableColumn(str(number)) for number in range(6))
    row = (TableCell("W" * 200), *(TableCell() for _ in range(5)))
    contents = _build_contents(edition_contents, Table("t", "Bảng", columns, (row,)))
    grey = _draw_first_page(contents, tmp_path).convert("L")
    darkest = [min(grey.crop((left, 260, left + 290, 340)).tobytes()) for left in (62, 365)]
    assert darkest[0] < 100
    assert darkest[1] == 255


def test_a_word_breaks_only_if_it_is_wider_than_its_column(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    columns = tuple(TableColumn(name) for name in ("Organisations", "B", "C", "D", "E", "F"))
    breakable = TableCell("Internationalisation", subtext="organisations, telecommunications")
    endless = TableCell("Consumer-protectionorganisationsofthenation")
    table = Table("t", "Bảng", columns, ((breakable, endless, TableCell(), TableCell(), TableCell(), TableCell()),))
    contents = replace(_build_contents(edition_contents, table), sample="")
    pdf, *_ = write_pages(contents, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        text = document[0].get_textpage().get_text_range()
    for word in (
        "Organisations",
        "Internationalisation",
        "organisations,",
        "telecommunications",
        "Consumer-",
    ):
        assert word in text
    assert "\u200b" in text
    assert "protectionorganisationsofthenation" not in text


def test_a_day_stays_on_one_line(edition_contents: Contents, figures: EditionFigures, tmp_path: Path) -> None:
    columns = tuple(TableColumn(name) for name in "ABCDEF")
    days = [f"{'a' * length} 15/11/2026" for length in range(3, 15)]
    rows = tuple((TableCell(day, subtext=f"{day}, {day}"), *(TableCell() for _ in range(5))) for day in days)
    contents = replace(_build_contents(edition_contents, Table("t", "Bảng", columns, rows)), sample="")
    pdf, *_ = write_pages(contents, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert text.count("15/11/2026") >= 3 * len(days)


def test_all_tiles_have_the_height_of_the_highest(edition_contents: Contents, tmp_path: Path) -> None:
    block = next(block for block in edition_contents.pages[0].blocks if isinstance(block, Tiles))
    changes = ("thêm 13 so với lần trước", *["như lần trước"] * 5)
    tiles = tuple(replace(tile, change_text=change) for tile, change in zip(block.tiles, changes, strict=True))
    contents = replace(
        edition_contents,
        pages=(replace(edition_contents.pages[0], blocks=(replace(block, tiles=tiles, footnote=""),)),),
    )
    image = _draw_first_page(contents, tmp_path).convert("RGB")
    ends = []
    for at in range(6):
        left = 60 + at * (1800 - 5 * 16) // 6 + at * 16 + 200
        column = [image.getpixel((left, y)) for y in range(150, 600)]
        ends.append(max(y for y, colour in enumerate(column) if colour != (255, 255, 255)))
    assert len(set(ends)) == 1


def test_a_row_is_not_split_and_a_short_table_stays_together(edition_contents: Contents, tmp_path: Path) -> None:
    columns = tuple(TableColumn(name) for name in "ABCD")
    short, high = TableCell("a"), TableCell("chữ " * 36)
    for number in (3, 5, 7, 9):
        first = Table("t", "Bảng", columns, ((short,) * 4,) * number)
        few = Table("few", "Bảng", columns, ((high, short, short, short),) * 3)
        contents = _build_contents(edition_contents, first, few)
        typesetter = Typesetter(contents, NOW, tmp_path)
        assert typesetter.measure(contents.pages).row_counts == {"t": number, "few": 3}
        typesetter.draw(contents.pages, 0, 2, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            row_counts = list(_count_rows_by_sheet(pdf).values())
        assert row_counts in ([number + 7], [number + 2, 5])  # titles and heads are rows too


def test_a_missing_row_fails_the_export(edition_contents: Contents) -> None:
    row_counts = {table.key: len(table.rows) for table in edition_contents.tables}
    check_row_counts(edition_contents, row_counts, "pages.pdf")
    with pytest.raises(RowsLostError):
        check_row_counts(edition_contents, {**row_counts, "matrix": 4}, "pages.pdf")


@pytest.mark.parametrize("number", [9, 10, 11, 12, 13])
def test_the_ending_of_a_table_stands_on_the_sheet_of_its_last_row(
    edition_contents: Contents, tmp_path: Path, number: int
) -> None:
    table = replace(Table("t", "Bảng", COLUMNS, _build_rows(number, "hai dòng")), ending="và 22 mục nữa")
    contents = _build_contents(edition_contents, table)
    pdf, *_ = write_pages(contents, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    [ending] = [text for text in texts if "và 22 mục nữa" in text]
    assert ending == texts[-1]
    assert f"{number - 1} hai dòng" in ending
