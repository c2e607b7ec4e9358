"""One row of a table of tasks, and the task that it proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kpis.plan_import.annex.agency_lists import split_agencies
from kpis.plan_import.model import Place, ProposedTask

LEAD_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phụ trách|thực hiện)\s*(?:thực hiện)?\s*:", re.I)
_COORDINATOR_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:phối hợp|tham gia)\s*(?:thực hiện)?\s*:", re.I)


@dataclass(frozen=True)
class TaskRow:
    """A row with its cells by what their columns hold ("title", "leads", "schedule", …)."""

    section: str | None
    number: str | None
    cells: dict[str, str]
    place: Place


def build_task(row: TaskRow) -> ProposedTask:
    """Return the task of a row: agencies divided, everything else as printed on one line."""
    leads, coordinators = row.cells.get("leads", ""), row.cells.get("coordinators", "")
    if roles := row.cells.get("roles"):
        leads, coordinators = _split_roles(roles, coordinators)
    elif LEAD_PART.search(leads) or _COORDINATOR_PART.search(leads):
        leads, coordinators = _split_roles(leads, coordinators)
    return ProposedTask(
        section=row.section,
        number=row.number,
        title=_flatten(row.cells.get("title", "")),
        leads=split_agencies(leads),
        coordinators=split_agencies(coordinators),
        output=_flatten(row.cells.get("output", "")) or None,
        schedule=_flatten(row.cells.get("schedule", "")) or None,
        place=replace(row.place, section=row.section),
    )


def _split_roles(cell: str, coordinators: str) -> tuple[str, str]:
    """Return leads and coordinators of a cell "Chủ trì: …; Phối hợp: …"; without those words all lead."""
    match = _COORDINATOR_PART.search(cell)
    lead_part = LEAD_PART.sub("", cell[: match.start()] if match else cell)
    coordinator_part = cell[match.end() :] if match else ""
    if match and (later := LEAD_PART.search(coordinator_part)):
        lead_part, coordinator_part = coordinator_part[later.end() :], coordinator_part[: later.start()]
    return lead_part.strip(" .;,\n"), "; ".join(filter(None, (coordinator_part.strip(" .;,\n"), coordinators)))


def _flatten(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
