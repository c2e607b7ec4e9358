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

from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Cell, Column, Contents, Page, Table, Tiles
from kpis.pack.pages.row_counts import RowsLostError, compare_rows
from kpis.pack.pdf import typesetting
from kpis.pack.pdf.page_images import pictures
from kpis.pack.pdf.typesetting import Typesetter, write_pages
from tests.pack.fixtures import NOW

LONG = ("Ủy ban nhân dân xã Nguyễn Bỉnh Khiêm " * 6)[:200]
MARKUP = '#panic("x") *đậm* _nghiêng_ $x$ <b> \\ [a] @b = + - `c` //'


def _small(whole: Contents, *tables: Table) -> Contents:
    page = Page("place-x", "place", LONG, LONG, tables)
    return replace(whole, pages=(page,))


def _rows(number: int, text: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (Cell(f"{n} {text}", small=text), Cell(text, "behind"), Cell("x" * 200)) for n in range(number)
    )


COLUMNS = (Column("A"), Column(LONG, "status"), Column("C", "number"))


def test_a_long_table_goes_on_over_pages_with_every_row(
    whole: Contents, figures: Figures, tmp_path: Path
) -> None:
    made = _small(whole, Table("tasks", LONG, COLUMNS, _rows(90, LONG)), Table("none", "B", COLUMNS, ()))
    paths = write_pages(figures, made, tmp_path, NOW)
    assert len(paths) > 10
    assert not list(tmp_path.glob(".typst-*"))


def test_every_sheet_names_the_table_that_goes_on(whole: Contents, figures: Figures, tmp_path: Path) -> None:
    made = _small(whole, Table("t", "Bảng dài", COLUMNS, _rows(60, "dòng"), note="cả ghi chú"))
    pdf, *pictures = write_pages(figures, made, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        texts = [sheet.get_textpage().get_text_range() for sheet in opened]
    assert len(texts) == len(pictures) > 2
    assert all("Bảng dài" in text and "cả ghi chú" in text for text in texts)


def test_text_is_never_markup(whole: Contents, figures: Figures, tmp_path: Path) -> None:
    made = _small(whole, Table("t", MARKUP, COLUMNS, _rows(1, MARKUP), note=MARKUP))
    assert len(write_pages(figures, made, tmp_path, NOW)) == 2


def test_a_page_is_a_small_picture_of_the_size_of_a_projector(
    whole: Contents, figures: Figures, tmp_path: Path
) -> None:
    made = replace(whole, pages=whole.pages[:1])
    pdf, *pictures = write_pages(figures, made, tmp_path, NOW)
    assert pdf.read_bytes().startswith(b"%PDF")
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
        assert path.stat().st_size < 1_000_000


def test_equal_contents_give_equal_bytes(whole: Contents, figures: Figures, tmp_path: Path) -> None:
    made = replace(whole, pages=(whole.pages[-1],))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = write_pages(figures, made, tmp_path / "a", NOW)
    second = write_pages(figures, made, tmp_path / "b", NOW)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_thirty_four_provinces_stand_in_the_matrix_and_each_page_has_its_own_title(
    whole: Contents, tmp_path: Path
) -> None:
    matrix = whole.tables[0]
    many = replace(matrix, rows=tuple(row for _ in range(7) for row in matrix.rows)[:34])
    pages = [
        replace(
            whole.pages[2],
            key=f"p{n}",
            title=f"Tỉnh {n}",
            blocks=(replace(many, key=f"m{n}", rows=many.rows[: n * 5]),),
        )
        for n in range(1, 8)
    ]
    made = replace(whole, pages=tuple(pages))
    found, _ = Typesetter(made, NOW, tmp_path).measure(made.pages)
    compare_rows(made, found, "pages.pdf")


def test_a_long_edition_is_set_in_runs_and_joined_with_every_sheet_and_its_structure(
    whole: Contents, figures: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    made = replace(whole, pages=whole.pages[3:])
    at_once, *drawn = write_pages(figures, made, tmp_path / "a", NOW)
    assert len(list(typesetting.runs_of(made.pages))) == 1
    monkeypatch.setattr(typesetting, "_ROWS", 10)
    monkeypatch.setattr(typesetting, "_FEW", 10)
    assert len(list(typesetting.runs_of(made.pages))) > 2
    joined, *apart = write_pages(figures, made, tmp_path / "b", NOW)
    assert [path.name for path in apart] == [path.name for path in drawn]
    assert [path.read_bytes() for path in apart] == [path.read_bytes() for path in drawn]
    with pikepdf.open(at_once) as one, pikepdf.open(joined) as several:
        assert len(several.pages) == len(one.pages) == len(drawn)
        assert _rows_of(several) == _rows_of(one) > 0
        keys = [int(page.obj["/StructParents"]) for page in several.pages]
        marked = [int(key) for key in several.Root.StructTreeRoot.ParentTree.Nums[::2]]
        assert sorted(set(keys)) == sorted(keys)
        assert set(keys) <= set(marked) == set(range(len(marked)))
    again, *_ = write_pages(figures, made, tmp_path / "c", NOW)
    assert again.read_bytes() == joined.read_bytes()
    (tmp_path / "d").mkdir()
    with pictures(tmp_path / "d") as shown:
        shown.draw(joined, len(drawn))
    assert [path.read_bytes() for path in shown.paths] == [path.read_bytes() for path in drawn]


def _rows_of(pdf: pikepdf.Pdf) -> int:
    return sum(_rows_by_sheet(pdf).values())


def _rows_by_sheet(pdf: pikepdf.Pdf) -> Counter[tuple[int, int]]:
    """The rows of all tables, as a screen reader finds them, by the sheet that they begin on."""
    return Counter(
        next(one["/Pg"].objgen for one in _below(element) if "/Pg" in one)
        for element in _below(pdf.Root.StructTreeRoot)
        if element.get("/S") == "/TR"
    )


def _below(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    children: Any = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _below(child)


def test_no_sheet_holds_but_the_last_row_of_a_table(whole: Contents, tmp_path: Path) -> None:
    for number in (19, 20, 21, 22, 23):
        made = _small(whole, Table("t", "Bảng", COLUMNS, _rows(number, "hai dòng")))
        typesetter = Typesetter(made, NOW, tmp_path)
        assert typesetter.measure(made.pages)[0] == {"t": number}
        typesetter.draw(made.pages, 0, 9, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            found = _rows_by_sheet(pdf)
        assert all(rows > 1 for rows in found.values())


def test_letters_can_be_read_from_the_back_of_a_room() -> None:
    source = files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_text(encoding="utf-8")
    named = dict(re.findall(r"#let (small|body) = (\d+) \* px", source))
    assert (int(named["small"]), int(named["body"])) == (24, 28)
    assert all(int(size) >= 24 for size in re.findall(r"text\(size: (\d+) \* px", source))


def test_the_sentence_of_an_empty_table_stays_on_the_page(whole: Contents, tmp_path: Path) -> None:
    full = Table("t", "Bảng", (Column("A"), Column("B")), ((Cell("a"), Cell("b")),) * 13)
    made = _small(whole, full, Table("none", "Nhiệm vụ", COLUMNS, (), "Không có phụ lục."))
    assert Typesetter(made, NOW, tmp_path).measure(made.pages) == ({"t": 13}, 1)


def _picture(made: Contents, folder: Path) -> Image.Image:
    """The first page as it is drawn."""
    typesetter = Typesetter(made, NOW, folder)
    typesetter.measure(made.pages)
    typesetter.draw(made.pages, 0, 1, folder / "made.pdf")
    with pictures(folder) as drawn:
        drawn.draw(folder / "made.pdf", 1)
    with Image.open(folder / "page-01.png") as picture:
        picture.load()
        return picture


def test_a_word_without_end_stays_in_its_column(whole: Contents, tmp_path: Path) -> None:
    columns = tuple(Column(str(number)) for number in range(6))
    row = (Cell("W" * 200), *(Cell() for _ in range(5)))
    made = _small(whole, Table("t", "Bảng", columns, (row,)))
    grey = _picture(made, tmp_path).convert("L")
    darkest = [min(grey.crop((left, 260, left + 290, 340)).tobytes()) for left in (62, 365)]
    assert darkest[0] < 100
    assert darkest[1] == 255


def test_a_word_breaks_only_where_its_column_cannot_take_it(
    whole: Contents, figures: Figures, tmp_path: Path
) -> None:
    columns = tuple(Column(name) for name in ("Organisations", "B", "C", "D", "E", "F"))
    said = Cell("Internationalisation", small="organisations, telecommunications")
    endless = Cell("Consumer-protectionorganisationsofthenation")
    table = Table("t", "Bảng", columns, ((said, endless, Cell(), Cell(), Cell(), Cell()),))
    made = replace(_small(whole, table), sample="")
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


def test_tiles_are_as_high_as_the_one_that_needs_most_lines(whole: Contents, tmp_path: Path) -> None:
    block = next(one for one in whole.pages[0].blocks if isinstance(one, Tiles))
    changes = ("thêm 13 so với lần trước", *["như lần trước"] * 5)
    tiles = tuple(replace(tile, change=change) for tile, change in zip(block.tiles, changes, strict=True))
    made = replace(whole, pages=(replace(whole.pages[0], blocks=(replace(block, tiles=tiles, aside=""),)),))
    shown = _picture(made, tmp_path).convert("RGB")
    ends = []
    for at in range(6):
        left = 60 + at * (1800 - 5 * 16) // 6 + at * 16 + 200
        column = [shown.getpixel((left, y)) for y in range(150, 600)]
        ends.append(max(y for y, colour in enumerate(column) if colour != (255, 255, 255)))
    assert len(set(ends)) == 1


def test_a_row_stands_on_one_page_and_a_few_rows_stand_together(whole: Contents, tmp_path: Path) -> None:
    columns = tuple(Column(name) for name in "ABCD")
    short, high = Cell("a"), Cell("chữ " * 36)
    for number in (3, 5, 7, 9):
        first = Table("t", "Bảng", columns, ((short,) * 4,) * number)
        few = Table("few", "Bảng", columns, ((high, short, short, short),) * 3)
        made = _small(whole, first, few)
        typesetter = Typesetter(made, NOW, tmp_path)
        assert typesetter.measure(made.pages)[0] == {"t": number, "few": 3}
        typesetter.draw(made.pages, 0, 2, tmp_path / "made.pdf")
        with pikepdf.open(tmp_path / "made.pdf") as pdf:
            found = list(_rows_by_sheet(pdf).values())
        assert found in ([number + 7], [number + 2, 5])  # titles and heads are rows too


def test_a_row_that_is_missing_fails_the_export(whole: Contents) -> None:
    found = {table.key: len(table.rows) for table in whole.tables}
    compare_rows(whole, found, "pages.pdf")
    with pytest.raises(RowsLostError):
        compare_rows(whole, {**found, "matrix": 4}, "pages.pdf")
