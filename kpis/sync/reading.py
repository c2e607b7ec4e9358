"""One checked source: read now, or rebuilt from its stored rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from kpis.checks.source_check import FindCountedElsewhere, check_source
from kpis.errors import SourceError
from kpis.register.model import Register
from kpis.register.plan_versions import PlanVersions
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import CheckedExplanations, CheckedSheet, RawSheet, SheetNote, Source
from kpis.store import sql
from kpis.store.version_store import RowReader
from kpis.sync.raw_rows import rebuild_sheet
from kpis.sync.rules import compute_rules_hash
from kpis.sync.state import RowCounts, SourceState

ReadSource = Callable[[Source, datetime], RawSheet | None]
"""Reads one source at a moment (UTC); None if it is known to be unchanged since its last good read.

Raises SourceError, or UsageError for an invalid location.
"""


@dataclass(frozen=True)
class SourceReading:
    """One source, read and checked; `explanations` is what its optional tab holds, if that could be read."""

    raw: RawSheet
    checked: CheckedSheet
    explanations: CheckedExplanations | None = None

    @cached_property
    def counts(self) -> RowCounts:
        """The number of its rows by outcome."""
        rows = self.checked.rows
        rejected = sum(bool(row.rejections) for row in rows)
        warned = sum(bool(row.warnings) and not row.rejections for row in rows)
        set_aside = len(self.checked.set_aside)
        return RowCounts(
            read=len(rows) + set_aside,
            accepted=len(rows) - rejected,
            warned=warned,
            rejected=rejected,
            set_aside=set_aside,
        )


def describe_basis(register: Register, plan: str, today: date) -> str:
    """Return by what the rows of a plan are checked: the register, the rules, the version of the plan in force."""
    basis = f"{register.hash} {compute_rules_hash()}"
    number = PlanVersions(register, plan).find_number(today)
    return f"{basis} {number}" if number else basis


def check_sheet(
    raw: RawSheet,
    plan: str,
    register: Register,
    today: date,
    *,
    tasks_required: bool,
    duplicate_lookup: FindCountedElsewhere | None = None,
) -> SourceReading:
    """Return a checked sheet. SourceError if a tab, a column or its plan in the register is missing."""
    _check_plan(plan, register)
    checked = check_source(
        raw, plan, register, today, tasks_required=tasks_required, find_counted_elsewhere=duplicate_lookup
    )
    return SourceReading(raw, checked)


def recheck_stored_rows(
    reader: RowReader,
    state: SourceState,
    register: Register,
    today: date,
    duplicate_lookup: FindCountedElsewhere | None = None,
) -> SourceReading:
    """Return a source's stored rows, checked again without a new read (design.md §4 History)."""
    _check_plan(state.plan, register)
    rows = reader.fetch_rows(sql.load("kpis.sync", "stored_rows"), {"source": state.source, "tab_kind": None})
    raw = rebuild_sheet(state.layout, rows, state.last_good_at)
    return SourceReading(raw, check_source(raw, state.plan, register, today, find_counted_elsewhere=duplicate_lookup))


def list_stored_notes(state: SourceState) -> tuple[SheetNote, ...]:
    """Return what is to be told about the columns of a source's last good read; none if they are unknown."""
    try:
        layouts = find_layouts(rebuild_sheet(state.layout, (), state.last_good_at))
    except SourceError:
        return ()
    return tuple(note for layout in layouts for note in layout.list_notes())


def _check_plan(plan: str, register: Register) -> None:
    if plan not in register.plans:
        raise SourceError(
            "The plan “{plan}” is not in the register. Plans are: {plans}.",
            plan=plan,
            plans=", ".join(register.plans),
        )
