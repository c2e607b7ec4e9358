"""Columns that people change between our look and our write: no cell of an officer is ever different."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpis.checks.source_check import check_source
from kpis.errors import StoreError
from kpis.feedback.google.feedback_writer import FeedbackResult, write_feedback
from kpis.feedback.google.write_journal import WriteJournal
from kpis.feedback.status_text import PeriodTotal, format_row_feedback, is_feedback
from kpis.language.messages import explain
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet, SetAsideRow
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from kpis.store.shared_files import InstallationFiles
from tests.google_stand_in import SheetCell, SheetTab, Spreadsheet, StandIn, faults
from tests.google_stand_in.faults import Fault
from tests.google_stand_in.fixtures import HEADER, NOW, build_source

GET = "sheets.spreadsheets.get"
TAG, WRITE = "sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.values.batchUpdateByDataFilter"
QUANTITY, EVIDENCE, FEEDBACK = 3, 5, 6
Edit = Callable[[Spreadsheet], object]
MakeFile = Callable[..., Spreadsheet]
Grid = dict[str, dict[tuple[int, int], Any]]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def build_row(number: int) -> list[object]:
    """Return a row in which every officer's cell holds something of its own."""
    return [
        date(2026, 3, 1 + number % 28), "Sở Công Thương", "Tin bài", number % 7 + 1, f"việc {number}",
        f"{number}/BC",
    ]  # fmt: skip


class ColumnCase:
    """A sheet with rows, a person's edit just before a request, and the feedback written meanwhile."""

    def __init__(self, google: StandIn, client: GoogleClient, register: Register, file: Spreadsheet) -> None:
        self.google, self.client, self.register, self.file = google, client, register, file
        self.expected: Grid = {}

    def check_sheet(self, raw: RawSheet) -> CheckedSheet:
        return check_source(raw, "ha-noi", self.register, date(2026, 11, 21))

    def format_text(self, row: CheckedRow | SetAsideRow) -> str:
        assert isinstance(row, CheckedRow)
        return format_row_feedback(row, self.register, lambda *_: PeriodTotal(47, 50))

    def write(self) -> FeedbackResult:
        """Write feedback on all rows, as a sync does that has just read the sheet."""
        reading = read_google_sheet(build_source(self.file), self.client, NOW)
        hashes = {row.row_hash for row in self.check_sheet(reading.sheet).rows}
        return write_feedback(
            build_source(self.file),
            self.client,
            NOW,
            self.check_sheet,
            hashes,
            self.format_text,
            reading.tabs,
        )

    def write_and_be_killed(self, journal: WriteJournal) -> frozenset[int]:
        """End in the middle: the texts are written, the look that follows does not happen. Return the row hashes."""
        reading = read_google_sheet(build_source(self.file), self.client, NOW)
        hashes = frozenset(row.row_hash for row in self.check_sheet(reading.sheet).rows)

        def end() -> str | None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.write_again(hashes, journal, reading.tabs, end)
        return hashes

    def write_again(
        self,
        hashes: frozenset[int],
        journal: WriteJournal,
        tabs: Sequence[TabSnapshot] = (),
        get_modified_time: Callable[[], str | None] = lambda: None,
    ) -> FeedbackResult:
        """Write feedback with a journal."""
        return write_feedback(
            build_source(self.file),
            self.client,
            NOW,
            self.check_sheet,
            hashes,
            self.format_text,
            tabs,
            get_modified_time=get_modified_time,
            journal=journal,
        )

    def edit_before(self, method: str, edit: Edit, skip: int = 0, fault: Fault | None = None) -> None:
        """Let a person edit just before a request, and remember what they see afterwards."""

        def run() -> None:
            edit(self.file)
            self.expected = read_grid(self.file)

        self.google.faults.add_fault(method, fault or faults.run_before(run), skip=skip)

    def assert_officers_cells_are_unchanged(self, *, ignores_feedback: bool = False) -> None:
        """Compare whole grids, the column `Phản hồi` aside."""
        grid = read_grid(self.file)
        assert set(grid) == set(self.expected)
        for title, cells in self.expected.items():
            columns = find_feedback_columns(cells)
            actual, expected = (drop_columns(side, columns) for side in (grid[title], cells))
            if ignores_feedback:
                actual, expected = drop_feedback(actual), drop_feedback(expected)
            assert actual == expected


def read_grid(file: Spreadsheet) -> Grid:
    """Return the typed content of every cell of every tab."""
    return {tab.title: {position: read_cell(cell) for position, cell in tab.cells.items()} for tab in file.sheets}


def read_cell(cell: SheetCell) -> object:
    return cell.other_fields.get("userEnteredValue", cell.value), cell.format


def find_feedback_columns(cells: dict[tuple[int, int], Any]) -> set[int]:
    return {column for (_, column), (value, _) in cells.items() if value == "Phản hồi"}


def drop_columns(cells: dict[tuple[int, int], Any], columns: set[int]) -> dict[tuple[int, int], Any]:
    return {position: value for position, value in cells.items() if position[1] not in columns}


def drop_feedback(cells: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
    return {position: value for position, value in cells.items() if not is_feedback(str(value[0]))}


@pytest.fixture
def case(google: StandIn, client: GoogleClient, register: Register, make_file: MakeFile) -> ColumnCase:
    return build_case(google, client, register, make_file, 5)


@pytest.fixture
def long_case(google: StandIn, client: GoogleClient, register: Register, make_file: MakeFile) -> ColumnCase:
    google.checks_answers = False  # the same ones are checked in short sheets
    return build_case(google, client, register, make_file, 2000)


def build_case(
    google: StandIn, client: GoogleClient, register: Register, make_file: MakeFile, row_count: int
) -> ColumnCase:
    file = make_file([HEADER, *(build_row(number) for number in range(row_count))])
    file.get_sheet("Tiến độ").columns = 12
    return ColumnCase(google, client, register, file)


def edit_tab(change: Callable[[SheetTab], object]) -> Edit:
    return lambda file: change(next(tab for tab in file.sheets if tab.id == 0))


def insert_row_and_columns(tab: SheetTab) -> None:
    tab.insert_rows(3)
    tab.insert_columns(2)


def move_cells_and_insert_row(tab: SheetTab) -> None:
    tab.move_cells(EVIDENCE, FEEDBACK)
    tab.insert_rows(3)


def delete_tab_and_keep_its_copy(file: Spreadsheet) -> None:
    file.duplicate_sheet("Tiến độ", "Bản sao của Tiến độ")
    file.sheets.remove(file.get_sheet("Tiến độ"))


EDITS: dict[str, Edit] = {
    "a column deleted on the left": edit_tab(lambda tab: tab.delete_column(QUANTITY)),
    "the evidence deleted": edit_tab(lambda tab: tab.delete_column(EVIDENCE)),
    "a column inserted at the left": edit_tab(lambda tab: tab.insert_columns(0)),
    "a column inserted beside Phản hồi": edit_tab(lambda tab: tab.insert_columns(FEEDBACK)),
    "a column inserted on the right": edit_tab(lambda tab: tab.insert_columns(FEEDBACK + 1)),
    "the quantity dragged over Phản hồi": edit_tab(lambda tab: tab.move_column(QUANTITY, FEEDBACK)),
    "Phản hồi dragged to the left": edit_tab(lambda tab: tab.move_column(FEEDBACK, 0)),
    "the evidence dragged to the left": edit_tab(lambda tab: tab.move_column(EVIDENCE, 1)),
    "Phản hồi deleted": edit_tab(lambda tab: tab.delete_column(FEEDBACK)),
    "the tab duplicated": lambda file: file.duplicate_sheet("Tiến độ", "Bản sao của Tiến độ"),
    "the tab replaced by its copy": delete_tab_and_keep_its_copy,
    "a row and a column inserted": edit_tab(insert_row_and_columns),
}
HARMFUL_EDITS: dict[str, Edit] = {
    "the header renamed": edit_tab(lambda tab: tab.type_value("G1", "Ghi chú")),
    "the header emptied": edit_tab(lambda tab: tab.type_value("G1", None)),
    "the header named like another": edit_tab(lambda tab: tab.type_value("G1", "Người nhập")),
    "the cells of the quantity moved onto it": edit_tab(lambda tab: tab.move_cells(QUANTITY, FEEDBACK)),
    "the cells of the evidence moved onto it": edit_tab(lambda tab: tab.move_cells(EVIDENCE, FEEDBACK)),
    "the cells of the day moved onto it": edit_tab(lambda tab: tab.move_cells(0, FEEDBACK)),
    "its cells moved to the right": edit_tab(lambda tab: tab.move_cells(FEEDBACK, FEEDBACK + 2)),
    "cells moved onto it and a row inserted": edit_tab(move_cells_and_insert_row),
}
WINDOWS = {
    "the tag": (TAG, 0),
    "the look after it": (GET, 2),
    "the write": (WRITE, 0),
    "the last look": (GET, 3),
}


@pytest.mark.parametrize("name", EDITS | HARMFUL_EDITS)
def test_what_an_interrupted_write_replaced_is_put_back_by_the_next(
    case: ColumnCase, name: str, tmp_path: Path
) -> None:
    journal = WriteJournal(InstallationFiles(tmp_path / "kpis.json"), "hà nội/1")
    case.edit_before(WRITE, (EDITS | HARMFUL_EDITS)[name])
    hashes = case.write_and_be_killed(journal)
    assert journal.exists()
    case.write_again(hashes, WriteJournal(InstallationFiles(tmp_path / "kpis.json"), "hà nội/1"))
    case.assert_officers_cells_are_unchanged()
    assert not journal.exists()


@pytest.mark.parametrize("name", HARMFUL_EDITS)
def test_without_the_journal_a_kill_would_leave_feedback_in_officers_cells(
    case: ColumnCase, name: str, tmp_path: Path
) -> None:
    case.edit_before(WRITE, HARMFUL_EDITS[name])
    case.write_and_be_killed(WriteJournal(InstallationFiles(tmp_path / "kpis.json"), "a"))
    with pytest.raises(AssertionError):
        case.assert_officers_cells_are_unchanged()


def test_a_damaged_journal_is_told_and_stops_nothing(case: ColumnCase, tmp_path: Path) -> None:
    journal = WriteJournal(InstallationFiles(tmp_path / "kpis.json"), "a")
    hashes = case.write_and_be_killed(journal)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:50])
    result = case.write_again(hashes, journal)
    assert result.is_up_to_date and not journal.exists()
    assert result.displacement is not None and path.name in explain(result.displacement, "vi")


def test_a_write_that_google_refused_leaves_no_journal(case: ColumnCase, tmp_path: Path) -> None:
    journal = WriteJournal(InstallationFiles(tmp_path / "kpis.json"), "a")
    case.write()
    case.file.get_sheet("Tiến độ").type_value("D2", 5)
    reading = read_google_sheet(build_source(case.file), case.client, NOW)
    hashes = frozenset(row.row_hash for row in case.check_sheet(reading.sheet).rows)
    case.file.share[case.google.account.email] = "reader"
    assert case.write_again(hashes, journal).problem is not None
    assert not journal.exists()


def test_nothing_is_written_where_the_journal_cannot_be_kept(case: ColumnCase, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    reading = read_google_sheet(build_source(case.file), case.client, NOW)
    hashes = frozenset(row.row_hash for row in case.check_sheet(reading.sheet).rows)
    result = case.write_again(hashes, WriteJournal(InstallationFiles(tmp_path / "file" / "kpis.json"), "a"))
    assert isinstance(result.problem, StoreError)
    assert result.written_cells == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS | HARMFUL_EDITS)
def test_no_cell_of_an_officer_is_different_in_a_long_sheet(long_case: ColumnCase, name: str) -> None:
    long_case.edit_before(WRITE, (EDITS | HARMFUL_EDITS)[name])
    long_case.write()
    assert long_case.expected
    long_case.assert_officers_cells_are_unchanged()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", EDITS | HARMFUL_EDITS)
def test_no_cell_of_an_officer_is_different(case: ColumnCase, name: str, window: str) -> None:
    case.edit_before(WINDOWS[window][0], (EDITS | HARMFUL_EDITS)[name], skip=WINDOWS[window][1])
    case.write()
    # After a finished write, feedback is removed with a renamed header.
    case.assert_officers_cells_are_unchanged(ignores_feedback=window == "the last look")


@pytest.mark.parametrize("name", HARMFUL_EDITS)
def test_what_was_put_back_is_told(case: ColumnCase, name: str) -> None:
    case.edit_before(WRITE, HARMFUL_EDITS[name])
    problem = case.write().problem
    assert problem is not None
    assert "Phản hồi" in explain(problem, "vi") and "Tiến độ" in explain(problem, "vi")
    case.assert_officers_cells_are_unchanged()


@pytest.mark.parametrize("name", EDITS)
def test_harmless_edits_are_no_problem_where_the_column_remains(case: ColumnCase, name: str) -> None:
    case.edit_before(WRITE, EDITS[name])
    result = case.write()
    tabs = [tab for tab in case.file.sheets if tab.id == 0]
    if tabs and find_feedback_columns(read_grid(case.file)["Tiến độ"]) and "deleted" not in name:
        assert result.problem is None and result.written_cells > 0
        (column,) = find_feedback_columns(read_grid(case.file)["Tiến độ"])
        texts = [str(tabs[0].cells[row, column].value) for row in range(1, 5) if (row, column) in tabs[0].cells]
        assert len(texts) >= 3 and all(map(is_feedback, texts))


@pytest.mark.parametrize("name", HARMFUL_EDITS)
def test_earlier_feedback_is_replaced_or_put_back_too(case: ColumnCase, name: str) -> None:
    case.write()
    tab = case.file.get_sheet("Tiến độ")
    for row in range(2, 5):
        tab.type_value(f"F{row}", f"{row}/QĐ")  # their feedback stays, other rows change
        tab.type_value(f"D{row}", "ba")
    case.google.calls.clear()
    case.edit_before(WRITE, HARMFUL_EDITS[name])
    assert case.write().problem is not None
    case.assert_officers_cells_are_unchanged()


@pytest.mark.parametrize("fault", ["cut", "lost"])
@pytest.mark.parametrize("name", HARMFUL_EDITS)
def test_a_write_whose_answer_is_lost_is_noticed_and_undone(case: ColumnCase, name: str, fault: str) -> None:
    def run() -> None:
        HARMFUL_EDITS[name](case.file)
        case.expected = read_grid(case.file)

    lost = Fault(cut_after_bytes=3, run_before=run) if fault == "cut" else Fault(cut_after_bytes=0, run_before=run)
    case.google.faults.add_fault(WRITE, lost)
    assert case.write().problem is not None
    case.assert_officers_cells_are_unchanged()


def iterate_formulas(rows: int) -> Iterator[tuple[int, SheetCell]]:
    for row in range(1, rows):
        yield row, SheetCell(0.0, None, None, None, {"userEnteredValue": {"formulaValue": f"=A{row + 1}*2"}})


def test_formulas_dates_and_long_texts_are_put_back_as_they_were_typed(case: ColumnCase) -> None:
    tab = case.file.get_sheet("Tiến độ")
    tab.type_value("H1", "Ghi thêm")
    for row, cell in iterate_formulas(3):
        tab.set_cell(row, 7, cell)
    tab.type_value("H4", "dài " * 2000)
    tab.type_value("H5", date(2026, 3, 2))
    tab.type_value("H6", True)
    case.edit_before(WRITE, edit_tab(lambda tab: tab.move_cells(7, FEEDBACK)))
    assert case.write().problem is not None
    case.assert_officers_cells_are_unchanged()


def test_a_row_that_was_edited_at_the_same_time_is_named_and_not_guessed(case: ColumnCase) -> None:
    def edit(file: Spreadsheet) -> None:
        tab = file.get_sheet("Tiến độ")
        tab.move_cells(EVIDENCE, FEEDBACK)
        tab.type_value("E3", "nội dung khác")

    case.edit_before(WRITE, edit)
    problem = case.write().problem
    assert problem is not None and "dòng 3" in explain(problem, "vi")
    tab = case.file.get_sheet("Tiến độ")
    assert (tab.get_value("G2"), tab.get_value("G3"), tab.get_value("G4")) == ("0/BC", None, "2/BC")


def test_a_column_that_moves_at_every_tag_gets_no_feedback(case: ColumnCase) -> None:
    for skip in (0, 0):
        case.edit_before(TAG, edit_tab(lambda tab: tab.insert_columns(0)), skip=skip)
    result = case.write()
    assert result.problem is not None and case.google.count_calls(WRITE) == 0
    case.assert_officers_cells_are_unchanged()
