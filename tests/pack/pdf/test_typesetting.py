"""The pages as files: their size, number and rows; names of 200 characters, 34 provinces, 90 tasks."""

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

from kpis.pack.figures.gather import EditionFigures
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
        (TableCell(f"{n} {text}", subtext=text), TableCell(text, "behind"), TableCell("x" * 200))
        for n in range(number)
    )


COLUMNS = (TableColumn("A"), TableColumn(LONG, "status"), TableColumn("C", "number"))


def test_a_long_table_goes_on_over_pages_with_every_row(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    made = _build_contents(
        edition_contents,
        Table("tasks", LONG, COLUMNS, _build_rows(90, LONG)),
        Table("none", "B", COLUMNS, ()),
    )
    paths = write_pages(figures, made, tmp_path, NOW)
    assert len(paths) > 10
    assert not list(tmp_path.glob(".typst-*"))


def test_every_sheet_names_the_table_that_goes_on(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    made = _build_contents(
        edition_contents, Table("t", "Bảng dài", COLUMNS, _build_rows(60, "dòng"), note="cả ghi chú")
    )
    pdf, *pictures = write_pages(figures, made, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        texts = [sheet.get_textpage().get_text_range() for sheet in opened]
    assert len(texts) == len(pictures) > 2
    assert all("Bảng dài" in text and "cả ghi chú" in text for text in texts)


def test_text_is_never_markup(edition_contents: Contents, figures: EditionFigures, tmp_path: Path) -> None:
    made = _build_contents(edition_contents, Table("t", MARKUP, COLUMNS, _build_rows(1, MARKUP), note=MARKUP))
    assert len(write_pages(figures, made, tmp_path, NOW)) == 2


def test_a_page_is_a_small_picture_of_the_size_of_a_projector(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    made = replace(edition_contents, pages=edition_contents.pages[:1])
    pdf, *pictures = write_pages(figures, made, tmp_path, NOW)
    assert pdf.read_bytes().startswith(b"%PDF")
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
        assert path.stat().st_size < 1_000_000


def test_equal_contents_give_equal_bytes(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    made = replace(edition_contents, pages=(edition_contents.pages[-1],))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = write_pages(figures, made, tmp_path / "a", NOW)
    second = write_pages(figures, made, tmp_path / "b", NOW)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_thirty_four_provinces_stand_in_the_matrix_and_each_page_has_its_own_title(
    edition_contents: Contents, tmp_path: Path
) -> None:
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
    made = replace(edition_contents, pages=tuple(pages))
    found, _ = Typesetter(made, NOW, tmp_path).measure(made.pages)
    check_row_counts(made, found, "pages.pdf")


def test_a_long_edition_is_set_in_runs_and_joined_with_every_sheet_and_its_structure(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    made = replace(edition_contents, pages=edition_contents.pages[3:])
    at_once, *drawn = write_pages(figures, made, tmp_path / "a", NOW)
    assert len(list(typesetting.split_into_runs(made.pages))) == 1
    monkeypatch.setattr(typesetting, "_ROWS_PER_RUN", 10)
    monkeypatch.setattr(typesetting, "_SINGLE_RUN_ROWS", 10)
    assert len(list(typesetting.split_into_runs(made.pages))) > 2
    joined, *apart = write_pages(figures, made, tmp_path / "b", NOW)
    assert [path.name for path in apart] == [path.name for path in drawn]
    assert [path.read_bytes() for path in apart] == [path.read_bytes() for path in drawn]
    with pikepdf.open(at_once) as one, pikepdf.open(joined) as several:
        assert len(several.pages) == len(one.pages) == len(drawn)
        assert _count_rows(several) == _count_rows(one) > 0
        keys = [int(page.obj["/StructParents"]) for page in several.pages]
        marked = [int(key) for key in several.Root.StructTreeRoot.ParentTree.Nums[::2]]
        assert sorted(set(keys)) == sorted(keys)
        assert set(keys) <= set(marked) == set(range(len(marked)))
    again, *_ = write_pages(figures, made, tmp_path / "c", NOW)
    assert again.read_bytes() == joined.read_bytes()
    (tmp_path / "d").mkdir()
    with open_page_images(tmp_path / "d") as shown:
        shown.draw(joined, len(drawn))
    assert [path.read_bytes() for path in shown.paths] == [path.read_bytes() for path in drawn]


def _count_rows(pdf: pikepdf.Pdf) -> int:
    return sum(_count_rows_by_sheet(pdf).values())


def _count_rows_by_sheet(pdf: pikepdf.Pdf) -> Counter[tuple[int, int]]:
    """The rows of all tables, as a screen reader finds them, by the sheet that they begin on."""
    return Counter(
        next(one["/Pg"].objgen for one in _walk(element) if "/Pg" in one)
        for element in _walk(pdf.Root.StructTreeRoot)
        if element.get("/S") == "/TR"
    )


def _walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    children: Any = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _walk(child)


def test_no_sheet_holds_but_the_last_row_of_a_table(edition_contents: Contents, tmp_path: Path) -> None:
    for number in (19, 20, 21, 22, 23):
        made = _build_contents(edition_contents, Table("t", "Bảng", COLUMNS, _build_rows(number, "hai dòng")))
        typesetter = Typesetter(made, NOW, tmp_path)
        assert typesetter.measure(made.pages)[0] == {"t": number}
        typesetter.draw(made.pages, 0, 9, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            found = _count_rows_by_sheet(pdf)
        assert all(rows > 1 for rows in found.values())


def test_letters_can_be_read_from_the_back_of_a_room() -> None:
    source = files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_text(encoding="utf-8")
    named = dict(re.findall(r"#let (small|body) = (\d+) \* px", source))
    assert (int(named["small"]), int(named["body"])) == (24, 28)
    assert all(int(size) >= 24 for size in re.findall(r"text\(size: (\d+) \* px", source))


def test_the_sentence_of_an_empty_table_stays_on_the_page(edition_contents: Contents, tmp_path: Path) -> None:
    full = Table("t", "Bảng", (TableColumn("A"), TableColumn("B")), ((TableCell("a"), TableCell("b")),) * 13)
    made = _build_contents(
        edition_contents, full, Table("none", "Nhiệm vụ", COLUMNS, (), "Không có phụ lục.")
    )
    assert Typesetter(made, NOW, tmp_path).measure(made.pages) == ({"t": 13}, 1)


def _draw_first_page(contents: Contents, folder: Path) -> Image.Image:
    """The first page as it is drawn."""
    typesetter = Typesetter(contents, NOW, folder)
    typesetter.measure(contents.pages)
    typesetter.draw(contents.pages, 0, 1, folder / "made.pdf")
    with open_page_images(folder) as drawn:
        drawn.draw(folder / "made.pdf", 1)
    with Image.open(folder / "page-01.png") as picture:
        picture.load()
        return picture


def test_a_word_without_end_stays_in_its_column(edition_contents: Contents, tmp_path: Path) -> None:
    columns = tuple(TableColumn(str(number)) for number in range(6))
    row = (TableCell("W" * 200), *(TableCell() for _ in range(5)))
    made = _build_contents(edition_contents, Table("t", "Bảng", columns, (row,)))
    grey = _draw_first_page(made, tmp_path).convert("L")
    darkest = [min(grey.crop((left, 260, left + 290, 340)).tobytes()) for left in (62, 365)]
    assert darkest[0] < 100
    assert darkest[1] == 255


def test_a_word_breaks_only_where_its_column_cannot_take_it(
    edition_contents: Contents, figures: EditionFigures, tmp_path: Path
) -> None:
    columns = tuple(TableColumn(name) for name in ("Organisations", "B", "C", "D", "E", "F"))
    said = TableCell("Internationalisation", subtext="organisations, telecommunications")
    endless = TableCell("Consumer-protectionorganisationsofthenation")
    table = Table(
        "t", "Bảng", columns, ((said, endless, TableCell(), TableCell(), TableCell(), TableCell()),)
    )
    made = replace(_build_contents(edition_contents, table), sample="")
    pdf, *_ = write_pages(figures, made, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        text = opened[0].get_textpage().get_text_range()
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


def test_tiles_are_as_high_as_the_one_that_needs_most_lines(
    edition_contents: Contents, tmp_path: Path
) -> None:
    block = next(one for one in edition_contents.pages[0].blocks if isinstance(one, Tiles))
    changes = ("thêm 13 so với lần trước", *["như lần trước"] * 5)
    tiles = tuple(
        replace(tile, change_text=change) for tile, change in zip(block.tiles, changes, strict=True)
    )
    made = replace(
        edition_contents,
        pages=(replace(edition_contents.pages[0], blocks=(replace(block, tiles=tiles, footnote=""),)),),
    )
    shown = _draw_first_page(made, tmp_path).convert("RGB")
    ends = []
    for at in range(6):
        left = 60 + at * (1800 - 5 * 16) // 6 + at * 16 + 200
        column = [shown.getpixel((left, y)) for y in range(150, 600)]
        ends.append(max(y for y, colour in enumerate(column) if colour != (255, 255, 255)))
    assert len(set(ends)) == 1


def test_a_row_stands_on_one_page_and_a_few_rows_stand_together(
    edition_contents: Contents, tmp_path: Path
) -> None:
    columns = tuple(TableColumn(name) for name in "ABCD")
    short, high = TableCell("a"), TableCell("chữ " * 36)
    for number in (3, 5, 7, 9):
        first = Table("t", "Bảng", columns, ((short,) * 4,) * number)
        few = Table("few", "Bảng", columns, ((high, short, short, short),) * 3)
        made = _build_contents(edition_contents, first, few)
        typesetter = Typesetter(made, NOW, tmp_path)
        assert typesetter.measure(made.pages)[0] == {"t": number, "few": 3}
        typesetter.draw(made.pages, 0, 2, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            found = list(_count_rows_by_sheet(pdf).values())
        assert found in ([number + 7], [number + 2, 5])  # titles and heads are rows too


def test_a_row_that_is_missing_fails_the_export(edition_contents: Contents) -> None:
    found = {table.key: len(table.rows) for table in edition_contents.tables}
    check_row_counts(edition_contents, found, "pages.pdf")
    with pytest.raises(RowsLostError):
        check_row_counts(edition_contents, {**found, "matrix": 4}, "pages.pdf")
