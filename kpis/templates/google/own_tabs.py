"""The tabs of a Google Sheet that are ours alone: lists for the drop-downs, the guide, the plan's targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from kpis.register.model import Register
from kpis.sources.google.client import Json
from kpis.templates import target_texts
from kpis.templates.google import batch_requests as request
from kpis.templates.google.tab import GoogleTab, read_cell_text
from kpis.templates.guide_lines import COLUMN_WIDTHS, build_guide
from kpis.templates.plan_sheet import (
    GUIDE_TAB,
    LISTS_TAB,
    STATUS_CHOICES,
    TARGET_HEADERS,
    TARGETS_TAB,
    SheetTemplate,
)


@dataclass(frozen=True)
class ReferenceTab:
    """A tab as it should be: texts from the first row on, what rows look like, how wide columns are."""

    title: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    row_formats: Mapping[int, Json] = field(default_factory=dict)
    is_hidden: bool = False


def build_reference_tabs(template: SheetTemplate, register: Register) -> list[ReferenceTab]:
    """Targets, guide and lists, in the order of their tabs."""
    lists = (template.agencies, template.target_names, template.tasks, STATUS_CHOICES)
    columns = zip(("Cơ quan", "Chỉ tiêu", "Mã nhiệm vụ", "Trạng thái"), lists, strict=True)
    return [
        ReferenceTab(
            TARGETS_TAB,
            _build_target_rows(template, register),
            [w for _, w in TARGET_HEADERS],
            {0: request.HEADER_FORMAT},
        ),
        _build_guide_tab(template),
        ReferenceTab(
            LISTS_TAB,
            list(zip_longest(*([head, *items] for head, items in columns), fillvalue="")),
            (36, 60, 24, 20),
            {0: request.BOLD_FORMAT},
            is_hidden=True,
        ),
    ]


def add_reference_tab_requests(
    reference: ReferenceTab, tabs: list[GoogleTab], requests: list[Json], find_free_id: Callable[[], int]
) -> None:
    """Add the requests that a tab of ours needs: to be made, or brought up to date where it differs.

    A tab of that title whose first cell is not ours belongs to somebody else and is left alone, but for the
    lists, which the drop-downs need.
    """
    width = max(len(row) for row in reference.rows)
    tab = next((tab for tab in tabs if tab.title == reference.title), None)
    if tab is None:
        tab = GoogleTab(find_free_id(), reference.title, len(reference.rows) + 20, width + 1, is_new=True)
        tabs.append(tab)
        requests.append(
            request.add_sheet(
                tab.id, tab.title, tab.row_count, tab.column_count, is_hidden=reference.is_hidden
            )
        )
        requests += [
            request.set_column_width(tab.id, at, characters) for at, characters in enumerate(reference.widths)
        ]
        requests.append(request.format_columns(tab.id, 0, (0, width), request.WRAPPED_FORMAT))
        for at, shown_as in reference.row_formats.items():
            looks = [[{"userEnteredFormat": shown_as}] * len(reference.rows[at])]
            requests.append(request.write_cells(tab.id, at, 0, looks, "userEnteredFormat"))
    there = [[read_cell_text(cell) for cell in row] for row in tab.cells]
    if there and not reference.is_hidden and there[0][:1] != list(reference.rows[0][:1]):
        return
    if _trim_rows(there) == _trim_rows(reference.rows):
        return
    if len(reference.rows) > tab.row_count:
        requests.append(request.append_dimension(tab.id, "ROWS", len(reference.rows) - tab.row_count))
    if width > tab.column_count:
        requests.append(request.append_dimension(tab.id, "COLUMNS", width - tab.column_count))
    padded = _pad_rows(reference.rows, len(there), max([width, *(len(row) for row in there)]))
    requests.append(request.write_cells(tab.id, 0, 0, padded, "userEnteredValue"))


def _build_target_rows(template: SheetTemplate, register: Register) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [[header for header, _ in TARGET_HEADERS]]
    rows += [target_texts.format_target_row(register, target) for target in template.targets]
    return rows


def _build_guide_tab(template: SheetTemplate) -> ReferenceTab:
    lines = build_guide(template)
    looks = {
        at: request.BOLD_FORMAT for at, line in enumerate(lines) if line.style in {"title", "heading", "head"}
    }
    return ReferenceTab(GUIDE_TAB, [line.cells for line in lines], COLUMN_WIDTHS, looks)


def _trim_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows without the empty cells at their ends, and without the empty rows at the end."""
    kept = [list(row) for row in rows]
    for row in kept:
        while row and not row[-1]:
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _pad_rows(rows: Sequence[Sequence[str]], height: int, width: int) -> list[list[Json]]:
    """Cells of the rows, and empty ones over whatever stood beyond them."""
    texts = [list(row) + [""] * (width - len(row)) for row in rows]
    texts += [[""] * width for _ in range(height - len(rows))]
    return [[request.build_text_cell(text) for text in row] for row in texts]
