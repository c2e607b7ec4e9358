"""Page images: size, order, exact colours, and errors of a page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from kpis.charts import palette
from kpis.pack.pages.contents import Tile, Tiles
from kpis.pack.pdf.page_images import open_page_images
from kpis.pack.pdf.typesetting import Typesetter
from kpis.pack.pdf.typst_inputs import list_colours
from tests.pack.fixtures import NOW
from tests.pack.handmade_contents import build_small_contents, build_table

NAMES = "abc" * 50


def _parse_colour(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF of two sheets: a tile on the first, a table over both."""
    folder = tmp_path_factory.mktemp("images")
    tiles = Tiles((Tile("overdue", "Quá hạn", 1, 0, 2, "thêm 1"),))
    contents = build_small_contents(tiles, build_table(*[("a", "b")] * 25), sample="Minh họa")
    typesetter = Typesetter(contents, NOW, folder)
    assert typesetter.measure(contents.pages).sheet_count == 2
    typesetter.draw(contents.pages, 0, 2, folder / "pages.pdf")
    return folder / "pages.pdf"


def _draw(folder: Path, *pdfs: tuple[Path, int]) -> list[Path]:
    with open_page_images(folder, NAMES) as images:
        for path, sheets in pdfs:
            images.draw(path, sheets)
        return list(images.finish())


def test_every_sheet_is_an_image_of_1920_by_1080_in_order(pdf: Path, tmp_path: Path) -> None:
    paths = _draw(tmp_path, (pdf, 2), (pdf, 1))
    assert [path.name for path in paths] == ["01-a.png", "02-b.png", "03-c.png"]
    for path in paths:
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("PNG", "P", (1920, 1080))
    first, second, third = (path.read_bytes() for path in paths)
    assert first == third != second


def test_all_images_are_written_when_the_context_ends(pdf: Path, tmp_path: Path) -> None:
    with open_page_images(tmp_path, NAMES) as images:
        images.draw(pdf, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01-a.png", "02-b.png"]


def test_white_and_the_colours_of_the_design_are_exact(pdf: Path, tmp_path: Path) -> None:
    [path, _] = _draw(tmp_path, (pdf, 2))
    with Image.open(path) as image:
        counts = {colour: count for count, colour in image.convert("RGB").getcolors(1 << 16) or ()}
    commonest = max(counts, key=lambda colour: counts[colour])
    assert commonest == (255, 255, 255)
    for colour in (palette.get_style("overdue").colour, palette.RAISED_SURFACE, palette.SAMPLE_BACKGROUND):
        assert _parse_colour(colour.light) in counts


def test_the_palette_has_at_most_256_colours_and_all_of_the_design(pdf: Path, tmp_path: Path) -> None:
    [path, _] = _draw(tmp_path, (pdf, 2))
    with Image.open(path) as image:
        flat = image.getpalette() or []
    colours = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    assert len(colours) <= 256
    assert {_parse_colour(colour) for colour in list_colours()} <= set(colours)


def test_an_image_is_nearly_the_rendered_page(pdf: Path, tmp_path: Path) -> None:
    [path, _] = _draw(tmp_path, (pdf, 2))
    document = pypdfium2.PdfDocument(pdf)
    rendered = document[0].render(scale=2.0, rev_byteorder=True).to_pil().convert("L").copy()
    document.close()
    with Image.open(path) as image:
        drawn = image.convert("L")
    pairs = zip(rendered.tobytes(), drawn.tobytes(), strict=True)
    differences = [abs(first - second) for first, second in pairs]
    assert sum(differences) / len(differences) < 1
    assert sum(difference > 40 for difference in differences) < len(differences) / 1000


def test_equal_pages_give_equal_bytes(pdf: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = _draw(tmp_path / "a", (pdf, 2)), _draw(tmp_path / "b", (pdf, 2))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_pdf_that_cannot_be_read_is_raised_when_finishing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(pypdfium2.PdfiumError), open_page_images(tmp_path, NAMES) as images:
        images.draw(broken, 1)
        images.finish()


def test_an_error_inside_cancels_the_pending_images(pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_page_images(tmp_path, NAMES) as images:
        for _ in range(50):
            images.draw(pdf, 2)
        raise KeyboardInterrupt
    assert len(list(tmp_path.iterdir())) < 20
