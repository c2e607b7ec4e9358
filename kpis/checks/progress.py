"""Judges the rows of the tab "Tiến độ": each an entry, with warnings or not, or a rejection (§4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kpis.checks.identity import Identities, folded
from kpis.checks.judging import Picker, Wrong, errors_in, finding, rejected
from kpis.checks.known import Known, Reading
from kpis.checks.numbers import is_done
from kpis.register.model import Target
from kpis.sheet.layout import Layout
from kpis.sheet.model import Cell, CheckedRow, Entry, RawRow


@dataclass(slots=True)
class _Row:
    """One row's cells as they were read."""

    day: Reading[date]
    agency: Reading[str]
    target: Reading[Target]
    quantity: Reading[int]
    total: Reading[int]
    total_cell: Cell
    content: Cell
    evidence: Cell
    entered_by: Cell

    @property
    def key(self) -> tuple[str, ...]:
        return (
            self.day.key,
            self.agency.key,
            self.target.key,
            self.quantity.key,
            self.total.key,
            folded((self.content, self.evidence, self.entered_by)),
        )


class ProgressJudge:
    """Judges one tab's rows in the sheet's order: the first of equal rows is the one that counts."""

    def __init__(self, layout: Layout, known: Known) -> None:
        self._layout, self._known = layout, known
        self._days = known.days(date1904=layout.tab.date1904)
        self._picker = Picker(layout)
        self._identities = Identities(layout.kind)
        self.future_days: set[date] = set()

    def judge(self, row: RawRow) -> CheckedRow | None:
        """The row's outcome; None where every column that is read is empty."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        read = self._read(picked)
        identity = self._identities.next(read.key, row.number)
        wrong = _wrong(read)
        entry = None if identity.earlier or wrong else _entry(read)
        if entry is None:
            if read.day.code == "date_future" and read.day.value is not None:
                self.future_days.add(read.day.value)
            judged = rejected(self._layout, row, identity, wrong)
            target = read.target.value
            return replace(judged, agency=read.agency.value, target=target.id if target else None)
        warnings = () if entry.evidence else (finding(self._layout, row, "evidence", "evidence_missing"),)
        return CheckedRow(
            "progress",
            self._layout.tab.name,
            row.number,
            identity.accepted(),
            entry.agency,
            entry.target,
            entry=entry,
            warnings=warnings,
        )

    def _read(self, picked: list[Cell]) -> _Row:
        day, agency, target_cell, quantity, total, content, evidence, entered_by = picked
        known = self._known
        target = known.targets[target_cell]
        number: Reading[int]
        if target.value is None and is_done(quantity):
            number = Reading("1")  # right for a milestone: whether it is one is not known
        elif target.value is not None and target.value.measure == "milestone":
            number = known.milestones[quantity]
        else:
            number = known.numbers[quantity]
        return _Row(
            self._days[day], known.agencies[agency], target, number, known.numbers[total],
            total, content, evidence, entered_by,
        )  # fmt: skip


def _entry(read: _Row) -> Entry | None:
    """What the row says, where every cell could be read."""
    day, agency, target, quantity = read.day.value, read.agency.value, read.target.value, read.quantity.value
    if day is None or agency is None or target is None or quantity is None:
        return None
    return Entry(
        target.id,
        agency,
        day,
        quantity,
        read.total.value if target.measure == "ratio" else None,
        read.content.text or None,
        read.evidence.text or None,
        read.entered_by.text or None,
    )


def _wrong(read: _Row) -> list[Wrong]:
    wrong: list[Wrong] = []
    if read.day.code:
        wrong.append(Wrong("occurred_on", read.day.code, read.day.detail))
    if read.agency.code:
        wrong.append(Wrong("agency", read.agency.code, read.agency.detail))
    if read.target.code:
        wrong.append(Wrong("target", read.target.code, read.target.detail))
    if read.quantity.code:
        wrong.append(Wrong("quantity", read.quantity.code, read.quantity.detail))
    target = read.target.value
    if target is None or target.measure == "ratio" or read.total_cell.kind == "error":
        wrong += _wrong_total(read, target)
    if "error" in (read.content.kind, read.evidence.kind, read.entered_by.kind):
        wrong += errors_in(
            {"content": read.content, "evidence": read.evidence, "entered_by": read.entered_by}
        )
    return wrong


def _wrong_total(read: _Row, target: Target | None) -> list[Wrong]:
    """What is wrong with `Tổng số`: of a ratio, or of a target that is not known, where it may be empty."""
    code = read.total.code
    if code == "quantity_missing":
        return [] if target is None else [Wrong("denominator", "denominator_missing")]
    if code:
        return [Wrong("denominator", code, read.total.detail)]
    numerator, denominator = read.quantity.value, read.total.value
    if numerator is not None and denominator is not None and numerator > denominator:
        return [Wrong("quantity", "numerator_exceeds_denominator", {"total": denominator})]
    return []
