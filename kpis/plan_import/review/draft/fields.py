"""The fields of each kind of row: what is proposed, what the reviewer decides, and the words of choices.

Labels are catalogue keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kpis.plan_import.review.draft.model import DraftRow, RowKind
from kpis.register.builders import AGENCY_KINDS
from kpis.register.model import MEMBER_KINDS

FieldType = Literal[
    "text",
    "number",
    "integer",
    "year",
    "day",
    "reporting_days",
    "due_day",
    "choice",
    "members",
    "agency",
    "agencies",
    "indicator",
    "row",
]
FieldRole = Literal["proposal", "completion", "reviewer", "shown"]


@dataclass(frozen=True)
class DraftField:
    """One field of a row.

    `role`: a "proposal" is changed only with the decision to change; a "completion" is a proposal that may be filled in
    where the text states nothing; a "reviewer" field is no part of the proposal; a "shown" one is only to be read.
    `choices`: catalogue key by code.
    """

    name: str
    label: str
    type: FieldType = "text"
    role: FieldRole = "proposal"
    is_required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    width: int = 16


MEASURES = {
    "count": "count", "ratio": "ratio", "coverage": "coverage (agencies)", "amount": "amount (money, km, level)",
    "change": "growth or reduction", "carried": "carried (not judged)",
}  # fmt: skip
COMPARATORS = {
    ">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "exactly", "~": "about",
}  # fmt: skip
RECURRENCES = {
    "yearly": "every year", "by_end": "by the end of the plan", "once": "once (a plan of one year)",
    "standing": "at all times", "quarterly": "every quarter", "monthly": "every month",
    "half_yearly": "every half-year",
}  # fmt: skip
FORCES = {
    "binding": "binding", "aspirational": "aspirational", "tentative": "tentative", "conditional": "conditional",
}  # fmt: skip
ACCUMULATIONS = {
    "increment": "entries add up", "level": "the latest entry counts",
    "rate": "the lead's latest entry counts (a rate, an average)",
}  # fmt: skip
TIMINGS = {"once": "one time", "yearly": "every year", "ongoing": "ongoing"}
PLAN_KINDS = {"province": "province or city", "ward": "commune, ward or special zone"}
KINDS_OF_AGENCY = {kind: f"agency kind: {kind}" for kind in AGENCY_KINDS} | {"collective": "agency kind: collective"}
MEMBERS = {kind: f"members: {kind}" for kind in MEMBER_KINDS}

EFFECTS = {
    "change": "changes the row named beside", "repeal": "ends the row named beside", "add": "is new",
}  # fmt: skip

_HEADER: tuple[tuple[str, str, FieldType, bool, Mapping[str, str] | None], ...] = (
    ("plan", "Plan id", "text", True, None),
    ("place", "Place", "text", True, None),
    ("province", "Province or city", "text", True, None),
    ("kind", "Level", "choice", True, PLAN_KINDS),
    ("title", "Short title", "text", True, None),
    ("number", "Number of the document", "text", False, None),
    ("issued_on", "Day of issue", "day", False, None),
    ("issuer", "Issued by", "text", True, None),
    ("start_year", "First year", "year", True, None),
    ("end_year", "Last year", "year", False, None),
    ("shown_to", "Shown up to (no last year)", "year", False, None),
    ("reporting_days", "Reporting days", "reporting_days", False, None),
    ("focal_agency", "Focal agency", "agency", True, None),
    ("document_number", "Number of the amending document", "text", False, None),
    ("document_issued_on", "Day of issue of the amending document", "day", False, None),
    ("document_issuer", "Amending document issued by", "text", False, None),
    ("in_force_from", "In force from", "day", False, None),
)
AMENDING_FIELDS = frozenset(("document_number", "document_issued_on", "document_issuer", "in_force_from"))
"""The rows of the header that only an amendment has."""
HEADER_FIELDS: Mapping[str, DraftField] = {
    name: DraftField("value", label, type_, "proposal", is_required, choices or {}, 40)
    for name, label, type_, is_required, choices in _HEADER
}
"""The rows of the header by name; each has the one field `value`."""

_LEAD = DraftField("lead", "Lead agency", "agency", "reviewer", True, width=24)
_REASON = DraftField("reason", "Why so (reading)", "text", "reviewer", width=28)
_CLAUSE = DraftField("clause", "Clause of the text", width=36)
_EFFECT = DraftField("effect", "What the clause does", "choice", "completion", True, EFFECTS, 18)
_AMENDS = DraftField("amends", "Row of the version in force", "row", "completion", width=12)
_TITLE = DraftField("title", "Short title", is_required=True, width=34)
_RECURRENCE = DraftField("recurrence", "Recurrence", "choice", "completion", True, RECURRENCES)
_BY_YEAR = DraftField("by_year", "By the year", "year", "completion", width=9)
_FORCE = DraftField("force", "Force", "choice", "proposal", True, FORCES, 12)
_INDICATOR = DraftField("indicator", "Indicator (empty: a new one)", "indicator", "completion", width=24)
_NEAREST_INDICATOR = DraftField("nearest_indicator", "Nearest known indicator", role="shown", width=24)

FIELDS: Mapping[RowKind, tuple[DraftField, ...]] = {
    "target": (
        _TITLE,
        DraftField("measure", "Measure", "choice", "proposal", True, MEASURES),
        DraftField("comparator", "Comparison", "choice", "proposal", True, COMPARATORS, 11),
        DraftField("floor", "Floor", "number", "proposal", True, width=11),
        DraftField("stretch", "Stretch", "number", width=11),
        DraftField("unit", "Unit", "text", "completion", width=13),
        _RECURRENCE,
        _BY_YEAR,
        DraftField("each", "Times each", "integer", width=8),
        DraftField("group", "Values of one promise", "text", "completion", width=10),
        _FORCE,
        _INDICATOR,
        _NEAREST_INDICATOR,
        _LEAD,
        _REASON,
        DraftField("accumulation", "How entries count", "choice", "reviewer", False, ACCUMULATIONS),
        DraftField("roster", "Agencies that must do it", "agencies", "reviewer", width=24),
        DraftField("population", "Total, once fixed", "integer", "reviewer", width=11),
        DraftField("baseline", "Baseline (needed for growth and reduction)", "number", "completion", width=11),
        DraftField("baseline_year", "Year of the baseline", "year", "completion", width=9),
        _EFFECT,
        _AMENDS,
        _CLAUSE,
    ),
    "milestone": (
        _TITLE, _RECURRENCE, _BY_YEAR, _FORCE, _INDICATOR, _NEAREST_INDICATOR, _LEAD, _REASON, _EFFECT, _AMENDS,
        _CLAUSE,
    ),
    "task": (
        DraftField("section", "Section", width=9),
        DraftField("number", "No.", width=7),
        DraftField("title", "Task", is_required=True, width=44),
        DraftField("leads", "Lead agencies", "agencies", "completion", True, width=26),
        DraftField("coordinators", "Coordinating agencies", "agencies", width=26),
        DraftField("output", "Output", width=22),
        DraftField("schedule", "Schedule", width=16),
        DraftField("timing", "Timing", "choice", "proposal", True, TIMINGS, 12),
        DraftField("first_year", "From year", "year", "completion", True, width=9),
        DraftField("last_year", "To year", "year", "completion", width=9),
        DraftField("due_on", "Due on", "due_day", "completion", width=12),
        _EFFECT,
        _AMENDS,
        _CLAUSE,
    ),
    "agency": (
        DraftField("name", "Name", is_required=True, width=34),
        DraftField("kind", "Kind", "choice", "proposal", True, KINDS_OF_AGENCY, 22),
        DraftField("same_as", "Is the agency", "agency", width=34),
        DraftField("nearest", "Nearest known agency", role="shown", width=26),
        DraftField("members", "Members (collectives)", "members", "completion", False, MEMBERS, 30),
    ),
    "number": (
        DraftField("text", "Number in the text", role="shown", width=14),
        DraftField("row", "Row that has this number", "row", width=14),
    ),
}  # fmt: skip


def list_fields(row: DraftRow) -> tuple[DraftField, ...]:
    """Return the fields of a row in the order of the workbook's columns."""
    if row.kind == "header":
        return (HEADER_FIELDS[row.id.removeprefix("header.")],)
    left_out = set() if row.role == "clause" else {_EFFECT.name, _AMENDS.name}
    if not (row.is_added or row.role == "in_force"):
        left_out.add(_CLAUSE.name)
    return tuple(item for item in FIELDS[row.kind] if item.name not in left_out)
