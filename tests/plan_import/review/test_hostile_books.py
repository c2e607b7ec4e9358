"""Texts that a spreadsheet would take for something else, and workbooks that are not as they were written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from kpis.language.messages import LANGUAGES, explain
from kpis.plan_import.review.book.layout import SYSTEM_TAB, TABS, TEXT_TAB
from kpis.plan_import.review.book.read import MAX_UNPACKED_BYTES, CellFault, read_book, take_in_book
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.draft.model import TextBlock as DocumentBlock
from tests.plan_import.review.small_draft import OPENPYXL, build_small_draft, fill_in, write_small_book

HOSTILE = [
    "=1+1",
    "{=SUM(A1:A9)}",
    "+84 292",
    "@SUM(1)",
    "http://example.com/a",
    "mailto:a@b.vn",
    "#REF!",
    "00123",
    "15/12",
    "TRUE",
    "_x0041_ giữ nguyên",
    "a\x00b\x07c\x1fd\x7fe",
    "dòng một\nhai\tba\x0bbốn\x0cnăm\rsáu\u2028bảy",
    "nửa\ud800chữ",
    "\ufffe\uffff\ufdd0x",
    "<b>đậm</b> & “ngoặc” 'nháy'",
    "  khoảng trắng  ",
    "\u202eđảo chiều\u200b",
    "chữ " * 10_000,
    "x" * 32_767,
    "y" * 40_000,
]


@pytest.fixture
def draft() -> Draft:
    return build_small_draft()


@pytest.fixture
def path(tmp_path: Path, draft: Draft) -> Path:
    return write_small_book(tmp_path / "duyet.xlsx", draft)


def _take_in(path: Path, draft: Draft) -> tuple[Draft, list[CellFault]]:
    return take_in_book(read_book(path), draft)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_any_text_of_a_document_is_a_text_in_the_book_and_comes_back_as_itself(
    tmp_path: Path, draft: Draft, text: str
) -> None:
    target = draft.get_row("CT001")
    hostile = replace(target, quote=text, proposed={**target.proposed, "title": text, "unit": text})
    rows = tuple(hostile if row is target else row for row in draft.rows)
    changed = replace(draft, rows=rows, text=(DocumentBlock(0, text, text[:50], "goals"), *draft.text))
    path = write_small_book(tmp_path / "duyet.xlsx", changed)
    assert _take_in(path, changed) == (changed, [])
    book = OPENPYXL.load_workbook(path)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert max(len(str(cell.value)) for cell in cells) <= 32_767


def test_the_whole_text_of_a_long_block_is_in_the_book(tmp_path: Path, draft: Draft) -> None:
    block = DocumentBlock(0, "\n".join(["a" * 20_000, "b" * 20_000, "c"]), "I", "goals")
    path = write_small_book(tmp_path / "duyet.xlsx", replace(draft, text=(block,)))
    lines = [row[1].value for row in OPENPYXL.load_workbook(path)[TEXT_TAB].iter_rows(min_row=2)]
    assert "".join(lines) == block.text.replace("\n", "")


def test_decisions_of_all_kinds_are_taken_in_and_written_again(tmp_path: Path, path: Path, draft: Draft) -> None:
    fill_in(path, "target", "CT001", "change", floor="1.200", by_year=2027, roster="Sở Y tế; Sở Công Thương")
    fill_in(path, "target", "CT002", "drop")
    fill_in(path, "task", "NV001", "accept")
    fill_in(path, "task", "NV002", "change", coordinators="-", timing="thường xuyên")
    fill_in(path, "header", "header.issued_on", "change", value="02/04/2026")
    decided, faults = _take_in(path, draft)
    assert faults == []
    assert decided.revision == 2
    changed = {row.id: (row.decision, dict(row.entered)) for row in decided.rows if row.revision == 2}
    assert changed == {
        "CT001": ("change", {"floor": "1200", "by_year": "2027", "roster": "Sở Y tế; Sở Công Thương"}),
        "CT002": ("drop", {}),
        "NV001": ("accept", {}),
        "NV002": ("change", {"coordinators": "-", "timing": "ongoing"}),
        "header.issued_on": ("change", {"value": "2026-04-02"}),
    }
    second = write_small_book(tmp_path / "lan-2.xlsx", decided)
    assert _take_in(second, decided) == (decided, [])


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("B2", "Có", "no decision"),
        ("B2", "=1+1", "cannot be read"),
        ("B2", "#N/A", "cannot be read"),
        ("C2", "Câu khác", "the text of the document was typed over"),
        ("D2", "mục IX", "the text of the document was typed over"),
        ("K2", None, "the proposed value was typed over"),
        ("L2", "#DIV/0!", "cannot be read"),
        ("L2", "1,2345678", "is not a number"),
        ("L2", "12.5", "is not a number"),
        ("L2", True, "cannot be read"),
        ("F2", "t" * 1_901, "more than 1900 characters"),
        ("AZ2", "ghi chú", "not used in this row"),
    ],
)
def test_a_cell_that_leaves_doubt_is_refused_by_name(
    path: Path, draft: Draft, cell: str, value: object, reason: str
) -> None:
    book = OPENPYXL.load_workbook(path)
    book["Chỉ tiêu"][cell] = value
    book.save(path)
    _, (fault,) = _take_in(path, draft)
    assert (fault.tab, fault.cell) == ("Chỉ tiêu", cell)
    assert reason in str(fault.reason)
    assert len({explain(fault.reason, lang) for lang in LANGUAGES}) == 2


def test_a_decision_or_value_that_is_struck_through_is_refused(path: Path, draft: Draft) -> None:
    book = OPENPYXL.load_workbook(path)
    sheet = book["Chỉ tiêu"]
    sheet["B2"], sheet["B2"].font = "Nhận", OPENPYXL.styles.Font(strike=True)
    rich_text, struck = OPENPYXL.cell.rich_text, OPENPYXL.cell.text.InlineFont(strike=True)
    sheet["L3"] = rich_text.CellRichText("9", rich_text.TextBlock(struck, "0"))
    book.save(path)
    _, faults = _take_in(path, draft)
    assert [fault.cell for fault in faults] == ["B2", "L3"]


def test_a_book_whose_columns_were_moved_is_refused(path: Path, draft: Draft) -> None:
    book = OPENPYXL.load_workbook(path)
    book["Chỉ tiêu"].insert_cols(6)
    book.save(path)
    with pytest.raises(ReviewError, match="cell F1: the heading is not"):
        _take_in(path, draft)


def test_a_book_with_a_row_without_a_code_or_one_of_another_tab_is_refused(path: Path, draft: Draft) -> None:
    for code in (None, "NV001"):
        book = OPENPYXL.load_workbook(path)
        book["Chỉ tiêu"].append([code, "Nhận", "Thêm một chỉ tiêu"])
        book.save(path)
        with pytest.raises(ReviewError, match="is not a code of this tab"):
            _take_in(path, draft)


@pytest.mark.parametrize(
    ("cell", "value"), [("B1", ""), ("B1", "../x"), ("B2", "khác"), ("B3", "hai"), ("B3", "9"), ("B3", None)]
)
def test_a_book_whose_ties_to_its_draft_were_changed_is_refused(
    path: Path, draft: Draft, cell: str, value: str | None
) -> None:
    book = OPENPYXL.load_workbook(path)
    book[SYSTEM_TAB][cell] = value
    book.save(path)
    with pytest.raises(ReviewError) as refusal:
        _take_in(path, draft)
    assert all("duyet.xlsx" in explain(refusal.value, lang) for lang in LANGUAGES)


def test_a_book_that_unpacks_to_more_than_any_book_is_refused_unread(path: Path) -> None:
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bin", b"\0" * (MAX_UNPACKED_BYTES + 1))
    with pytest.raises(ReviewError, match=r"duyet\.xlsx is larger than any workbook"):
        read_book(path)


def test_another_workbook_with_our_tabs_is_refused(tmp_path: Path) -> None:
    book = OPENPYXL.Workbook()
    for name in TABS.values():
        book.create_sheet(name)
    book.save(tmp_path / "khac.xlsx")
    with pytest.raises(ReviewError, match="is not a workbook of “plan import”"):
        read_book(tmp_path / "khac.xlsx")
