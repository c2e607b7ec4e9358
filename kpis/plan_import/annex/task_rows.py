"""One row of a table of tasks, and the task that it proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kpis.plan_import.annex.agency_lists import begins_with_agency, split_agencies
from kpis.plan_import.model import Place, ProposedTask

LEAD_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phụ trách|thực hiện)\s*(?:thực hiện)?\s*:", re.I)
_COORDINATOR_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:phối hợp|tham gia)\s*(?:thực hiện)?\s*:", re.I)

# "Sở Tài chính (chủ trì); Sở Y tế (phối hợp)", "Sở Tài chính chủ trì; Sở Y tế phối hợp".
_ROLE_BEHIND: Final = re.compile(
    r"\s*(?:\(\s*|(?<=\w)\s)(?:là )?(?:cơ quan |đơn vị )?(?:(?P<leads>chủ trì|đầu mối)|phối hợp|tham gia)"
    r"(?: thực hiện)?\s*(?:\)|(?=[;,.\n]|$))[;,.]?",
    re.I,
)
_LEADS_WITH: Final = re.compile(
    r"(?P<leads>.+?)\s+chủ trì,?\s*(?:và )?phối hợp\s+(?:với|cùng)\s+(?P<others>.+)", re.I | re.S
)
_STROKE: Final = re.compile(r"\s+/\s*|\s*/\s+")


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
    elif any(pattern.search(leads) for pattern in (LEAD_PART, _COORDINATOR_PART, _ROLE_BEHIND, _LEADS_WITH)):
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
    """Return leads and coordinators of a cell of both roles; without words that divide them all lead.

    "Chủ trì: …; Phối hợp: …", "… (chủ trì); … (phối hợp)", "… chủ trì, phối hợp với …", "… / …".
    """
    match = _COORDINATOR_PART.search(cell)
    if match is None and not LEAD_PART.search(cell) and (divided := _divide_by_words(cell)):
        return divided[0], "; ".join(filter(None, (divided[1], coordinators)))
    lead_part = LEAD_PART.sub("", cell[: match.start()] if match else cell)
    coordinator_part = cell[match.end() :] if match else ""
    if match and (later := LEAD_PART.search(coordinator_part)):
        lead_part, coordinator_part = coordinator_part[later.end() :], coordinator_part[: later.start()]
    return _strip(lead_part), "; ".join(filter(None, (_strip(coordinator_part), coordinators)))


def _divide_by_words(cell: str) -> tuple[str, str] | None:
    """Return leads and coordinators that words behind the names divide, or one stroke; None if nothing does."""
    if match := _LEADS_WITH.fullmatch(cell):
        return _strip(match["leads"]), _strip(match["others"])
    parts: dict[str, list[str]] = {"leads": [], "others": []}
    start = 0
    for role in _ROLE_BEHIND.finditer(cell):
        parts["leads" if role["leads"] else "others"].append(_strip(cell[start : role.start()]))
        start = role.end()
    if parts["leads"] and (parts["others"] or not _strip(cell[start:])):
        return "; ".join(parts["leads"]), "; ".join((*parts["others"], *filter(None, [_strip(cell[start:])])))
    both = _STROKE.split(cell)
    if len(both) == 2 and all(map(begins_with_agency, both)):
        return _strip(both[0]), _strip(both[1])
    return None


def _strip(part: str) -> str:
    return part.strip(" .;,:-–\n")


def _flatten(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
