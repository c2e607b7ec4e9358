"""Files are parsed in another process: within limits, and whatever one provokes is its own failure."""

from __future__ import annotations

import os
import signal
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from kpis.errors import SourceError
from kpis.language.messages import explain
from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import Source
from kpis.sources import bounds
from kpis.sources.file_parser import FileParser
from kpis.sources.parse_file import parse_source

NOW = datetime(2026, 11, 21, 2)
HEADER = ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng")
SHEET_PART = "xl/worksheets/sheet1.xml"


def write_workbook(path: Path, rows: int = 3) -> Source:
    """Write a workbook with a tab of ours; return it as a source."""
    with Workbook(path) as book:
        tab = book.add_worksheet("Tiến độ")
        tab.write_row(0, 0, HEADER)
        for number in range(1, rows + 1):
            tab.write_row(number, 0, ("15/03/2026", "Sở Công Thương", "Tin bài", number))
    return Source("a", "p", "workbook", str(path))


def replace_sheet(source: Source, old: str, new: str) -> None:
    """Replace text in the XML of the first tab."""
    path = Path(source.location)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET_PART] = parts[SHEET_PART].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_sheet_is_the_same_as_one_parsed_here_and_empty_cells_are_the_one(tmp_path: Path) -> None:
    source = write_workbook(tmp_path / "a.xlsx")
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "Tiến độ.csv").write_text(";".join(HEADER) + "\n1/3/2026;;Tin bài;5\n", encoding="utf-8")
    with FileParser() as parser:
        for file_source in (source, Source("b", "p", "folder", str(folder))):
            parsed = parser.parse(file_source, NOW)
            assert parsed.sheet == parse_source(file_source, NOW)
            assert parsed.digests is not None
        assert parsed.sheet.tabs[0].rows[1].cells[1] is EMPTY_CELL


def test_an_error_of_a_file_keeps_its_sentence_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"PK damaged")
    with FileParser() as parser:
        for name in ("thiếu.xlsx", "b.xlsx"):
            with pytest.raises(SourceError, match=name):
                parser.parse(Source("b", "p", "workbook", str(tmp_path / name)), NOW)
        assert parser.parse(write_workbook(tmp_path / "a.xlsx"), NOW).sheet.tabs


def test_an_error_within_a_sentence_keeps_its_language(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"<html><table></table></html>")
    with FileParser() as parser, pytest.raises(SourceError) as caught:
        parser.parse(Source("a", "p", "workbook", str(tmp_path / "a.xlsx")), NOW)
    assert explain(caught.value, "vi") == (
        "a.xlsx không phải là sổ tính Excel (.xlsx) mà là trang web (HTML). Hãy mở bằng Excel và lưu lại dạng .xlsx."
    )


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(tmp_path: Path) -> None:
    # A pipe that nobody writes to, as a share that hangs: the read never returns.
    (tmp_path / "csv").mkdir()
    hanging = tmp_path / "a.xlsx"
    os.mkfifo(hanging)
    good = write_workbook(tmp_path / "b.xlsx")
    with FileParser() as parser:
        parser.parse(good, NOW)
        parser._worker.seconds = 0.5
        with pytest.raises(SourceError, match=r"a\.xlsx takes longer than"):
            parser.parse(Source("a", "p", "workbook", str(hanging)), NOW)
        parser._worker.seconds = 60
        assert parser.parse(good, NOW).sheet.tabs


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_workbook(tmp_path / "a.xlsx")
    # Two hundred thousand rows of five hundred places each: a small file, gigabytes of cells.
    row = '<row r="{n}"><c r="SF{n}"><v>1</v></c></row>'
    rows = "".join(row.format(n=number) for number in range(10, 400_010))
    replace_sheet(source, "</sheetData>", rows + "</sheetData>")
    with FileParser() as parser:
        with pytest.raises(SourceError, match=r"a\.xlsx needs more than 1024 MB of memory"):
            parser.parse(source, NOW)
        assert parser.parse(write_workbook(tmp_path / "b.xlsx"), NOW).sheet.tabs


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_process_that_dies_is_replaced_and_the_file_is_named(tmp_path: Path, ending: signal.Signals) -> None:
    good = write_workbook(tmp_path / "a.xlsx")
    with FileParser() as parser:
        parser.parse(good, NOW)
        assert parser._worker._process is not None
        os.kill(parser._worker._process.pid, ending)
        with pytest.raises(SourceError, match=r"a\.xlsx"):
            parser.parse(good, NOW)
        assert parser.parse(good, NOW).sheet.tabs


def test_the_process_ends_with_the_parser(tmp_path: Path) -> None:
    with FileParser() as parser:
        parser.parse(write_workbook(tmp_path / "a.xlsx"), NOW)
        process = parser._worker._process
    assert process is not None
    assert process.returncode == 0


def test_an_unforeseen_fault_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    source = write_workbook(tmp_path / "a.xlsx")
    path = Path(source.location)
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):  # every part claims to be LZMA
        start = content.find(signature)
        while start >= 0:
            content[start + offset] = 14
            start = content.find(signature, start + 4)
    path.write_bytes(content)
    with FileParser() as parser, pytest.raises(SourceError, match=r"a\.xlsx"):
        parser.parse(source, NOW)


def test_too_many_cells_or_merged_ranges_are_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_workbook(tmp_path / "a.xlsx", rows=20)
    monkeypatch.setattr(bounds, "MAX_CELLS", 50)
    with pytest.raises(SourceError, match="more than 50 filled cells"):
        parse_source(source, NOW)
    monkeypatch.setattr(bounds, "MAX_CELLS", 1000)
    monkeypatch.setattr(bounds, "MAX_MERGED_RANGES", 2)
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(30, 33))
    replace_sheet(source, "</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    with pytest.raises(SourceError, match="more than 2 merged ranges"):
        parse_source(source, NOW)


def test_csv_cells_are_counted_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Tiến độ.csv").write_text((",".join(HEADER) + "\n") * 20, encoding="utf-8")
    monkeypatch.setattr(bounds, "MAX_CELLS", 50)
    with pytest.raises(SourceError, match="more than 50 filled cells"):
        parse_source(Source("a", "p", "folder", str(tmp_path)), NOW)


def test_the_limits_are_those_of_the_design() -> None:
    assert (bounds.READ_SECONDS, bounds.MEMORY_BYTES, bounds.MAX_CELLS) == (60, 1 << 30, 2_000_000)
    assert (bounds.MAX_COLUMNS, bounds.MAX_MERGED_RANGES, bounds.MAX_RESPONSE_BYTES) == (
        500,
        50_000,
        64 << 20,
    )
    assert FileParser()._worker.seconds == bounds.READ_SECONDS
