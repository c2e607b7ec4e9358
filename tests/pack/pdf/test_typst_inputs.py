"""The files that the Typst template reads: data of all pages, pages of a run, signs and charts."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kpis.charts import palette
from kpis.charts.specs import BulletValues
from kpis.pack.pages.contents import Block, Note, TableCell, Tile, Tiles
from kpis.pack.pdf.typst_inputs import TypstInputs, list_colours
from tests.pack.fixtures import NOW
from tests.pack.handmade_contents import BULLET, build_small_contents, build_table

TILES = Tiles((Tile("overdue", "Quá hạn", 1234, 3, 2000, "thêm 1"),), "2 muộn")


def _write(root: Path, *blocks: Block) -> TypstInputs:
    contents = build_small_contents(*blocks, sample="Minh họa")
    inputs = TypstInputs(contents, NOW, root)
    inputs.write_pages(contents.pages)
    return inputs


def _read(root: Path, name: str) -> Any:
    return json.loads((root / f"{name}.json").read_text(encoding="utf-8"))


def test_the_common_data_are_the_footer_language_sample_and_sealing_time(tmp_path: Path) -> None:
    _write(tmp_path)
    data = _read(tmp_path, "data")
    assert data["footer"] == ["Giao ban", "Ngày", "Hà Nội", "lập", "bản 1", "Minh họa"]
    assert (data["lang"], data["sample"], data["continued"]) == ("vi", "Minh họa", "(tiếp)")
    assert data["page_number"] == "trang {page}/{pages}"
    assert data["sealed_at"] == {"year": 2026, "month": 11, "day": 21, "hour": 3, "minute": 0, "second": 0}


def test_every_state_has_a_colour_and_a_sign_that_is_valid_svg(tmp_path: Path) -> None:
    _write(tmp_path)
    states = {*palette.STATUS_STYLES, *palette.TASK_STATE_STYLES}
    assert set(_read(tmp_path, "data")["colours"]["states"]) == states
    for state in states:
        root = ElementTree.parse(tmp_path / f"sign-{state}.svg").getroot()  # noqa: S314 - our own
        assert root.tag.endswith("svg")
        assert root[0].get("fill") == palette.get_style(state).colour.light


def test_sheet_numbers_are_zero_until_they_are_written(tmp_path: Path) -> None:
    inputs = _write(tmp_path)
    assert _read(tmp_path, "numbers") == {"before": 0, "total": 0}
    inputs.write_sheet_numbers(3, 9)
    assert _read(tmp_path, "numbers") == {"before": 3, "total": 9}


def test_tiles_and_notes_are_written_with_formatted_numbers(tmp_path: Path) -> None:
    _write(tmp_path, TILES, Note("Cảnh báo", "no_data", strong=True))
    [page] = _read(tmp_path, "pages")
    assert (page["title"], page["subtitle"]) == ("Trang", "Kế hoạch")
    tiles, note = page["blocks"]
    tile = {"state": "overdue", "label": "Quá hạn", "number": "1.234", "total": "2.000", "change": "thêm 1"}
    assert tiles == {"kind": "tiles", "tiles": [tile], "footnote": "2 muộn"}
    assert note == {"kind": "note", "text": "Cảnh báo", "state": "no_data", "strong": True}


def test_a_table_is_written_with_columns_and_cells(tmp_path: Path) -> None:
    cell = TableCell("24/50", "behind", "Chậm", 24, bar_length=0.48, bar_mark=0.8, more_cells=(TableCell("1"),))
    _write(tmp_path, build_table(("a", cell)))
    [table] = _read(tmp_path, "pages")[0]["blocks"]
    assert (table["kind"], table["key"], table["title"]) == ("table", "t", "Bảng")
    assert table["columns"][0] == {"title": "A", "kind": "text", "width": 1.0}
    [[first, second]] = table["rows"]
    assert first["text"] == "a"
    assert (second["state"], second["subtext"], second["bar_length"], second["bar_mark"]) == (
        "behind",
        "Chậm",
        0.48,
        0.8,
    )
    assert [more["text"] for more in second["more_cells"]] == ["1"]


def test_equal_charts_are_drawn_once_also_in_a_later_run(tmp_path: Path) -> None:
    other = BulletValues(1, 2, None, None, "attained")
    inputs = _write(tmp_path, build_table((TableCell(bullet=BULLET), TableCell(bullet=BULLET))))
    [[first, second]] = _read(tmp_path, "pages")[0]["blocks"][0]["rows"]
    assert first["bullet"] == second["bullet"] == "bullet-1.svg"
    later = build_small_contents(build_table((TableCell(bullet=other), TableCell(bullet=BULLET), "a")))
    inputs.write_pages(later.pages)
    [cells] = _read(tmp_path, "pages")[0]["blocks"][0]["rows"]
    assert [cell["bullet"] for cell in cells] == ["bullet-2.svg", "bullet-1.svg", None]
    assert sorted(path.name for path in tmp_path.glob("bullet-*.svg")) == ["bullet-1.svg", "bullet-2.svg"]


def test_the_pages_file_has_only_the_pages_of_the_last_run(tmp_path: Path) -> None:
    inputs = _write(tmp_path, Note("một"))
    inputs.write_pages(build_small_contents(Note("hai")).pages)
    assert [block["text"] for page in _read(tmp_path, "pages") for block in page["blocks"]] == ["hai"]


def test_colours_are_hexadecimal_and_each_is_listed_once() -> None:
    colours = list_colours()
    assert len(set(colours)) == len(colours) > 10
    assert all(re.fullmatch(r"#[0-9a-fA-F]{6}", colour) for colour in colours)


@pytest.mark.parametrize("variable", ["data", "numbers", "page-data", "block-data", "tile", "column", "cell"])
def test_the_template_reads_only_keys_that_are_written(variable: str, tmp_path: Path) -> None:
    _write(tmp_path, TILES, Note("a"), build_table((TableCell("a", more_cells=(TableCell(),)),)))
    [page] = _read(tmp_path, "pages")
    tiles, note, table = page["blocks"]
    written: dict[str, set[str]] = {
        "data": set(_read(tmp_path, "data")),
        "numbers": set(_read(tmp_path, "numbers")),
        "page-data": set(page),
        "block-data": {*tiles, *note, *table},
        "tile": set(tiles["tiles"][0]),
        "column": set(table["columns"][0]),
        "cell": set(table["rows"][0][0]),
    }
    template = files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_text(encoding="utf-8")
    code = re.sub(r'//.*|"[^"]*"', "", template)
    used = set(re.findall(rf"(?<![\w-]){variable}\.(\w+)", code))
    assert used
    assert used <= written[variable]
