"""The pages as files: their size, number and rows; names of 200 characters, 34 provinces, 90 tasks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from PIL import Image

from kpis.charts import fonts
from kpis.pack import typeset, typst_data
from kpis.pack.contents import Cell, Column, Contents, Page, Table
from kpis.pack.figures import Figures
from kpis.pack.typeset import HEIGHT, WIDTH, write_pages
from kpis.pack.writers import RowsLostError, compare_rows
from tests.pack.conftest import NOW

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
            assert picture.size == (WIDTH, HEIGHT)
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
    typst_data.write(made, NOW, tmp_path)
    template = Path(typeset.__file__).parent / "templates" / "pages.typ"
    (tmp_path / "pages.typ").write_bytes(template.read_bytes())
    source = tmp_path / "pages.typ"
    compiler = typst.Compiler(
        str(source), root=str(tmp_path), font_paths=[str(fonts.folder())], ignore_system_fonts=True
    )
    found: dict[str, int] = {}
    for key in json.loads(compiler.query("<row>", field="value")):
        found[key] = found.get(key, 0) + 1
    compare_rows(made, found, "pages.pdf")


def test_a_row_that_is_missing_fails_the_export(whole: Contents) -> None:
    found = {table.key: len(table.rows) for table in whole.tables}
    compare_rows(whole, found, "pages.pdf")
    with pytest.raises(RowsLostError):
        compare_rows(whole, {**found, "matrix": 4}, "pages.pdf")
