"""A new draft of an amendment: the version in force as it is, and a row for each clause that changes it."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.plan_import.model import Document, Header, OutlinedBlock, Proposal, ProposedAgency
from kpis.plan_import.review.amendments.base_plan import BasePlan
from kpis.plan_import.review.amendments.clause_rows import ClauseReader, ClauseRows, list_read_numbers
from kpis.plan_import.review.amendments.instructions import list_instructions
from kpis.plan_import.review.amendments.rows_in_force import build_header_rows, list_rows_in_force
from kpis.plan_import.review.draft.build import (
    add_nearest_indicator,
    build_agency_row,
    build_milestone_row,
    build_task_row,
    build_text_block,
    list_number_rows,
    list_target_rows,
    number_rows,
)
from kpis.plan_import.review.draft.fields import AMENDING_FIELDS, HEADER_FIELDS
from kpis.plan_import.review.draft.model import Draft, DraftMode, DraftRow, RowKind
from kpis.register.model import Agency, Collective
from kpis.register.names import to_agency_key

_KINDS: tuple[RowKind, ...] = ("target", "milestone", "task")
_QUOTED_MARK = re.compile(r"\s*[“\"]\s*(?P<mark>\d{1,2}(?:\.\d{1,2})*)\s?[.)/]")
_IN_FORCE = re.compile(
    r"có hiệu lực (?:thi hành )?(?:kể )?từ ngày\s*(?P<day>\d{1,2})(?:\s*tháng\s*|/)(?P<month>\d{1,2})(?:\s*năm\s*|/)"
    r"(?P<year>\d{4})"
)


def build_amending_draft(
    base: BasePlan, mode: DraftMode, document: Document, outlined: Sequence[OutlinedBlock], proposal: Proposal
) -> Draft:
    """Return the first revision of the draft of a document that amends a plan, or replaces it as a whole."""
    in_force = {kind: _number_in_force(base, kind) for kind in _KINDS}
    entries = [row for rows in in_force.values() for row in rows]
    reader = ClauseReader(outlined, entries, list(_list_proposed(base, proposal)))
    read = reader.read_whole() if mode == "whole" else reader.read(list_instructions(outlined))
    names = _list_agency_names(base)
    rows = [
        *build_header_rows(base),
        *_build_document_rows(proposal.header, outlined),
        *(row for kind in _KINDS for row in _number_all(kind, in_force[kind], read)),
        *number_rows("agency", map(build_agency_row, _list_new_agencies(proposal, names))),
        *number_rows("number", [*read.unclear, *_list_numbers(proposal, outlined, read)]),
    ]
    text = tuple(map(build_text_block, outlined))
    return Draft(
        uuid.uuid4().hex, base.plan, 1, document.file_name, document.sha256, tuple(rows), text,
        mode, base.number, base.sha256, tuple(names),
    )  # fmt: skip


def changes_anything(draft: Draft) -> bool:
    """True if a clause of the document proposes a change, or an entry is missing in a new text."""
    roles = {"clause", "in_force"}
    return any(row.needs_decision and row.role in roles for row in draft.rows if not row.is_added)


def _number_in_force(base: BasePlan, kind: RowKind) -> list[DraftRow]:
    rows = list_rows_in_force(base, kind)
    return [row for row in number_rows(kind, rows) if not row.is_added]


def _list_proposed(base: BasePlan, proposal: Proposal) -> Iterator[DraftRow]:
    """Yield what the document proposes, with the years of the plan in force."""
    plan = base.register.plans[base.plan]
    names = [indicator.name_vi for indicator in base.register.indicators.values()]
    for row in (*list_target_rows(proposal.targets), *map(build_milestone_row, proposal.milestones)):
        yield add_nearest_indicator(row, names)
    for task in proposal.tasks:
        yield build_task_row(task, plan.start_year, plan.end_year)


def _number_all(kind: RowKind, in_force: Sequence[DraftRow], read: ClauseRows) -> Iterator[DraftRow]:
    """Yield the clauses first, then what is in force, from whose codes theirs go on.

    What a new text lacks needs a decision.
    """
    clauses = [row for row in read.rows if row.kind == kind]
    numbered = list(number_rows(kind, [*in_force, *clauses], "clause"))
    count = len(in_force)
    of_clauses, added = numbered[count : count + len(clauses)], numbered[count + len(clauses) :]
    yield from of_clauses
    yield from (replace(row, needs_decision=row.id in read.missing) for row in in_force)
    yield from added


def _build_document_rows(header: Header, outlined: Sequence[OutlinedBlock]) -> Iterator[DraftRow]:
    in_force_from = _find_day_in_force(outlined)
    values = {
        "document_number": header.number or "",
        "document_issued_on": header.issued_on.isoformat() if header.issued_on else "",
        "document_issuer": header.issuer or "",
        "in_force_from": in_force_from.isoformat() if in_force_from else "",
    }
    for name in (name for name in HEADER_FIELDS if name in AMENDING_FIELDS):
        proposed = {"value": values[name]} if values[name] else {}
        yield DraftRow(f"header.{name}", "header", "", None, proposed)


def _find_day_in_force(outlined: Sequence[OutlinedBlock]) -> date | None:
    """Return the day from which the document says that it is in force; None for none or several."""
    days = set()
    for item in outlined:
        for match in _IN_FORCE.finditer(item.block.text):
            try:
                days.add(date(int(match["year"]), int(match["month"]), int(match["day"])))
            except ValueError:
                return None
    return days.pop() if len(days) == 1 else None


def _list_agency_names(base: BasePlan) -> list[str]:
    bodies: tuple[Agency | Collective, ...] = (*base.register.agencies, *base.register.collectives)
    return list(dict.fromkeys(name for body in bodies if body.plan == base.plan for name in (body.name, *body.aliases)))


def _list_new_agencies(proposal: Proposal, names: Sequence[str]) -> list[ProposedAgency]:
    known_keys = set(map(to_agency_key, names))
    return [
        agency
        for agency in proposal.agencies
        if known_keys.isdisjoint(to_agency_key(name) for name in (agency.name, agency.known_as) if name)
    ]


def _list_numbers(
    proposal: Proposal, outlined: Sequence[OutlinedBlock], read: ClauseRows
) -> Iterator[DraftRow]:  # fmt: skip
    """Yield the numbers left over, without those by which an understood clause says what it changes."""
    zones: Mapping[int, str] = {item.block.index: item.zone for item in outlined}
    numbers: dict[int, Counter[str]] = {}
    for instruction in read.understood.values():
        numbers[outlined[instruction.start].block.index] = Counter(list_read_numbers(instruction))
        for item in outlined[instruction.start + 1 : instruction.end]:
            mark = _QUOTED_MARK.match(item.block.text)
            numbers[item.block.index] = Counter(mark["mark"].split(".") if mark else ())
    for row in list_number_rows(proposal.ledger, zones, outlined):
        read_numbers = numbers.get(row.place.block, Counter()) if row.place else Counter()
        text = row.proposed["text"].strip(".%,")
        if read_numbers[text] > 0:
            read_numbers[text] -= 1
        else:
            yield row
