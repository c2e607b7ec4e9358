"""design.md §4: any order of rows, columns and tabs gives the same rows; read = accepted + rejected."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.language.normalization import fold
from kpis.sheet import cells
from kpis.sheet.model import CheckedRow, CheckedSheet, RawRow, RawSheet, RawTab
from kpis.sheet.tab_headers import HEADERS
from tests.sheet.small_plan import PROGRESS_HEADER, READ_AT, TASK_HEADER, RawValue, check_raw_sheet, make_cell

DAYS = st.sampled_from(
    [
        date(2026, 3, 5),
        "05/03/2026",
        46086,
        "6.3.2026",
        "31/02/2026",
        date(2027, 1, 1),
        "2025-12-31",
        None,
        "#N/A",
    ]
)
AGENCIES = st.sampled_from(["Sở Công Thương", "SCT", "sở công thương", "UBND xã Hoà Bình", "Hòa Bình", None])
TARGETS = st.sampled_from(["p.01", "Tin bài", "p.04", "p.05", "p.06", "Sự kiện công cộng", "?", None])
NUMBERS = st.sampled_from([0, 1, 2, "2", "1.000", "1,5", -1, "hai", "Hoàn thành", cells.make_percent_cell(0.5), None])
TEXTS = st.sampled_from([None, "Tin trên báo", "TIN TRÊN BÁO", "Hòa", "Hoà", "https://a.vn/1", "#REF!"])
ENTRIES = st.lists(st.tuples(DAYS, AGENCIES, TARGETS, NUMBERS, NUMBERS, TEXTS, TEXTS, TEXTS), max_size=12)
TASKS = st.sampled_from(["p.III.1", "p.III.2", "III.3", "?", None])
STATUSES = st.sampled_from(["Đã xong", "hoàn thành", "Đang làm", "?", None])
REPORTS = st.lists(st.tuples(TASKS, TEXTS, AGENCIES, STATUSES, DAYS, TEXTS, TEXTS, TEXTS), max_size=8)


def _make_tab(
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[RawValue]],
    column_order: Sequence[int],
    first_row: int,
) -> RawTab:
    lines: list[list[RawValue]] = [[*header], *([*row] for row in rows)]
    moved = [tuple(make_cell(line[column]) for column in column_order) for line in lines]
    return RawTab(name, tuple(RawRow(number, line) for number, line in enumerate(moved, first_row)))


def _make_sheet(progress: RawTab, tasks: RawTab, swapped: bool) -> RawSheet:
    return RawSheet((tasks, progress) if swapped else (progress, tasks), READ_AT)


def _summarize_row(row: CheckedRow) -> tuple[object, ...]:
    """Return a row's content without its position: folded texts, findings by code and header."""
    accepted = row.entry or row.report
    values = {} if accepted is None else {name: _fold_value(value) for name, value in asdict(accepted).items()}
    findings = tuple(sorted((finding.code, finding.header or "") for finding in (*row.rejections, *row.warnings)))
    return row.tab, row.row_hash, tuple(sorted(values.items(), key=str)), findings


def _fold_value(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _count_contents(checked: CheckedSheet) -> Counter[tuple[object, ...]]:
    return Counter(map(_summarize_row, checked.rows))


@settings(max_examples=150, deadline=None)
@given(ENTRIES, REPORTS, st.randoms(use_true_random=False), st.integers(1, 10), st.booleans())
def test_the_order_of_rows_columns_and_tabs_changes_nothing(
    entries: list[tuple[RawValue, ...]],
    reports: list[tuple[RawValue, ...]],
    random: Random,
    first_row: int,
    swapped: bool,
) -> None:
    plain = list(range(8))
    ordered = _make_sheet(
        _make_tab("Tiến độ", PROGRESS_HEADER, entries, plain, 1),
        _make_tab("Nhiệm vụ", TASK_HEADER, reports, plain, 1),
        False,
    )
    columns = random.sample(plain, 8), random.sample(plain, 8)
    shuffled = _make_sheet(
        _make_tab("TIEN DO", PROGRESS_HEADER, random.sample(entries, len(entries)), columns[0], first_row),
        _make_tab("nhiệm  vụ", TASK_HEADER, random.sample(reports, len(reports)), columns[1], first_row),
        swapped,
    )
    expected, checked = check_raw_sheet(ordered), check_raw_sheet(shuffled)
    assert _count_contents(checked) == _count_contents(expected)
    assert (checked.tasks_seen, checked.falls_due_on) == (expected.tasks_seen, expected.falls_due_on)


@settings(max_examples=100, deadline=None)
@given(ENTRIES)
def test_every_row_read_is_accepted_rejected_or_set_aside_and_has_a_unique_hash(
    entries: list[tuple[RawValue, ...]],
) -> None:
    checked = check_raw_sheet(
        _make_sheet(_make_tab("Tiến độ", PROGRESS_HEADER, entries, range(8), 1), RawTab("Nhiệm vụ", ()), False)
    )
    rows, aside = checked.rows, checked.set_aside
    filled = [[at for at, value in enumerate(row) if value is not None] for row in entries]
    # Only agency (column 1) and who typed it (7) are no row, unless one of them is an error.
    assert len(rows) + len(aside) <= sum(map(bool, filled))
    assert len(rows) + len(aside) >= sum(not {1, 7}.issuperset(columns) for columns in filled)
    assert all((row.entry is None) == bool(row.rejections) for row in rows)
    hashes = {*(row.row_hash for row in rows), *(row.row_hash for row in aside)}
    assert len(hashes) == len(rows) + len(aside)
    assert all(0 <= row.row_hash < 2**64 for row in rows)
    assert all(len({finding.code for finding in row.rejections}) == len(row.rejections) for row in rows)


@settings(max_examples=100, deadline=None)
@given(ENTRIES)
def test_decomposed_text_is_checked_like_composed_text(entries: list[tuple[RawValue, ...]]) -> None:
    def decompose(value: RawValue) -> RawValue:
        return unicodedata.normalize("NFD", value) if isinstance(value, str) else value

    no_tasks = RawTab("Nhiệm vụ", ())
    composed = check_raw_sheet(
        _make_sheet(_make_tab("Tiến độ", PROGRESS_HEADER, entries, range(8), 1), no_tasks, False)
    )
    header = [unicodedata.normalize("NFD", name) for name in PROGRESS_HEADER]
    rows = [tuple(map(decompose, row)) for row in entries]
    name = unicodedata.normalize("NFD", "Tiến độ")
    decomposed = check_raw_sheet(_make_sheet(_make_tab(name, header, rows, range(8), 1), no_tasks, False))
    assert [row.entry for row in composed.rows] == [row.entry for row in decomposed.rows]
    assert [row.row_hash for row in composed.rows] == [row.row_hash for row in decomposed.rows]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.text(max_size=12)] * 8), max_size=6))
def test_any_text_in_any_cell_can_be_checked(entries: list[tuple[str, ...]]) -> None:
    rows = check_raw_sheet(
        _make_sheet(_make_tab("Tiến độ", PROGRESS_HEADER, entries, range(8), 1), RawTab("Nhiệm vụ", ()), False)
    ).rows
    assert len(rows) <= len(entries)
    assert len(HEADERS["progress"]) == len(PROGRESS_HEADER) + 2  # without the columns that settle doubts
