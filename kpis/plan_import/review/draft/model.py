"""A draft: the rows of one proposal, each with its clause, its proposed values and the reviewer's decision.

Values are canonical texts, see `values`; a missing value is "". `CLEARED` as an entered value removes the proposed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from kpis.errors import KpisError
from kpis.plan_import.model import Place

RowKind = Literal["header", "target", "milestone", "task", "agency", "number"]
ROW_KINDS: tuple[RowKind, ...] = ("header", "target", "milestone", "task", "agency", "number")
Decision = Literal["accept", "change", "drop"]
DraftMode = Literal["new", "amends", "whole"]
RowRole = Literal["proposal", "in_force", "clause"]
CLEARED = "-"


class ReviewError(KpisError):
    """A draft, a workbook or a version that cannot be used; the sentence says the next step."""

    exit_code = 1


@dataclass(frozen=True)
class DraftRow:
    """One thing to decide on.

    `role`: of a new plan a "proposal"; of an amendment an entry of the version "in_force", which stays unless it is
    dropped (`in_force_id` is its id), or a "clause" of the document that changes, ends or adds one.

    `entered` are the reviewer's values by field, `revision` the one that changed them last.

    `is_added`: a row for what the proposal lacks; it counts only if it is filled in. `needs_decision`: the plan
    cannot be accepted while there is none. `confidence`: of the proposal, from 0 to 1.
    """

    id: str
    kind: RowKind
    quote: str
    place: Place | None
    proposed: Mapping[str, str]
    needs_decision: bool = True
    is_added: bool = False
    decision: Decision | None = None
    entered: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1
    role: RowRole = "proposal"
    in_force_id: str | None = None
    confidence: float = 1.0

    def get_value(self, name: str) -> str:
        """Return the value of a field as decided: the entered one, else the proposed one; "" if there is none."""
        value = self.entered.get(name) or self.proposed.get(name, "")
        return "" if value == CLEARED else value

    @property
    def is_used(self) -> bool:
        """True if the row goes into the plan."""
        return self.decision in {"accept", "change"} or (self.role == "in_force" and self.decision is None)

    @property
    def ends_entry(self) -> bool:
        """True if the row's decision is that the entry that it names is no longer in force."""
        if self.role == "in_force":
            return self.decision == "drop"
        return self.role == "clause" and self.is_used and self.get_value("effect") == "repeal"

    def with_decision(self, decision: Decision | None, entered: Mapping[str, str]) -> DraftRow:
        """Return the row with another decision and other entered values."""
        return replace(self, decision=decision, entered={name: text for name, text in entered.items() if text})


@dataclass(frozen=True)
class TextBlock:
    """One block of the document's text, for the reviewer to read."""

    index: int
    text: str
    section: str | None
    zone: str
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class Draft:
    """All rows of one proposal. `id` is unique among all drafts; `revision` is raised by every change.

    `sha256` and `file_name` are those of the document. An amendment has a `basis`: the number of the version in force
    (0 for a plan that has no accepted one) and the hash of its content; `known_agencies` are its names of agencies.
    """

    id: str
    plan: str
    revision: int
    file_name: str
    sha256: str
    rows: tuple[DraftRow, ...]
    text: tuple[TextBlock, ...] = ()
    mode: DraftMode = "new"
    basis: int | None = None
    basis_sha256: str | None = None
    known_agencies: tuple[str, ...] = ()

    def list_rows(self, kind: RowKind) -> list[DraftRow]:
        """Return the rows of one kind, in the order of the document."""
        return [row for row in self.rows if row.kind == kind]

    def get_row(self, row_id: str) -> DraftRow:
        """Return a row by its id; KeyError if there is none."""
        return self._rows_by_id[row_id]

    @property
    def _rows_by_id(self) -> dict[str, DraftRow]:
        return {row.id: row for row in self.rows}

    def count_undecided(self) -> int:
        """Return how many rows still need a decision."""
        return sum(row.needs_decision and row.decision is None for row in self.rows)

    def get_header(self, name: str) -> str:
        """Return the decided value of a row of the header; "" if it is dropped or undecided."""
        row = self.get_row(f"header.{name}")
        return row.get_value("value") if row.is_used else ""

    def with_rows(self, changed: Mapping[str, DraftRow]) -> Draft:
        """Return the next revision with some rows replaced; the same draft if nothing differs."""
        revision = self.revision + 1
        rows = []
        for row in self.rows:
            other = changed.get(row.id, row)
            is_same = (other.decision, dict(other.entered)) == (row.decision, dict(row.entered))
            rows.append(row if is_same else replace(other, revision=revision))
        if all(new is old for new, old in zip(rows, self.rows, strict=True)):
            return self
        return replace(self, rows=tuple(rows), revision=revision)


@dataclass(frozen=True)
class ReviewFault:
    """What stands in the way of accepting: a row, the field (None: the decision itself), a catalogue key."""

    row: DraftRow
    field_name: str | None
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
