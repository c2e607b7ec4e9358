"""design.md §5, No green on a doubt: how rows are confirmed, joined and marked, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.sheet import cells
from kpis.sheet.model import Cell, CheckedRow, Entry
from tests.sheet.small_plan import (
    PROGRESS_HEADER,
    TODAY,
    RawValue,
    check_raw_sheet,
    get_rejection_codes,
    get_warning_codes,
    make_cell,
    make_entry,
    make_sheet,
    make_tab,
)

HEADER = (*PROGRESS_HEADER, "Xác nhận", "Sự kiện chung")


def check_rows(*rows: Sequence[RawValue], today: date = TODAY) -> tuple[CheckedRow, ...]:
    return check_raw_sheet(make_sheet(make_tab(rows, HEADER)), today).rows


def make_row(confirmed: RawValue = None, event: RawValue = None, **changes: RawValue) -> list[RawValue]:
    return [*make_entry(**changes), confirmed, event]


def get_entry(row: CheckedRow) -> Entry:
    assert row.entry is not None
    return row.entry


@pytest.mark.parametrize("text", ["x", "X", " x ", "có", "CÓ", "Đúng", "đã kiểm tra", "TRUE", True])
def test_a_word_of_yes_confirms_a_row(text: RawValue) -> None:
    (row,) = check_rows(make_row(text))
    assert get_entry(row).confirmed
    assert row.warnings == ()


@pytest.mark.parametrize("text", [None, "", False, "FALSE", "false"])
def test_an_empty_cell_or_an_unticked_box_confirms_nothing(text: RawValue) -> None:
    (row,) = check_rows(make_row(text))
    assert not get_entry(row).confirmed
    assert row.warnings == ()


@pytest.mark.parametrize("text", ["không", "chưa", "ok", "1", 1, "xx", "co", "?", date(2026, 3, 5)])
def test_any_other_word_confirms_nothing_and_is_named(text: RawValue) -> None:
    (row,) = check_rows(make_row(text))
    assert not get_entry(row).confirmed
    (warning,) = row.warnings
    assert (warning.code, warning.cell, warning.header) == ("confirmation_unknown", "I2", "Xác nhận")


def test_a_row_with_nothing_but_an_unticked_box_is_no_row() -> None:
    assert check_rows([*[None] * 8, False, None], [*[None] * 8, "FALSE", None]) == ()


@pytest.mark.parametrize("column", [0, 1])
def test_an_error_in_either_column_rejects_the_row(column: int) -> None:
    settlement: list[RawValue] = [None, None]
    settlement[column] = "#REF!"
    (row,) = check_rows([*make_entry(), *settlement])
    assert get_rejection_codes(row) == {"formula_error"}


def test_a_confirmation_is_no_part_of_the_identity() -> None:
    (plain,), (confirmed,) = check_rows(make_row()), check_rows(make_row("x"))
    assert plain.row_hash == confirmed.row_hash
    rows = check_rows(make_row(), make_row("x"))
    assert [get_rejection_codes(row) for row in rows] == [set(), {"duplicate_row"}]
    assert get_entry(rows[0]).confirmed  # the same content is confirmed, in whichever of the two rows


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lễ hội tiêu dùng", "LỄ HỘI TIÊU DÙNG."),
        ("Lễ hội tiêu dùng", "le hoi  tieu dung"),
        ("HN-01", "hn 1"),
        ("HN1", "HN 1"),
    ],
)
def test_two_spellings_name_one_shared_event(first: str, second: str) -> None:
    rows = check_rows(make_row(event=first), make_row(event=second, content="Khác"))
    events = {get_entry(row).shared_event for row in rows}
    assert len(events) == 1
    assert None not in events


@pytest.mark.parametrize("text", ["Sự kiện X", "Chung kết", "Có hẹn với người tiêu dùng", "1"])
def test_a_name_may_contain_words_of_yes_and_no(text: str) -> None:
    (row,) = check_rows(make_row(event=text))
    assert get_entry(row).shared_event is not None


def test_two_names_are_two_shared_events_even_of_rows_otherwise_equal() -> None:
    rows = check_rows(make_row(event="Lễ hội 1"), make_row(event="Lễ hội 2"))
    assert [get_entry(row).shared_event for row in rows] == ["le hoi 1", "le hoi 2"]
    assert rows[0].row_hash != rows[1].row_hash


@pytest.mark.parametrize(
    "text",
    [
        "x", "v", "có", "Có.", "không", "TRUE", True, "đã kiểm tra", "ok", "-", "?", None, "Không phải", "không có",
        "Chưa rõ", "chung", "Riêng", "khác", "Sự kiện chung", "N/A",
    ],
)  # fmt: skip
def test_words_of_yes_and_no_name_no_shared_event(text: RawValue) -> None:
    (row,), (plain,) = check_rows(make_row(event=text)), check_rows(make_row())
    assert get_entry(row).shared_event is None
    assert row.row_hash == plain.row_hash


def test_an_event_more_than_31_days_apart_is_told_on_both_rows() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 20), date(2026, 4, 2), date(2027, 3, 1)]
    rows = check_rows(
        *(make_row(event="Lễ hội", day=day, target="p.02", evidence=f"{day:%j}/BC") for day in days[:3]),
    )
    assert [get_warning_codes(row) for row in rows] == [{"shared_event_apart"}, set(), {"shared_event_apart"}]
    assert dict(rows[0].warnings[0].detail) == {"row": 4, "days": 31}
    near = check_rows(*(make_row(event="Lễ hội", day=day, target="p.02") for day in days[:2]))
    assert [get_warning_codes(row) for row in near] == [set(), set()]


def test_a_shared_event_of_a_level_is_not_compared() -> None:
    rows = check_rows(
        *(make_row(event="Lễ hội", day=date(2026, month, 1), target="p.04") for month in (3, 9)),
    )
    assert [get_warning_codes(row) for row in rows] == [set(), set()]


def strike(values: Sequence[RawValue]) -> list[RawValue]:
    return [replace(make_cell(value), is_struck=True) if value is not None else None for value in values]


def test_a_row_is_struck_if_every_filled_cell_is() -> None:
    struck = strike(make_entry())
    partly = [*strike(make_entry(content="Khác"))[:-1], "An"]
    rows = check_rows([*struck, None, None], [*partly, None, None])
    assert get_entry(rows[0]).is_struck
    assert "quantity_unreadable" in [finding.code for finding in rows[1].rejections]


def test_an_answer_that_is_not_struck_leaves_the_row_struck() -> None:
    rows = check_rows(
        [*strike(make_entry()), "x", None],
        [*strike(make_entry(content="Khác")), "không", None],
        [*strike(make_entry(content="Thứ ba")), False, None],
    )
    assert [(get_entry(row).is_struck, get_entry(row).confirmed) for row in rows] == [
        (True, True), (True, False), (True, False),
    ]  # fmt: skip


def test_a_row_typed_again_without_the_strike_is_not_struck() -> None:
    for rows in ([strike(make_entry()), make_entry()], [make_entry(), strike(make_entry())]):
        checked = check_rows(*([*row, None, None] for row in rows))
        assert not get_entry(checked[0]).is_struck
        assert get_rejection_codes(checked[1]) == {"duplicate_row"}


def test_a_sum_of_its_own_column_is_marked() -> None:
    total = replace(cells.make_number_cell(5), sums_own_column=True)
    rows = check_rows(make_row(), make_row(quantity=total))
    assert [get_entry(row).sums_own_column for row in rows] == [False, True]


def test_a_file_under_two_links_is_one_row_and_one_number_too() -> None:
    links = ("https://drive.google.com/file/d/1Ab/view", "https://drive.google.com/open?id=1Ab&usp=drive")
    for pair in (links, ("15/KH-UBND", "Số 015 / KH-UBND.")):
        rows = check_rows(*(make_row(evidence=evidence) for evidence in pair))
        assert [get_rejection_codes(row) for row in rows] == [set(), {"duplicate_row"}]
    rows = check_rows(*(make_row(evidence=link, content=link[-5:]) for link in links))
    assert [get_warning_codes(row) for row in rows] == [{"evidence_shared"}, {"evidence_shared"}]


def make_milestone(day: int, quantity: int, confirmed: RawValue = None, **changes: RawValue) -> list[RawValue]:
    return make_row(
        confirmed, target="p.06", day=date(2026, 3, day), quantity=quantity, evidence=f"{day}/BC", **changes
    )


def test_a_milestone_that_its_agency_withdraws_is_told_on_both_rows() -> None:
    rows = check_rows(make_milestone(14, 1), make_milestone(20, 0))
    assert [get_warning_codes(row) for row in rows] == [{"milestone_withdrawn"}, {"milestone_withdrawn"}]


@pytest.mark.parametrize(
    "rows",
    [
        [make_milestone(14, 0), make_milestone(20, 1)],
        [make_milestone(14, 1), make_milestone(20, 0, agency="Công an tỉnh")],
        [make_milestone(14, 1, "x"), make_milestone(20, 0)],
        [make_milestone(14, 1), make_row(target="p.06", day="01/02/2026", quantity=0, evidence="7/BC")],
    ],
)
def test_a_milestone_that_nobody_withdraws_has_no_warning(rows: list[list[RawValue]]) -> None:
    assert [get_warning_codes(row) for row in check_rows(*rows)] == [set(), set()]


US_MARCH: list[RawValue] = [date(2026, 3, 5)]
US_DATES: list[RawValue] = ["15/05/2026", "28/05/2026"]


def make_day(day: RawValue, number: int, confirmed: RawValue = None) -> list[RawValue]:
    return make_row(confirmed, day=day, content=f"Tin {number}", evidence=f"{number}/BC")


def check_days(*days: RawValue, today: date = TODAY) -> list[date | None]:
    rows = check_rows(*(make_day(day, number) for number, day in enumerate(days)), today=today)
    return [get_entry(row).swapped_on for row in rows]


def test_days_are_doubtful_if_only_texts_are_after_the_12th() -> None:
    assert check_days(date(2026, 3, 5), *US_DATES) == [date(2026, 5, 3), None, None]
    assert check_days(date(2026, 3, 5), "15-05-2026", "28-05-2026 08:00") == [date(2026, 5, 3), None, None]
    rows = check_rows(*(make_day(day, number) for number, day in enumerate([*US_MARCH, *US_DATES])))
    (warning,) = rows[0].warnings
    assert (warning.code, warning.cell, warning.value) == ("date_order_doubtful", "A2", "05/03/2026")
    assert dict(warning.detail) == {"swapped": "03/05/2026"}
    assert [get_warning_codes(row) for row in rows[1:]] == [set(), set()]


@pytest.mark.parametrize(
    "days",
    [
        [date(2026, 3, 5), US_DATES[0]],
        [date(2026, 3, 5), "15.05.2026", "28.05.2026"],
        [date(2026, 3, 5), "2026-05-15", "2026-05-28"],
        [date(2026, 3, 5), date(2026, 3, 13), *US_DATES],
        [date(2026, 5, 5), *US_DATES],
        ["05/03/2026", *US_DATES],
        [date(2026, 11, 10), *US_DATES][1:],
    ],
)
def test_days_are_not_doubtful_without_both_signs(days: list[RawValue]) -> None:
    assert set(check_days(*days)) == {None}


def test_a_swapped_day_after_the_sync_is_no_doubt() -> None:
    assert check_days(date(2026, 3, 12), *US_DATES) == [None, None, None]
    assert check_days(date(2026, 3, 5), *US_DATES, today=date(2026, 6, 1))[0] == date(2026, 5, 3)


def test_a_confirmed_day_has_no_warning() -> None:
    rows = check_rows(make_day(date(2026, 3, 5), 0, "x"), *(make_day(day, 1) for day in US_DATES[:1]),
                      make_day(US_DATES[1], 2))  # fmt: skip
    assert rows[0].warnings == ()
    assert get_entry(rows[0]).swapped_on == date(2026, 5, 3)
    assert get_entry(rows[0]).confirmed


def test_a_day_also_typed_as_text_is_not_doubtful() -> None:
    pairs: list[list[RawValue]] = [[*US_MARCH, "05/03/2026"], ["05/03/2026", *US_MARCH]]
    for pair in pairs:
        rows = check_rows(*(make_day(day, 0) for day in pair), *(make_day(day, 1) for day in US_DATES))
        assert get_entry(rows[0]).swapped_on is None
        assert rows[0].warnings == ()


def struck_or_not(value: RawValue) -> st.SearchStrategy[RawValue]:
    return st.sampled_from([value, value if value is None else replace(make_cell(value), is_struck=True)])


DAYS = st.sampled_from([date(2026, 3, 5), "05/03/2026", date(2026, 7, 6), "15/05/2026", "28/05/2026"])
TARGETS = st.sampled_from(["p.01", "p.02", "p.04", "p.06"])
QUANTITIES = st.sampled_from([0, 1, replace(cells.make_number_cell(1), sums_own_column=True)])
CONFIRMATIONS = st.sampled_from([None, "x", "không", True, False, "#REF!"])
EVENTS = st.sampled_from([None, "Lễ hội", "lễ  hội.", "có", "#REF!"])
EVIDENCES = st.sampled_from(["15/KH-UBND", "Số 15/KH-UBND", "https://drive.google.com/open?id=1x", None])
ROWS = st.lists(
    st.tuples(DAYS, struck_or_not("SCT"), TARGETS, QUANTITIES, struck_or_not("Lễ hội"), EVIDENCES,
              CONFIRMATIONS, EVENTS),
    max_size=10,
)  # fmt: skip
COLUMNS = ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Nội dung", "Minh chứng", "Xác nhận", "Sự kiện chung")


def check_columns(rows: Sequence[Sequence[RawValue]], order: Sequence[int]) -> tuple[CheckedRow, ...]:
    lines = [[row[column] for column in order] for row in rows]
    header = [COLUMNS[column] for column in order]
    return check_raw_sheet(make_sheet(make_tab(lines, header))).rows


def count_entries(rows: Sequence[CheckedRow]) -> Counter[tuple[object, ...]]:
    """Count the entries, each with its hash and without its evidence, of which one spelling is stored."""
    return Counter((row.row_hash, replace(row.entry, evidence=None)) for row in rows if row.entry is not None)


@settings(max_examples=200, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_any_order_of_rows_and_columns_gives_the_same_entries(rows: list[tuple[RawValue, ...]], random: Random) -> None:
    shuffled = check_columns(random.sample(rows, len(rows)), random.sample(range(8), 8))
    assert count_entries(shuffled) == count_entries(check_columns(rows, range(8)))


@settings(max_examples=200, deadline=None)
@given(ROWS, st.data())
def test_confirming_changes_nothing_but_the_confirmation(rows: list[tuple[RawValue, ...]], data: st.DataObject) -> None:
    def forget(row: CheckedRow) -> tuple[object, ...]:
        return row.row_hash, row.entry and replace(row.entry, confirmed=False)

    plain = [(*row[:6], None, row[7]) for row in rows]
    confirmed = [(*row[:6], data.draw(st.sampled_from([None, "x", "có", True, "?"])), row[7]) for row in rows]
    assert [*map(forget, check_columns(confirmed, range(8)))] == [*map(forget, check_columns(plain, range(8)))]


def test_a_cell_has_no_marks_unless_its_reader_sets_them() -> None:
    cell = Cell("text", "a", "a")
    assert (cell.shown_text, cell.is_struck, cell.has_marked_runs, cell.sums_own_column) == (
        None,
        False,
        False,
        False,
    )
