"""A new draft from a proposal: one row for each thing to decide on, all of them undecided."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kpis.language.normalization import clean, fold
from kpis.plan_import.model import (
    Document,
    Header,
    LedgerEntry,
    OutlinedBlock,
    Place,
    Proposal,
    ProposedAgency,
    ProposedMilestone,
    ProposedTarget,
    ProposedTask,
)
from kpis.plan_import.proposals.phrases import cut_at_phrase
from kpis.plan_import.review.draft.fields import AMENDING_FIELDS, HEADER_FIELDS, KINDS_OF_AGENCY
from kpis.plan_import.review.draft.likeness import find_nearest_indicator
from kpis.plan_import.review.draft.model import Draft, DraftRow, RowKind, RowRole, TextBlock
from kpis.plan_import.review.draft.places import PlanPlace
from kpis.plan_import.review.draft.reporting_days import to_days_text
from kpis.plan_import.review.draft.schedules import read_due_day, read_schedule
from kpis.plan_import.review.draft.values import to_number_text
from kpis.register.model import Indicator

ADDED_ROWS = 15
"""Empty rows at the end of each part for what the proposal lacks."""

MAX_TITLE_LENGTH = 110
_POINT = re.compile(r"^(?:[a-zđ]|[a-zđ]?\d{1,2})\)\s+")
"""What stands before a point in an issued text, as in "đ) Giảm 15% …"."""
_AMENDING = re.compile(
    r"^(?:\d{1,2}\.\s*|[a-zđ]\)\s*)?(?:sửa đổi|bổ sung|thay thế|điều chỉnh)[^:“”]{1,160}"
    r"(?:như sau|thành)\s*:\s*“?",
    re.IGNORECASE,
)
"""The words of an amendment before the new text, as in "Sửa đổi điểm b khoản 1 mục II như sau: “b) …"."""
_CELL_VALUE = re.compile(r"(?<=\w):\s*[\d.,]+\s*%?$")
"""The level of one year behind the name of a row in a table of years: the name is that of every year."""
_FRACTIONS = frozenset(("ratio", "coverage", "change"))
_PREFIXES: dict[RowKind, str] = {"target": "CT", "milestone": "M", "task": "NV", "agency": "CQ", "number": "S"}


def build_draft(
    plan: str,
    place: PlanPlace,
    document: Document,
    outlined: Sequence[OutlinedBlock],
    proposal: Proposal,
    indicators: Iterable[Indicator] = (),
) -> Draft:
    """Return the first revision of a draft of a plan. `indicators`: those of the register."""
    names = [indicator.name_vi for indicator in indicators]
    years = (proposal.header.start_year, proposal.header.end_year)
    zones = {item.block.index: item.zone for item in outlined}
    rows = [
        *_build_header(plan, place, proposal.header),
        *number_rows("target", (add_nearest_indicator(row, names) for row in list_target_rows(proposal.targets))),
        *number_rows(
            "milestone", (add_nearest_indicator(build_milestone_row(each), names) for each in proposal.milestones)
        ),
        *number_rows("task", (build_task_row(task, *years) for task in proposal.tasks)),
        *number_rows("agency", map(build_agency_row, proposal.agencies)),
        *number_rows("number", list_number_rows(proposal.ledger, zones, outlined)),
    ]
    text = tuple(map(build_text_block, outlined))
    return Draft(uuid.uuid4().hex, plan, 1, document.file_name, document.sha256, tuple(rows), text)


def shorten_title(text: str) -> str:
    """Return a clause as a title: without its bullet, letter or amending words before it, cut between phrases."""
    plain = _AMENDING.sub("", clean(text).lstrip("-–—+•*·▪◦ "))
    title = _POINT.sub("", plain).rstrip(" ;.,:")
    if len(title) <= MAX_TITLE_LENGTH:
        return title
    return cut_at_phrase(title, MAX_TITLE_LENGTH).rstrip(" ;.,:") + "…"


def build_text_block(item: OutlinedBlock) -> TextBlock:
    """Return a block of the document for the reviewer to read."""
    block = item.block
    return TextBlock(block.index, block.text, item.section, item.zone, block.page, next(iter(block.lines), None))


def _build_header(plan: str, place: PlanPlace, header: Header) -> Iterator[DraftRow]:
    proposed = {
        "plan": plan,
        "place": place.name,
        "province": place.province,
        "kind": place.kind,
        "title": shorten_title(header.title or ""),
        "number": header.number or "",
        "issued_on": header.issued_on.isoformat() if header.issued_on else "",
        "issuer": header.issuer or "",
        "start_year": _to_text(header.start_year),
        "end_year": _to_text(header.end_year),
        "reporting_days": to_days_text(header.reporting_days),
    }
    for name in (name for name in HEADER_FIELDS if name not in AMENDING_FIELDS):
        value = proposed.get(name, "")
        yield DraftRow(f"header.{name}", "header", "", None, {"value": value} if value else {})


def list_target_rows(targets: Sequence[ProposedTarget]) -> Iterator[DraftRow]:
    """Yield the rows of proposed targets, without codes; no two with the same title."""
    titles: set[str] = set()
    for target in targets:
        row = _build_target(target)
        title = row.proposed["title"]
        for addition in (f"{target.by_year}" if target.by_year else "", row.proposed["floor"].replace(".", ",")):
            if fold(title) in titles and addition:
                title = f"{title} – {addition}"
        titles.add(fold(title))
        yield replace(row, proposed={**row.proposed, "title": title})


def _build_target(target: ProposedTarget) -> DraftRow:
    is_fraction = target.measure in _FRACTIONS
    proposed = {
        "title": shorten_title(_CELL_VALUE.sub("", target.quote) if target.group else target.quote),
        "measure": target.measure,
        "comparator": target.comparator,
        "floor": to_number_text(target.floor, is_fraction=is_fraction),
        "stretch": "" if target.stretch is None else to_number_text(target.stretch, is_fraction=is_fraction),
        "unit": target.unit or "",
        "recurrence": target.recurrence or "",
        "by_year": _to_text(target.by_year),
        "each": _to_text(target.each),
        "force": target.force,
        "indicator": target.indicator or "",
        "group": target.group or "",
        "baseline": _write_baseline(target),
        "baseline_year": _to_text(target.baseline_year) if target.baseline is not None else "",
    }
    row = _build_row("target", target.quote, target.place, proposed)
    return replace(row, confidence=float(target.confidence))


def _write_baseline(target: ProposedTarget) -> str:
    if target.baseline is None:
        return ""
    return to_number_text(target.baseline, is_fraction=target.measure in {"ratio", "coverage"})


def add_nearest_indicator(row: DraftRow, names: Sequence[str]) -> DraftRow:
    """Add the known indicator that a promise is most likely about, for the reviewer to see."""
    nearest = find_nearest_indicator(row.proposed.get("indicator") or row.quote, names)
    return row if nearest is None else replace(row, proposed={**row.proposed, "nearest_indicator": nearest})


def build_milestone_row(milestone: ProposedMilestone) -> DraftRow:
    """Return the row of a proposed milestone, without a code."""
    proposed = {
        "title": shorten_title(milestone.title),
        "recurrence": milestone.recurrence or "",
        "by_year": _to_text(milestone.by_year),
        "force": milestone.force,
    }
    row = _build_row("milestone", milestone.quote, milestone.place, proposed)
    return replace(row, confidence=float(milestone.confidence))


def build_task_row(task: ProposedTask, start_year: int | None, end_year: int | None) -> DraftRow:
    """Return the row of a proposed task of a plan of some years, without a code."""
    years = {}
    if start_year is not None:
        plan_years = read_schedule(task.schedule or "", start_year, end_year)
        years = {
            "timing": plan_years.timing,
            "first_year": str(plan_years.first_year),
            "last_year": _to_text(plan_years.last_year),
            "due_on": read_due_day(task.schedule or "", plan_years, start_year, end_year),
        }
    proposed = {
        "section": task.section or "",
        "number": task.number or "",
        "title": clean(task.title),
        "leads": "; ".join(task.leads),
        "coordinators": "; ".join(task.coordinators),
        "output": clean(task.output or ""),
        "schedule": clean(task.schedule or ""),
        **years,
    }
    return _build_row("task", task.title, task.place, proposed)


def build_agency_row(agency: ProposedAgency) -> DraftRow:
    """Return the row of a proposed agency, without a code."""
    proposed = {
        "name": clean(agency.name),
        "kind": agency.kind if agency.kind in KINDS_OF_AGENCY else "other",
        "same_as": agency.known_as or "",
        "nearest": "" if agency.known_as else agency.nearest or "",
    }
    return _build_row("agency", agency.name, agency.place, proposed)


def list_number_rows(
    ledger: Sequence[LedgerEntry], zones: Mapping[int, str], outlined: Sequence[OutlinedBlock]
) -> Iterator[DraftRow]:
    """Left-over numbers; those of goals must be decided, all of them where the document has no part of goals."""
    texts = {item.block.index: item.block.text for item in outlined}
    has_goals = "goals" in zones.values()
    for entry in ledger:
        if entry.outcome != "left_over":
            continue
        must = not has_goals or zones.get(entry.place.block) == "goals"
        row = _build_row("number", _quote_around(texts.get(entry.place.block, ""), entry.text), entry.place, {})
        yield replace(row, proposed={"text": entry.text}, needs_decision=must)


def _quote_around(text: str, number: str, width: int = 220) -> str:
    """Return the part of a block around the first place of a number."""
    start = max(text.find(number) - width // 2, 0)
    part = text[start : start + width]
    return clean(("…" if start else "") + part + ("…" if start + width < len(text) else ""))


def _build_row(kind: RowKind, quote: str, place: Place, proposed: dict[str, str]) -> DraftRow:
    return DraftRow("", kind, quote, place, {name: text for name, text in proposed.items() if text})


def number_rows(kind: RowKind, rows: Iterable[DraftRow], role: RowRole = "proposal") -> Iterator[DraftRow]:
    """Give the rows their codes, and add the empty ones, of a role."""
    count = 0
    for count, row in enumerate(rows, start=1):
        yield replace(row, id=f"{_PREFIXES[kind]}{count:03}")
    for number in range(count + 1, count + 1 + ADDED_ROWS if kind != "number" else 0):
        yield DraftRow(
            f"{_PREFIXES[kind]}{number:03}", kind, "", None, {}, needs_decision=False, is_added=True, role=role
        )


def _to_text(value: int | None) -> str:
    return "" if value is None else str(value)
