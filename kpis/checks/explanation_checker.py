"""Checks the rows of the tab "Giải trình": each becomes a question, an answer or both, or a rejection (design.md §4).

Only the days of question and answer may not be in the future; a day that cannot be read is a warning, since it must
never reject an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kpis.checks.cell_readings import CellReading, FindingDetail
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.row_findings import CellPicker, CellRejection, find_formula_errors, make_finding, make_rejected_row
from kpis.checks.row_identity import RowIdentities, RowIdentity, make_text_key
from kpis.checks.second_columns import ReadCell, find_disagreements, list_other_keys
from kpis.checks.set_aside import build_set_aside_row, find_reason
from kpis.language.normalization import fold
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, CheckedRow, ExplanationRow, Field, RawRow, SetAsideRow
from kpis.sheet.tab_headers import HEADERS

_DAY_FIELDS: tuple[Field, ...] = ("asked_on", "answer_due_on", "promised_on", "answered_on")
_DAYS_UP_TO_TODAY: frozenset[Field] = frozenset({"asked_on", "answered_on"})
_UNREAD_DAYS: Mapping[Field, str] = {
    "asked_on": "answer", "answer_due_on": "due", "promised_on": "promise", "answered_on": "answer",
}  # fmt: skip
"""Column -> which sentence says what counts instead of a day that cannot be read."""
_TEXT_FIELDS: tuple[Field, ...] = ("question", "explanation", "remedies", "answered_by", "request")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row whose cells were read; which request it belongs to is decided once all rows are.

    `rejections` are those of its cells. `request_text` is what stands under Mã yêu cầu.
    """

    row: RawRow
    layout: TabLayout
    identity: RowIdentity
    content: ExplanationRow
    request_text: str
    rejections: tuple[CellRejection, ...]
    warnings: tuple[tuple[Field, str, FindingDetail], ...]

    @property
    def is_good(self) -> bool:
        """True if nothing but its request can still reject it."""
        return not self.rejections and not self.identity.earlier_count


class ExplanationChecker:
    """Reads one tab's rows in the sheet's order: of equal rows the first counts."""

    def __init__(self, layout: TabLayout, vocabulary: PlanVocabulary, identities: RowIdentities) -> None:
        self._layout, self._vocabulary, self._identities = layout, vocabulary, identities
        self._days = vocabulary.build_day_readings(date1904=layout.tab.date1904)
        self._picker = CellPicker(layout)
        self.future_days: set[date] = set()

    def read_row(self, row: RawRow) -> DraftRow | SetAsideRow | None:
        """Return what a row says, or that it is no data; None if at most Mã and Cơ quan are filled."""
        picked = self._picker.pick(row)
        if picked is None:
            return None
        cells: Mapping[Field, Cell] = dict(zip(HEADERS["explanations"], picked, strict=True))
        if all(cell.kind == "empty" for name, cell in cells.items() if name not in ("subject", "agency")):
            return None
        days = {name: self._days[cells[name]] for name in _DAY_FIELDS}
        day = days["asked_on"].value or days["answered_on"].value
        subject, agency = self._read_subject(cells["subject"], day), self._vocabulary.agencies[cells["agency"]]
        rejections = self._find_rejections(cells, subject, agency, days)
        key = (subject.key, agency.key, *(day.key for day in days.values()), fold(cells["request"].text))
        key += (make_text_key(cells[name].text for name in ("question", "explanation", "remedies")),)
        if self._layout.other_columns:
            readings: dict[Field, CellReading[Any]] = {"subject": subject, "agency": agency}
            read_cells: dict[Field, ReadCell] = {
                "subject": lambda cell: self._read_subject(cell, day),
                "agency": self._vocabulary.agencies.__getitem__,
            }
            rejections = find_disagreements(self._layout, row, readings, read_cells, rejections)
            key += list_other_keys(rejections)
        identity = self._identities.identify(key, row.number, self._layout.tab.name)
        if rejections:
            pairs: tuple[tuple[Field, CellReading[Any]], ...] = (("subject", subject), ("agency", agency))
            readable = frozenset(name for name, reading in pairs if reading.value is not None)
            if reason := find_reason(self._layout, row, cells, readable):
                return build_set_aside_row(self._layout, row, identity, reason)
        if any(rejection.code == "date_future" for rejection in rejections):
            self.future_days |= {day.value for day in days.values() if day.code == "date_future" and day.value}
        # Of a row dated since a merger or renaming, the agency is the one that stands for the one named.
        reporter = self._vocabulary.find_reporter(agency, days["answered_on"].value or self._vocabulary.today)
        return DraftRow(
            row,
            self._layout,
            identity,
            _build_content(cells, subject.value, reporter.value or "", days),
            cells["request"].text,
            tuple(rejections),
            tuple(self._find_warnings(cells, days)),
        )

    def _read_subject(self, cell: Cell, day: date | None) -> CellReading[tuple[str | None, str | None]]:
        """Return target and task that a cell names on a day, one of them None; (None, None) for an empty cell."""
        if cell.kind == "empty":
            return CellReading("", (None, None))
        target = self._vocabulary.read_target(cell, day)
        if target.value is not None:
            return CellReading(target.key, (target.key, None))  # its copy of an earlier version has another id
        task = self._vocabulary.read_task(cell, day)
        if task.value is not None:
            return CellReading(task.value.id, (None, task.value.id))
        if task.code == "task_ambiguous":
            return CellReading(task.key, None, task.code, task.detail)
        detail = target.detail
        if target.code == "target_unknown" and not detail:
            detail = {"nearest": task.detail["nearest"]} if "nearest" in task.detail else {"reason": "entry"}
        return CellReading(target.key, None, target.code, detail)

    def _find_rejections(
        self,
        cells: Mapping[Field, Cell],
        subject: CellReading[Any],
        agency: CellReading[str],
        days: Mapping[Field, CellReading[date]],
    ) -> list[CellRejection]:
        rejections = []
        if subject.code:
            rejections.append(CellRejection("subject", subject.code, subject.detail))
        if agency.code:
            rejections.append(CellRejection("agency", agency.code, agency.detail))
        for name, day in days.items():
            if day.code == "date_future" and name in _DAYS_UP_TO_TODAY:
                rejections.append(CellRejection(name, day.code, day.detail))
        rejections += find_formula_errors({name: cells[name] for name in _TEXT_FIELDS})
        if all(cells[name].kind == "empty" for name in ("question", "explanation", "request")):
            rejections.append(CellRejection("explanation", "request_missing"))
        return rejections

    def _find_warnings(
        self, cells: Mapping[Field, Cell], days: Mapping[Field, CellReading[date]]
    ) -> list[tuple[Field, str, FindingDetail]]:
        return [
            (name, "date_unreadable", {**day.detail, "reason": _UNREAD_DAYS[name]})
            for name, day in days.items()
            if day.code in ("date_unreadable", "formula_error") and cells[name].kind != "empty"
        ]


def _build_content(
    cells: Mapping[Field, Cell],
    subject: tuple[str | None, str | None] | None,
    agency: str,
    days: Mapping[Field, CellReading[date]],
) -> ExplanationRow:
    target, task = subject or (None, None)
    texts = {name: cells[name].text or None for name in _TEXT_FIELDS}
    return ExplanationRow(
        target,
        task,
        agency,
        None,
        days["asked_on"].value,
        texts["question"],
        days["answer_due_on"].value,
        texts["explanation"],
        texts["remedies"],
        days["promised_on"].value,
        days["answered_on"].value,
        texts["answered_by"],
    )


def build_rejected(draft: DraftRow, rejections: tuple[CellRejection, ...]) -> CheckedRow:
    """Return a row that is rejected, for its cells, its request or because it repeats another one."""
    content = draft.content
    rejected = make_rejected_row(draft.layout, draft.row, draft.identity, rejections)
    return replace(rejected, agency=content.agency or None, target=content.target)


def build_accepted(draft: DraftRow, request: str | None, asked_on: date | None) -> CheckedRow:
    """Return a row that counts, with the request that it repeats or answers, asked on a day."""
    content, warnings = replace(draft.content, request=request), list(draft.warnings)
    request_day = asked_on or content.asked_on
    if content.answer and request_day and content.answered_on and content.answered_on < request_day:
        warnings.append(("answered_on", "answer_before_request", {"asked": request_day.strftime("%d/%m/%Y")}))
    return CheckedRow(
        "explanations",
        draft.layout.tab.name,
        draft.row.number,
        draft.identity.hash_accepted(),
        content.agency,
        content.target,
        explanation=content,
        warnings=tuple(make_finding(draft.layout, draft.row, *warning) for warning in warnings),
    )
