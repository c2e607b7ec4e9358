"""Judges a whole source: each row an entry, an entry with warnings, or a rejection (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.checks import across
from kpis.checks.judging import finding
from kpis.checks.known import Known
from kpis.checks.progress import ProgressJudge
from kpis.checks.tasks import TaskJudge
from kpis.register.model import Register
from kpis.sheet.layout import HEADERS, Layout, find_layouts
from kpis.sheet.model import CheckedRow, CheckedSheet, RawRow, RawSheet

Elsewhere = Callable[[Collection[int]], Mapping[int, str]]
"""Of the hashes of accepted rows, those that another source of the plan counts already, with its id."""

_Judged = Sequence[tuple[RawRow, CheckedRow]]


def check(
    raw: RawSheet,
    plan_id: str,
    register: Register,
    today: date,
    *,
    tasks_required: bool = False,
    elsewhere: Elsewhere | None = None,
) -> CheckedSheet:
    """Judge every row against one plan on the day `today` (Asia/Ho_Chi_Minh); read = accepted + rejected.

    Rows of progress come first, then tasks, each in the sheet's order; a row that is none is left out.
    `tasks_required`: the tab of tasks has been read before, so it may not be missing now. `falls_due_on` is
    the first day on which a row rejected as `date_future` is so no more. A row that `elsewhere` knows is a
    duplicate: it counts once, however many sheets repeat it. SourceError where the source cannot
    be read as a whole (`kpis.sheet.layout.find_layouts`).
    """
    known = Known(register, plan_id, today)
    rows: list[CheckedRow] = []
    future_days: set[date] = set()
    layouts = find_layouts(raw, tasks_required=tasks_required)
    for layout in layouts:
        judge = (ProgressJudge if layout.kind == "progress" else TaskJudge)(layout, known)
        judged = [(row, checked) for row in layout.rows() if (checked := judge.judge(row)) is not None]
        rows += _with_warnings(layout, _counted_once(layout, judged, elsewhere), register)
        future_days |= judge.future_days
    tasks_seen = any(layout.kind == "tasks" for layout in layouts)
    return CheckedSheet(tuple(rows), tasks_seen, min(future_days, default=None))


def _counted_once(layout: Layout, judged: _Judged, elsewhere: Elsewhere | None) -> _Judged:
    """The rows, those rejected that another source counts already."""
    if elsewhere is None:
        return judged
    counted = elsewhere([checked.row_hash for _, checked in judged if not checked.rejections])
    if not counted:
        return judged
    return [
        (row, _repeated(layout, row, checked, counted[checked.row_hash]))
        if not checked.rejections and checked.row_hash in counted
        else (row, checked)
        for row, checked in judged
    ]


def _repeated(layout: Layout, row: RawRow, checked: CheckedRow, source: str) -> CheckedRow:
    detail = {"reason": "source", "source": source}
    found = finding(layout, row, next(iter(HEADERS[layout.kind])), "duplicate_row", detail)
    return replace(checked, entry=None, report=None, warnings=(), rejections=(found,))


def _with_warnings(layout: Layout, judged: _Judged, register: Register) -> list[CheckedRow]:
    """The rows with what other rows tell about them added to their warnings."""
    rows = [checked for _, checked in judged]
    for index, warned in across.by_row(across.warnings(rows, register)).items():
        found = [finding(layout, judged[index][0], field, code, detail) for _, field, code, detail in warned]
        rows[index] = replace(rows[index], warnings=(*rows[index].warnings, *found))
    return rows
