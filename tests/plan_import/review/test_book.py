"""A workbook filled in by hand: what is taken in, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpis.errors import KpisError
from kpis.language.messages import translate
from kpis.plan_import.review.book.layout import TABS
from kpis.plan_import.review.book.read import read_book, take_in_book
from kpis.plan_import.review.draft.decisions import find_faults
from kpis.plan_import.review.draft.model import Decision, Draft, ReviewError
from tests.plan_import.review.small_draft import (
    OPENPYXL,
    TEXT,
    build_draft_with_number,
    build_small_draft,
    fill_in,
    fill_in_all,
    write_small_book,
)


@pytest.fixture
def draft() -> Draft:
    return build_small_draft()


@pytest.fixture
def path(tmp_path: Path, draft: Draft) -> Path:
    book = write_small_book(tmp_path / "duyet.xlsx", draft)
    fill_in_all(book, draft)
    return book


def _list_faults(path: Path, draft: Draft) -> list[tuple[str, str]]:
    """Return the place and the reason of what stands in the way of accepting the book."""
    book = read_book(path)
    decided, faults = take_in_book(book, draft)
    places = [(f"{fault.tab}!{fault.cell}", fault.reason.text) for fault in faults]
    return places or [
        ("!".join(book.locate(fault.row, fault.field_name)), fault.text) for fault in find_faults(decided)
    ]


def test_a_carefully_filled_book_has_no_fault_and_its_values_are_taken_in(path: Path, draft: Draft) -> None:
    assert _list_faults(path, draft) == []
    decided, _ = take_in_book(read_book(path), draft)
    assert (decided.revision, decided.count_undecided()) == (2, 0)
    assert decided.get_row("CT001").get_value("lead") == "Sở Công Thương"
    assert decided.get_header("focal_agency") == "Sở Công Thương"


@pytest.mark.parametrize(
    ("kind", "row_id", "decision", "entered", "cell", "reason"),
    [
        ("target", "CT001", None, {}, "Chỉ tiêu!B2", "no decision yet"),
        ("target", "CT001", "accept", {"lead": None}, "Chỉ tiêu!AE2", "is empty"),
        ("target", "CT001", "accept", {"lead": "Sở Vũ trụ"}, "Chỉ tiêu!AE2", "neither a known agency"),
        ("target", "CT001", "accept", {"floor": 5}, "Chỉ tiêu!L2", "the decision is Accept"),
        ("target", "CT001", "drop", {"floor": 5}, "Chỉ tiêu!L2", "the decision is Drop"),
        ("target", "CT001", "change", {}, "Chỉ tiêu!B2", "no other value is entered"),
        ("target", "CT001", "change", {"floor": 4}, "Chỉ tiêu!B2", "no other value is entered"),
        ("target", "CT001", "change", {"floor": "5%"}, "Chỉ tiêu!L2", "a number without %"),
        ("target", "CT002", "change", {"floor": 80}, "Chỉ tiêu!L3", "needs a per cent"),
        ("target", "CT002", "change", {"floor": "nhiều"}, "Chỉ tiêu!L3", "is not a number"),
        ("target", "CT001", "change", {"recurrence": "đến hết kế hoạch"}, "Chỉ tiêu!AF2", "write why it is read so"),
        ("task", "NV001", "change", {"leads": "-"}, "Nhiệm vụ!L2", "is empty"),
        ("header", "header.place", "drop", {}, "Đầu mục!B3", "a plan needs this"),
        ("header", "header.plan", "change", {"value": "hue"}, "Đầu mục!F2", "the draft is of the plan"),
    ],
)
def test_a_careless_decision_is_refused_with_its_cell(
    path: Path, draft: Draft, kind: str, row_id: str, decision: str, entered: dict[str, object], cell: str, reason: str
) -> None:
    fill_in(path, kind, row_id, decision, **entered)  # type: ignore[arg-type]
    faults = _list_faults(path, draft)
    assert [place for place, _ in faults] == [cell]
    assert reason in faults[0][1]


def test_a_percentage_is_read_from_text_and_from_a_percent_cell(path: Path, draft: Draft) -> None:
    fill_in(path, "target", "CT002", "change", floor="85,5 %")
    decided, _ = take_in_book(read_book(path), draft)
    assert decided.get_row("CT002").get_value("floor") == "85.5%"
    book = OPENPYXL.load_workbook(path)
    book["Chỉ tiêu"]["L3"] = 0.8
    book["Chỉ tiêu"]["L3"].number_format = "0%"
    book.save(path)
    decided, _ = take_in_book(read_book(path), draft)
    assert decided.get_row("CT002").get_value("floor") == "80%"


def test_an_added_row_needs_its_clause_as_the_document_has_it(path: Path, draft: Draft) -> None:
    row = next(row for row in draft.list_rows("milestone") if row.is_added)
    values = {"title": "Bảng giá", "recurrence": "hằng năm", "force": "bắt buộc", "lead": "Sở Y tế", "reason": "thử"}
    fill_in(path, "milestone", row.id, "change", **values, clause="Không có câu này.")
    assert [reason[:15] for _, reason in _list_faults(path, draft)] == ["copy the clause"]
    fill_in(path, "milestone", row.id, "change", **values, clause="Bảng giá được treo ở 12 lối vào.")
    assert _list_faults(path, draft) == []


@pytest.mark.parametrize(
    ("decision", "row", "faults"),
    [
        ("drop", None, []),
        ("change", "CT001", []),
        (None, None, ["Số còn lại!B2"]),
        ("accept", None, ["Số còn lại!B2"]),
        ("change", None, ["Số còn lại!B2"]),
        ("change", "CT999", ["Số còn lại!F2"]),
        ("change", "header.place", ["Số còn lại!F2"]),
        ("drop", "CT001", ["Số còn lại!F2"]),
    ],
)
def test_a_number_left_over_is_dropped_or_found_in_a_row(
    tmp_path: Path, decision: Decision | None, row: str | None, faults: list[str]
) -> None:
    draft = build_draft_with_number()
    path = write_small_book(tmp_path / "duyet.xlsx", draft)
    fill_in_all(path, draft)
    assert OPENPYXL.load_workbook(path)["Số còn lại"]["E2"].value == "12"
    fill_in(path, "number", "S001", decision, row=row)
    assert [place for place, _ in _list_faults(path, draft)] == faults


def test_a_proposed_value_that_was_typed_over_is_refused(path: Path, draft: Draft) -> None:
    book = OPENPYXL.load_workbook(path)
    book["Chỉ tiêu"]["K2"] = "5"
    book.save(path)
    assert [place for place, _ in _list_faults(path, draft)] == ["Chỉ tiêu!K2"]


def test_a_book_of_another_plan_another_import_or_an_older_revision_is_refused(path: Path, draft: Draft) -> None:
    book = read_book(path)
    title = "Vệ sinh chợ trên địa bàn thành phố Cần Thơ giai đoạn 2026 - 2028"
    with pytest.raises(ReviewError, match=f"is of the plan “can-tho – {title}”; under review is “hue – {title}”"):
        take_in_book(book, build_small_draft(plan="hue"))
    other = build_small_draft(TEXT.replace("Vệ sinh chợ", "Phòng cháy chợ"))
    with pytest.raises(ReviewError, match=r"“can-tho – Vệ sinh chợ .*”; under review is “can-tho – Phòng cháy chợ"):
        take_in_book(book, other)
    with pytest.raises(ReviewError, match=r"another import of “can-tho”; under review is that of ke-hoach\.txt"):
        take_in_book(book, build_small_draft())
    untitled = draft.get_row("header.title")
    untitled = replace(untitled, proposed={})
    rows = tuple(untitled if row.id == untitled.id else row for row in draft.rows)
    with pytest.raises(ReviewError, match=r"“can-tho – Vệ sinh.*”; under review is “hue”"):
        take_in_book(book, replace(draft, plan="hue", rows=rows))
    moved = draft.with_rows({"CT001": draft.get_row("CT001").with_decision("drop", {})})
    with pytest.raises(ReviewError, match="decided since: CT001"):
        take_in_book(book, moved)


@pytest.mark.parametrize("code", ["CT999", "CT002", ""])
def test_a_book_with_changed_codes_is_refused(path: Path, draft: Draft, code: str) -> None:
    book = OPENPYXL.load_workbook(path)
    book["Chỉ tiêu"]["A2"] = code
    book.save(path)
    with pytest.raises(ReviewError, match="code"):
        take_in_book(read_book(path), draft)


def test_a_book_with_a_deleted_row_or_tab_is_refused(path: Path, draft: Draft) -> None:
    book = OPENPYXL.load_workbook(path)
    book["Nhiệm vụ"].delete_rows(2)
    book.save(path)
    with pytest.raises(ReviewError, match="the rows NV001 are missing"):
        take_in_book(read_book(path), draft)
    del book["Cơ quan"]
    book.save(path)
    with pytest.raises(ReviewError, match="lacks the tabs Cơ quan"):
        read_book(path)


def test_a_file_that_is_no_book_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    for content in (b"", b"PK\x03\x04 damaged", b"text"):
        path.write_bytes(content)
        with pytest.raises(KpisError, match=r"x\.xlsx"):
            read_book(path)


def test_the_book_locks_what_is_proposed_and_offers_the_decisions(path: Path) -> None:
    book = OPENPYXL.load_workbook(path)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == [*TABS.values(), "Toàn văn"]
    sheet = book["Chỉ tiêu"]
    assert sheet.protection.sheet
    assert (sheet["A2"].protection.locked, sheet["C2"].protection.locked, sheet["K2"].protection.locked) == (True,) * 3
    assert (sheet["B2"].protection.locked, sheet["L2"].protection.locked) == (False, False)
    assert (sheet.freeze_panes, sheet.page_setup.orientation) == ("C2", "landscape")
    assert _list_offered(sheet, "B2") == '"Nhận,Sửa,Bỏ"'


def test_what_proposes_nothing_cannot_be_accepted(tmp_path: Path) -> None:
    draft = build_draft_with_number()
    book = OPENPYXL.load_workbook(write_small_book(tmp_path / "duyet.xlsx", draft))
    assert _list_offered(book["Số còn lại"], "B2") == '"Sửa,Bỏ"'
    number = 2 + next(index for index, row in enumerate(draft.list_rows("target")) if row.is_added)
    assert _list_offered(book["Chỉ tiêu"], f"B{number}") == '"Sửa,Bỏ"'


def test_a_decision_that_is_needed_is_coloured_until_it_is_made(path: Path, draft: Draft) -> None:
    sheet = OPENPYXL.load_workbook(path)["Chỉ tiêu"]
    coloured = {str(area.sqref) for area in sheet.conditional_formatting}
    needed = [number for number, row in enumerate(draft.list_rows("target"), start=2) if row.needs_decision]
    assert {f"B{number}" for number in needed} == {area for area in coloured if area.startswith("B")}
    # Lead of each target; how entries count where nothing says it; the recurrence that the text does not state.
    titles = {cell.coordinate.rstrip("0123456789"): cell.value for cell in sheet[1]}
    others = {f"{titles[area.rstrip('0123456789')]} {area[-1]}" for area in coloured if not area.startswith("B")}
    assert {f"{translate('vi', 'Lead agency')} {number}" for number in needed} <= others
    assert f"{translate('vi', 'How entries count')} 2" in others
    assert f"{translate('vi', 'How entries count')} 3" not in others


def _list_offered(sheet: Any, cell: str) -> str | None:
    return next((rule.formula1 for rule in sheet.data_validations.dataValidation if cell in rule.sqref), None)


def test_the_cell_that_says_how_entries_count_is_coloured_and_explained(draft: Draft, path: Path) -> None:
    sheet = OPENPYXL.load_workbook(path)[TABS["target"]]
    titles = [cell.value for cell in sheet[1]]
    column = sheet.cell(1, titles.index(translate("vi", "How entries count")) + 1).column_letter
    prompts = {str(check.sqref): check.prompt for check in sheet.data_validations.dataValidation if check.prompt}
    assert any(column in cells and "cộng dồn" in prompt for cells, prompt in prompts.items()), prompts
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[0].value == "CT001")
    assert draft.get_row("CT001").proposed["measure"] == "count"
    coloured = {str(cells.sqref) for cells in sheet.conditional_formatting}
    assert f"{column}{row}" in coloured
