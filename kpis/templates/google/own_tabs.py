"""The tabs of a Google Sheet that are ours alone: lists for the drop-downs, the guide, the plan's targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from kpis.register.model import Register
from kpis.sources.google.client import Json
from kpis.templates import target_words
from kpis.templates.google import requests as request
from kpis.templates.google.tab import Tab, shown
from kpis.templates.guide import WIDTHS, guide
from kpis.templates.plan_sheet import GUIDE, LISTS, STATUSES, TARGET_HEADERS, TARGETS, Template


@dataclass(frozen=True)
class OwnTab:
    """A tab as it should be: texts from the first row on, what rows look like, how wide columns are."""

    title: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    looks: Mapping[int, Json] = field(default_factory=dict)
    hidden: bool = False


def own_tabs(filled: Template, register: Register) -> list[OwnTab]:
    """Targets, guide and lists, in the order of their tabs."""
    lists = (filled.agencies, filled.target_names, filled.tasks, STATUSES)
    columns = zip(("Cơ quan", "Chỉ tiêu", "Mã nhiệm vụ", "Trạng thái"), lists, strict=True)
    return [
        OwnTab(TARGETS, _targets(filled, register), [w for _, w in TARGET_HEADERS], {0: request.HEAD}),
        _guide(filled),
        OwnTab(
            LISTS,
            list(zip_longest(*([head, *items] for head, items in columns), fillvalue="")),
            (36, 60, 24, 20),
            {0: request.BOLD},
            hidden=True,
        ),
    ]


def update_own(own: OwnTab, tabs: list[Tab], requests: list[Json], free_id: Callable[[], int]) -> None:
    """Add the requests that a tab of ours needs: to be made, or brought up to date where it differs.

    A tab of that title whose first cell is not ours belongs to somebody else and is left alone, but for the
    lists, which the drop-downs need.
    """
    width = max(len(row) for row in own.rows)
    tab = next((tab for tab in tabs if tab.title == own.title), None)
    if tab is None:
        tab = Tab(free_id(), own.title, len(own.rows) + 20, width + 1, new=True)
        tabs.append(tab)
        requests.append(request.add_sheet(tab.id, tab.title, tab.rows, tab.columns, hidden=own.hidden))
        requests += [request.width(tab.id, at, characters) for at, characters in enumerate(own.widths)]
        requests.append(request.look(tab.id, 0, (0, width), request.WRAPPED))
        for at, shown_as in own.looks.items():
            looks = [[{"userEnteredFormat": shown_as}] * len(own.rows[at])]
            requests.append(request.write(tab.id, at, 0, looks, "userEnteredFormat"))
    there = [[shown(cell) for cell in row] for row in tab.cells]
    if there and not own.hidden and there[0][:1] != list(own.rows[0][:1]):
        return
    if _trimmed(there) == _trimmed(own.rows):
        return
    if len(own.rows) > tab.rows:
        requests.append(request.grow(tab.id, "ROWS", len(own.rows) - tab.rows))
    if width > tab.columns:
        requests.append(request.grow(tab.id, "COLUMNS", width - tab.columns))
    padded = _padded(own.rows, len(there), max([width, *(len(row) for row in there)]))
    requests.append(request.write(tab.id, 0, 0, padded, "userEnteredValue"))


def _targets(filled: Template, register: Register) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [[header for header, _ in TARGET_HEADERS]]
    rows += [target_words.row(register, target) for target in filled.targets]
    return rows


def _guide(filled: Template) -> OwnTab:
    lines = guide(filled)
    looks = {at: request.BOLD for at, line in enumerate(lines) if line.style in {"title", "heading", "head"}}
    return OwnTab(GUIDE, [line.cells for line in lines], WIDTHS, looks)


def _trimmed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows without the empty cells at their ends, and without the empty rows at the end."""
    kept = [list(row) for row in rows]
    for row in kept:
        while row and not row[-1]:
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _padded(rows: Sequence[Sequence[str]], height: int, width: int) -> list[list[Json]]:
    """Cells of the rows, and empty ones over whatever stood beyond them."""
    texts = [list(row) + [""] * (width - len(row)) for row in rows]
    texts += [[""] * width for _ in range(height - len(rows))]
    return [[request.text(text) for text in row] for row in texts]
