"""Checks the rows of the tab "Tiến độ": each becomes an entry or a rejection (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kpis.checks.cell_readings import CellReading, CellReadings, FindingDetail
from kpis.checks.date_order import swap_day_and_month
from kpis.checks.entry_marks import is_struck, merge_marks
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.progress_readings import ProgressReadings, find_rejections
from kpis.checks.quantities import is_done
from kpis.checks.row_findings import CellPicker, CellRejection, make_finding, make_rejected_row
from kpis.checks.row_identity import RowIdentities
from kpis.checks.second_columns import ReadCell, find_disagreements, list_other_keys
from kpis.checks.set_aside import build_set_aside_row, find_reason
from kpis.checks.settlements import read_confirmation, read_shared_event
from kpis.register.model import Target
from kpis.sheet.cells import EMPTY_CELL, make_date_cell
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CellFinding, CheckedRow, Entry, Field, RawRow, SetAsideRow
from kpis.sheet.tab_headers import HEADERS

RowPlace = tuple[str, int]
"""A tab's name and the row's number in it."""
_ALONE_NO_ROW: frozenset[Field] = frozenset({"agency", "entered_by", "confirmed"})
"""Cells that people fill down a whole column in advance."""


class ProgressChecker:
    """Checks one tab's rows in the sheet's order: of equal rows the first counts."""

    def __init__(
        self,
        layout: TabLayout,
        vocabulary: PlanVocabulary,
        identities: RowIdentities | None = None,
        *,
        has_doubtful_dates: bool = False,
    ) -> None:
        """`has_doubtful_dates`: day and month may be swapped in the source's date cells."""
        self._layout, self._vocabulary = layout, vocabulary
        self._has_doubtful_dates = has_doubtful_dates
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self._identities = identities or RowIdentities(layout.kind)
        self.repeats: dict[RowPlace, Entry] = {}
        """The marks of the rows that repeat another one, by the place of the first; it may be in another tab."""
        self.future_days: set[date] = set()

    def read_key(self, row: RawRow) -> tuple[str, ...] | None:
        """Return the key of a row's identity, the texts last; None if all columns that we read are empty."""
        picked = self._picker.pick(row)
        return None if picked is None else self._read_cells(picked).key

    def check_row(self, row: RawRow) -> CheckedRow | SetAsideRow | None:
        """Return the checked row, or that it is no data; None if only Cơ quan and Người nhập are filled."""
        picked = self._picker.pick(row)
        if picked is None or _is_prepared_only(picked):
            return None
        readings = self._read_cells(picked)
        rejections = find_rejections(readings)
        key = readings.key
        if self._layout.other_columns:
            rejections = self._find_disagreements(row, readings, rejections)
            key += list_other_keys(rejections)
        identity = self._identities.identify(key, row.number, self._layout.tab.name)
        if rejections:
            cells = dict(zip(HEADERS["progress"], picked, strict=True))
            if misplaced := self._find_misplaced_task(cells, readings):
                rejections = [misplaced]
            elif reason := find_reason(self._layout, row, cells, readings.readable):
                return build_set_aside_row(self._layout, row, identity, reason)
        entry = None if rejections else self._make_entry(readings, picked)
        if entry is not None and identity.earlier_count:
            place = (identity.first_tab, identity.first_row)
            self.repeats[place] = merge_marks(entry, self.repeats.get(place, entry))
            entry = None
        if entry is None:
            if readings.day.code == "date_future" and readings.day.value is not None:
                self.future_days.add(readings.day.value)
            rejected = make_rejected_row(self._layout, row, identity, rejections)
            target = readings.target.value
            return replace(rejected, agency=readings.agency.value, target=target.id if target else None)
        return CheckedRow(
            "progress",
            self._layout.tab.name,
            row.number,
            identity.hash_accepted(),
            entry.agency,
            entry.target,
            entry=entry,
            warnings=tuple(self._find_warnings(row, entry, readings)),
            hashes_of_others=self._hash_for_others(key, entry.agency),
        )

    def _hash_for_others(self, key: tuple[str, ...], agency: str) -> tuple[int, ...]:
        """Return the hashes of a row if it were of another agency of the chain to which its agency belongs."""
        others = self._vocabulary.list_other_reporters(agency)
        keys = [(key[0], other, *key[2:]) for other in others]  # as in `ProgressReadings.key`
        return tuple(RowIdentities(self._layout.kind).identify(each, 0).hash_accepted() for each in keys)

    def _find_warnings(self, row: RawRow, entry: Entry, readings: ProgressReadings) -> list[CellFinding]:
        warnings: list[tuple[Field, str, FindingDetail]] = []
        if not entry.evidence:
            warnings.append(("evidence", "evidence_missing", {}))
        if read_confirmation(readings.confirmed) == "unknown":
            warnings.append(("confirmed", "confirmation_unknown", {}))
        if entry.swapped_on is not None and not entry.confirmed:
            swapped = {"swapped": make_date_cell(entry.swapped_on).text}
            warnings.append(("occurred_on", "date_order_doubtful", swapped))
        target = readings.target.value
        if target is not None and not target.adds_up:
            lead = self._vocabulary.find_lead_on(target, entry.occurred_on)
            if entry.agency != lead:
                warnings.append(("agency", "not_the_lead", {"lead": lead}))
        return [make_finding(self._layout, row, *warning) for warning in warnings]

    def _find_disagreements(
        self, row: RawRow, readings: ProgressReadings, rejections: list[CellRejection]
    ) -> list[CellRejection]:
        vocabulary, target = self._vocabulary, readings.target.value
        read_cells: dict[Field, ReadCell] = {
            "occurred_on": self._days.__getitem__,
            "agency": lambda cell: vocabulary.find_reporter(vocabulary.agencies[cell], readings.day.value),
            "target": lambda cell: vocabulary.read_target(cell, readings.day.value),
            "quantity": self._get_numbers(target).__getitem__,
        }
        if target is None or target.measure == "ratio":
            read_cells["denominator"] = vocabulary.numbers.__getitem__
        return find_disagreements(self._layout, row, readings.by_field, read_cells, rejections)

    def _get_numbers(self, target: Target | None) -> CellReadings[Any]:
        """Return the readings of quantities of a target."""
        match target.measure if target else None:
            case "milestone":
                return self._vocabulary.milestones
            case "amount" | "change":
                return self._vocabulary.amounts
            case "carried":
                return self._vocabulary.carried
            case _:
                return self._vocabulary.numbers

    def _find_misplaced_task(self, cells: Mapping[Field, Cell], readings: ProgressReadings) -> CellRejection | None:
        """Return the only rejection of a row that reports on a task and belongs on the other tab."""
        if readings.target.value is not None:
            return None
        for name in ("target", "occurred_on", "agency"):
            if self._vocabulary.read_task(cells[name], None).value is not None:
                return CellRejection(name, "target_unknown", {"reason": "task"})
        return None

    def _read_cells(self, cells: list[Cell]) -> ProgressReadings:
        day, agency, target_cell, quantity, total, content, evidence, entered_by, confirmed, event = cells
        vocabulary = self._vocabulary
        occurred_on = self._days[day]
        target = vocabulary.read_target(target_cell, occurred_on.value)
        number: CellReading[Any]
        if target.value is None and is_done(quantity):
            number = CellReading("1")  # accepted, because the unknown target may be a milestone
        else:
            number = self._get_numbers(target.value)[quantity]
        reporter = vocabulary.find_reporter(vocabulary.agencies[agency], occurred_on.value)
        return ProgressReadings(
            occurred_on, reporter, target, number, vocabulary.numbers[total],
            total, content, evidence, entered_by, confirmed, event,
        )  # fmt: skip

    def _make_entry(self, readings: ProgressReadings, cells: list[Cell]) -> Entry | None:
        """Return the row as an entry; None if a cell could not be read."""
        day, agency, target, quantity = (
            readings.day.value,
            readings.agency.value,
            readings.target.value,
            readings.quantity.value,
        )
        is_without_number = quantity is None and (target is None or target.measure != "carried")
        if day is None or agency is None or target is None or is_without_number:
            return None
        doubtful_day = cells[0] if self._has_doubtful_dates else EMPTY_CELL
        return Entry(
            target.id,
            agency,
            day,
            quantity,
            readings.total.value if target.measure == "ratio" else None,
            readings.content.text or None,
            readings.evidence.text or None,
            readings.entered_by.text or None,
            confirmed=read_confirmation(readings.confirmed) == "confirmed",
            shared_event=read_shared_event(readings.shared_event),
            sums_own_column=cells[3].sums_own_column,
            is_struck=is_struck(cells),
            swapped_on=swap_day_and_month(doubtful_day, self._vocabulary.today),
        )


def _is_prepared_only(picked: list[Cell]) -> bool:
    """True if only cells that people fill in advance are filled, and none of them with an error."""
    if picked[0].kind != "empty":  # the day, as in nearly every row
        return False
    return all(
        cell.kind == "empty" or (name in _ALONE_NO_ROW and cell.kind != "error")
        for name, cell in zip(HEADERS["progress"], picked, strict=True)
    )


def merge_repeated(checked: CheckedRow, repeats: Mapping[RowPlace, Entry]) -> CheckedRow:
    """Return a checked row with the marks of the rows below it that repeat it."""
    repeat = repeats.get((checked.tab_name, checked.number))
    if repeat is None or checked.entry is None:
        return checked
    entry = merge_marks(checked.entry, repeat)
    if entry.confirmed or entry.swapped_on is None:
        warnings = [warning for warning in checked.warnings if warning.code != "date_order_doubtful"]
        return replace(checked, entry=entry, warnings=tuple(warnings))
    return replace(checked, entry=entry)
