"""Merging PDFs: pages in order, one structure tree with unique keys, equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from kpis.pack.pdf.merge_pdf import merge_pdfs
from kpis.pack.pdf.typesetting import Typesetter
from tests.pack.fixtures import NOW
from tests.pack.handmade_contents import build_small_contents, build_table


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three PDFs by Typst with one, two and one sheets; the rows name their part."""
    folder = tmp_path_factory.mktemp("parts")
    paths = []
    for number, rows in enumerate((2, 30, 3)):
        contents = build_small_contents(build_table(*[(f"part{number}", "x")] * rows))
        work_folder = folder / str(number)
        work_folder.mkdir()
        typesetter = Typesetter(contents, NOW, work_folder)
        assert typesetter.measure(contents.pages).row_counts == {"t": rows}
        typesetter.draw(contents.pages, number, 9, folder / f"part-{number}.pdf")
        paths.append(folder / f"part-{number}.pdf")
    return paths


def _read_sheet_texts(path: Path) -> list[str]:
    with closing(pypdfium2.PdfDocument(path)) as document:
        return [sheet.get_textpage().get_text_range() for sheet in document]


def _count_pages(paths: Sequence[Path]) -> list[int]:
    return [len(_read_sheet_texts(path)) for path in paths]


def test_a_single_part_is_returned_as_it_is(parts: list[Path], tmp_path: Path) -> None:
    assert merge_pdfs(parts[:1], tmp_path / "merged.pdf") == parts[0]
    assert not (tmp_path / "merged.pdf").exists()


def test_the_sheets_of_all_parts_follow_in_order(parts: list[Path], tmp_path: Path) -> None:
    merged = merge_pdfs(parts, tmp_path / "merged.pdf")
    assert merged == tmp_path / "merged.pdf"
    texts = _read_sheet_texts(merged)
    assert _count_pages(parts) == [1, 2, 1]
    for text, part in zip(texts, (0, 1, 1, 2), strict=True):
        assert {number for number in range(3) if f"part{number}" in text} == {part}
    assert texts == [text for path in parts for text in _read_sheet_texts(path)]


def test_the_structure_tree_has_the_elements_of_all_parts_under_unique_keys(parts: list[Path], tmp_path: Path) -> None:
    merged = merge_pdfs(parts, tmp_path / "merged.pdf")
    children = 0
    for path in parts:
        with pikepdf.open(path) as part:
            children += len(part.Root.StructTreeRoot.K)
    with pikepdf.open(merged) as document:
        root = document.Root.StructTreeRoot
        keys = [int(key) for key in root.ParentTree.Nums[::2]]
        assert keys == list(range(len(keys)))
        assert int(root.ParentTreeNextKey) == len(keys)
        page_keys = [int(page.obj["/StructParents"]) for page in document.pages]
        assert len(set(page_keys)) == len(page_keys)
        assert set(page_keys) <= set(keys)
        assert len(root.K) == children
        assert all(child.P.objgen == root.objgen for child in root.K)


def test_a_sheets_marked_content_leads_to_elements_of_the_same_sheet(parts: list[Path], tmp_path: Path) -> None:
    with pikepdf.open(merge_pdfs(parts, tmp_path / "merged.pdf")) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        elements_by_key = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        for page in document.pages:
            elements = elements_by_key[int(page.obj["/StructParents"])]
            sheets = {element["/Pg"].objgen for element in elements if "/Pg" in element}
            assert sheets == {page.obj.objgen}


def test_equal_parts_give_equal_bytes(parts: list[Path], tmp_path: Path) -> None:
    first, second = (merge_pdfs(parts, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second
    assert merge_pdfs(parts[::-1], tmp_path / "c.pdf").read_bytes() != first


def test_the_parts_are_not_changed(parts: list[Path], tmp_path: Path) -> None:
    before_merging = [path.read_bytes() for path in parts]
    merge_pdfs(parts, tmp_path / "merged.pdf")
    assert [path.read_bytes() for path in parts] == before_merging
