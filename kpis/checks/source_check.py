"""Judges a whole source: each row an entry, an entry with warnings, or a rejection (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.checks import cross_row_warnings
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.progress_checker import ProgressChecker
from kpis.checks.row_findings import make_finding
from kpis.checks.task_checker import TaskChecker
from kpis.register.model import Register
from kpis.sheet.layout import HEADERS, TabLayout, find_layouts
from kpis.sheet.model import CheckedRow, CheckedSheet, RawRow, RawSheet

FindCountedElsewhere = Callable[[Collection[int]], Mapping[int, str]]
"""Of the hashes of accepted rows, those that another source of the plan counts already, with its id."""

_RowPairs = Sequence[tuple[RawRow, CheckedRow]]


def check_source(
    raw: RawSheet,
    plan_id: str,
    register: Register,
    today: date,
    *,
    tasks_required: bool = False,
    find_counted_elsewhere: FindCountedElsewhere | None = None,
) -> CheckedSheet:
    """Judge every row against one plan on the day `today` (Asia/Ho_Chi_Minh); read = accepted + rejected.

    Rows of progress come first, then tasks, each in the sheet's order; a row that is none is left out.
    `tasks_required`: the tab of tasks has been read before, so it may not be missing now. `falls_due_on` is
    the first day on which a row rejected as `date_future` is so no more. A row that `elsewhere` knows is a
    duplicate: it counts once, however many sheets repeat it. SourceError where the source cannot
    be read as a whole (`kpis.sheet.layout.find_layouts`).
    """
    known = PlanVocabulary(register, plan_id, today)
    rows: list[CheckedRow] = []
    future_days: set[date] = set()
    layouts = find_layouts(raw, tasks_required=tasks_required)
    for layout in layouts:
        judge = (ProgressChecker if layout.kind == "progress" else TaskChecker)(layout, known)
        judged = [
            (row, checked) for row in layout.iterate_rows() if (checked := judge.check_row(row)) is not None
        ]
        rows += _add_warnings(layout, _reject_repeated(layout, judged, find_counted_elsewhere), register)
        future_days |= judge.future_days
    tasks_seen = any(layout.kind == "tasks" for layout in layouts)
    return CheckedSheet(tuple(rows), tasks_seen, min(future_days, default=None))


def _reject_repeated(
    layout: TabLayout, row_pairs: _RowPairs, find_counted_elsewhere: FindCountedElsewhere | None
) -> _RowPairs:
    """The rows, those rejected that another source counts already."""
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
    found = make_finding(layout, row, next(iter(HEADERS[layout.kind])), "duplicate_row", detail)
    return replace(checked, entry=None, report=None, warnings=(), rejections=(found,))


def _add_warnings(layout: TabLayout, row_pairs: _RowPairs, register: Register) -> list[CheckedRow]:
    """The rows with what other rows tell about them added to their warnings."""
    rows = [checked for _, checked in row_pairs]
    for index, warned in cross_row_warnings.group_by_row(
        cross_row_warnings.find_warnings(rows, register)
    ).items():
        found = [
            make_finding(layout, row_pairs[index][0], field, code, detail)
            for _, field, code, detail in warned
        ]
        rows[index] = replace(rows[index], warnings=(*rows[index].warnings, *found))
    return rows
