"""A sheet before and after it is checked: tabs of cells, rows with their outcome (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

CellKind = Literal["empty", "text", "number", "date", "time", "percent", "boolean", "error", "loading"]
RowOutcome = Literal["accepted", "rejected"]
Field = Literal[
    "occurred_on", "agency", "target", "quantity", "denominator", "content", "evidence", "entered_by",
    "task", "task_title", "status", "finished_on", "result", "difficulty", "confirmed", "shared_event",
    "subject", "asked_on", "question", "answer_due_on", "explanation", "remedies", "promised_on", "answered_on",
    "answered_by", "request",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the source holds it, built by `kpis.sheet.cells`.

    `value` is a float for number, percent and time, a date for date, a text for text, error and loading.
    `text` is the stored value as text, cleaned (`kpis.language.normalization.clean`).
    `shown_text` is what the sheet displays where its number format shows another value, or a month alone.
    `is_struck`: the whole cell is struck through; `has_marked_runs`: part of its text is struck or raised.
    `sums_own_column`: a formula over cells of the cell's own column.
    """

    kind: CellKind
    value: str | float | date | bool | None
    text: str
    shown_text: str | None = None
    is_struck: bool = False
    has_marked_runs: bool = False
    sums_own_column: bool = False

    def __hash__(self) -> int:
        return hash(self.text)  # fast: a str caches its hash, and millions of cells are looked up


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: `number` is the sheet's row number (from 1), cells start at column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RawTab:
    """One tab with its rows from the top, headers included; empty rows may be left out.

    `date1904`: bare numbers that mean days count from 1904 (date cells are already converted).
    `merged`: areas of merged cells as first row, first column, last row, last column, all from 1.
    `has_outer_spaces`: its name in the file begins or ends with a space. `problem`: why an optional tab has no rows.
    """

    name: str
    rows: tuple[RawRow, ...]
    date1904: bool = False
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    has_outer_spaces: bool = False
    problem: SheetNote | None = None


UnreadTabReason = Literal["header", "name", "same_name", "same_tab"]


@dataclass(frozen=True)
class UnreadTab:
    """A tab or file that looks like one of ours and is not read.

    `rows`: its rows below the header; the most there can be if `is_upper_bound`. `reason`: it has our
    header, or nearly our name, or the same name as a tab that is read, or it is another file of one tab.
    """

    name: str
    rows: int
    reason: UnreadTabReason
    is_upper_bound: bool = False


@dataclass(frozen=True)
class RawSheet:
    """A workbook, Google Sheet or CSV folder as read at `read_at` (UTC); `notes` are catalogue keys."""

    tabs: tuple[RawTab, ...]
    read_at: datetime
    notes: tuple[str, ...] = ()
    unread_tabs: tuple[UnreadTab, ...] = ()


@dataclass(frozen=True)
class Source:
    """One configured source; `location`: path of a workbook or folder of CSV files, or a Google link.

    `ignored_tabs`: names of tabs or files that are not named although they look like ours.
    """

    id: str
    plan: str
    kind: Literal["workbook", "folder", "google"]
    location: str
    ignored_tabs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A rejection or warning on one cell ("D12", None if the sheet lacks the column).

    `detail` holds the values for the placeholders of the sentence.
    """

    code: str
    cell: str | None
    header: str | None
    value: str
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One checked row of one of our tabs. `entry`, `report` or `explanation` is set if and only if it is accepted.

    `hashes_of_others`: those of the same content under the other agencies of its chain, where agencies were merged or
    renamed: whose row it is may change with the register.
    """

    tab: Literal["progress", "tasks", "explanations"]
    tab_name: str
    number: int
    row_hash: int
    agency: str | None
    target: str | None
    entry: Entry | None = None
    report: TaskReport | None = None
    rejections: tuple[CellFinding, ...] = ()
    warnings: tuple[CellFinding, ...] = ()
    explanation: ExplanationRow | None = None
    hashes_of_others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted progress row. `denominator` is set for ratios only.

    `quantity` is whole, but for an amount; None where a carried target was reported in words alone.

    `confirmed`: Xác nhận says that the row is right as it is. `shared_event` is the folded text of Sự kiện
    chung. `sums_own_column`: the quantity is a formula over its own column. `is_struck`: the whole row is
    struck through. `swapped_on`: the day with day and month swapped, if it is doubtful which one is meant.
    """

    target: str
    agency: str
    occurred_on: date
    quantity: int | Decimal | None
    denominator: int | None
    content: str | None
    evidence: str | None
    entered_by: str | None
    confirmed: bool = False
    shared_event: str | None = None
    sums_own_column: bool = False
    is_struck: bool = False
    swapped_on: date | None = None


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One accepted task row. `status` is one of not_started, in_progress, done, paused."""

    task: str
    agency: str | None
    status: Literal["not_started", "in_progress", "done", "paused"]
    finished_on: date | None
    result: str | None
    evidence: str | None
    difficulty: str | None


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """One accepted row of the tab of explanations: a question, an answer, or both.

    `target` or `task` is what it is about, neither: the agency. `request` is the request of the ledger that it repeats
    or answers, by its id or because it is the agency's only open one.
    """

    target: str | None
    task: str | None
    agency: str
    request: str | None
    asked_on: date | None
    question: str | None
    due_on: date | None
    answer: str | None
    measures: str | None
    promised_on: date | None
    answered_on: date | None
    answered_by: str | None

    @property
    def entry(self) -> str | None:
        """The id of the target or task that it is about."""
        return self.target or self.task


SetAsideReason = Literal["repeats_header", "numbers_columns", "no_data"]


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """A row of one of our tabs that is no data, such as a title or a signature; `text` is what it says."""

    tab: Literal["progress", "tasks", "explanations"]
    tab_name: str
    number: int
    row_hash: int
    reason: SetAsideReason
    text: str


@dataclass(frozen=True, slots=True)
class SheetNote:
    """Something to tell about a sheet as a whole: a catalogue key and its values."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedSheet:
    """A whole source after checking, in the sheet's order; read = accepted + rejected + set aside."""

    rows: tuple[CheckedRow, ...]
    tasks_seen: bool
    falls_due_on: date | None
    set_aside: tuple[SetAsideRow, ...] = ()
    notes: tuple[SheetNote, ...] = ()


@dataclass(frozen=True)
class CheckedExplanations:
    """The tab of explanations after checking: its rows in the sheet's order, and those that are no data.

    `falls_due_on`: the first day on which a row rejected as `date_future` is accepted.
    """

    rows: tuple[CheckedRow, ...]
    set_aside: tuple[SetAsideRow, ...] = ()
    falls_due_on: date | None = None
    notes: tuple[SheetNote, ...] = ()
