"""Checks a whole source: each row becomes an entry or task report, with warnings, or a rejection (§4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.checks import cross_row_warnings
from kpis.checks.date_order import has_doubtful_order
from kpis.checks.entry_marks import merge_marks
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.progress_checker import ProgressChecker, RowPlace, merge_repeated
from kpis.checks.row_findings import make_finding
from kpis.checks.row_identity import RowIdentities
from kpis.checks.task_checker import TaskChecker
from kpis.register.model import Register
from kpis.sheet.layout import TabLayout, find_layouts
from kpis.sheet.model import CheckedRow, CheckedSheet, Entry, RawRow, RawSheet, SetAsideRow
from kpis.sheet.tab_headers import HEADERS, TAB_KINDS, TabKind

FindCountedElsewhere = Callable[[Collection[int]], Mapping[int, str]]
"""Given hashes of accepted rows, returns those that another source already counts, with its id."""

_RowPairs = Sequence[tuple[RawRow, CheckedRow]]
_LocatedRow = tuple[TabLayout, RawRow, CheckedRow]


def check_source(
    raw: RawSheet,
    plan_id: str,
    register: Register,
    today: date,
    *,
    tasks_required: bool = False,
    find_counted_elsewhere: FindCountedElsewhere | None = None,
) -> CheckedSheet:
    """Check every row against one plan on the day `today` (Asia/Ho_Chi_Minh).

    Rows read are the accepted, the rejected and those set aside because they are no data.

    Rows of progress come first, then tasks, each in the sheet's order; empty rows are left out.
    `tasks_required`: the tab of tasks was read before, so it must not be missing now. `falls_due_on` is the
    first day on which a row rejected as `date_future` will be accepted. A row that `find_counted_elsewhere`
    returns is rejected as a duplicate, so that it counts once. Raises SourceError if the source cannot be
    read at all (`kpis.sheet.layout.find_layouts`).
    """
    vocabulary = PlanVocabulary(register, plan_id, today)
    rows: list[CheckedRow] = []
    set_aside: list[SetAsideRow] = []
    future_days: set[date] = set()
    layouts = find_layouts(raw, tasks_required=tasks_required)
    identities = {kind: RowIdentities(kind) for kind in TAB_KINDS}
    located: dict[TabKind, list[_LocatedRow]] = {kind: [] for kind in TAB_KINDS}
    repeats: dict[RowPlace, Entry] = {}
    has_doubtful_dates = has_doubtful_order(layouts)
    for layout in layouts:
        checker: ProgressChecker | TaskChecker
        if layout.kind == "progress":
            checker = ProgressChecker(
                layout, vocabulary, identities[layout.kind], has_doubtful_dates=has_doubtful_dates
            )
        else:
            checker = TaskChecker(layout, vocabulary, identities[layout.kind])
        row_pairs: list[tuple[RawRow, CheckedRow]] = []
        for row in layout.iterate_rows():
            checked = checker.check_row(row)
            if isinstance(checked, SetAsideRow):
                set_aside.append(checked)
            elif checked is not None:
                row_pairs.append((row, checked))
        if isinstance(checker, ProgressChecker):
            for place, entry in checker.repeats.items():
                repeats[place] = merge_marks(entry, repeats.get(place, entry))
        located[layout.kind] += [
            (layout, *pair) for pair in _reject_repeated(layout, row_pairs, find_counted_elsewhere)
        ]
        future_days |= checker.future_days
    for located_rows in located.values():
        merged = [(layout, row, merge_repeated(checked, repeats)) for layout, row, checked in located_rows]
        rows += _add_warnings(merged, register, today)
    tasks_seen = any(layout.kind == "tasks" for layout in layouts)
    notes = tuple(note for layout in layouts for note in layout.list_notes())
    return CheckedSheet(tuple(rows), tasks_seen, min(future_days, default=None), tuple(set_aside), notes)


def _reject_repeated(
    layout: TabLayout, row_pairs: _RowPairs, find_counted_elsewhere: FindCountedElsewhere | None
) -> _RowPairs:
    """Return the rows, with those rejected that another source already counts."""
    if find_counted_elsewhere is None:
        return row_pairs
    counted = find_counted_elsewhere([checked.row_hash for _, checked in row_pairs if not checked.rejections])
    if not counted:
        return row_pairs
    return [
        (row, _reject_as_duplicate(layout, row, checked, counted[checked.row_hash]))
        if not checked.rejections and checked.row_hash in counted
        else (row, checked)
        for row, checked in row_pairs
    ]


def _reject_as_duplicate(layout: TabLayout, row: RawRow, checked: CheckedRow, source: str) -> CheckedRow:
    detail = {"reason": "source", "source": source}
    finding = make_finding(layout, row, next(iter(HEADERS[layout.kind])), "duplicate_row", detail)
    return replace(checked, entry=None, report=None, warnings=(), rejections=(finding,))


def _add_warnings(located: Sequence[_LocatedRow], register: Register, today: date) -> list[CheckedRow]:
    """Return the rows of all tabs of one kind with the warnings from comparing them added."""
    rows = [checked for _, _, checked in located]
    warnings = cross_row_warnings.group_by_row(cross_row_warnings.find_warnings(rows, register, today))
    for index, row_warnings in warnings.items():
        layout, row, _ = located[index]
        findings = [make_finding(layout, row, field, code, detail) for _, field, code, detail in row_warnings]
        rows[index] = replace(rows[index], warnings=(*rows[index].warnings, *findings))
    return rows
