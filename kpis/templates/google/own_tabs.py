"""The tabs of a Google Sheet that the system writes: lists for the drop-downs, the guide, the targets."""

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
    TARGET_HEADERS,
    TARGETS_TAB,
    SheetTemplate,
)


@dataclass(frozen=True)
class ReferenceTab:
    """The intended content of a tab: rows of texts, column widths in characters, formats by row from 0."""

    title: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    row_formats: Mapping[int, Json] = field(default_factory=dict)
    is_hidden: bool = False


def build_reference_tabs(template: SheetTemplate, register: Register) -> list[ReferenceTab]:
    """Return the tabs of targets, guide and lists."""
    headers = ("Cơ quan", "Chỉ tiêu", "Mã nhiệm vụ", "Trạng thái", "Xác nhận")
    columns = ([header, *items] for header, items in zip(headers, template.choices.values(), strict=True))
    return [
        ReferenceTab(
            TARGETS_TAB,
            _build_target_rows(template, register),
            [width for _, width in TARGET_HEADERS],
            {0: request.HEADER_FORMAT},
        ),
        _build_guide_tab(template),
        ReferenceTab(
            LISTS_TAB,
            list(zip_longest(*columns, fillvalue="")),
            (36, 60, 24, 20, 12),
            {0: request.BOLD_FORMAT},
            is_hidden=True,
        ),
    ]


def add_reference_tab_requests(
    reference: ReferenceTab, tabs: list[GoogleTab], requests: list[Json], find_free_id: Callable[[], int]
) -> None:
    """Add the requests that create a reference tab or update it if it differs.

    An existing tab whose first cell differs belongs to somebody else and is left alone, except for the lists,
    which the drop-downs need.
    """
    width = max(len(row) for row in reference.rows)
    tab = next((tab for tab in tabs if tab.title == reference.title), None)
    if tab is None:
        tab = GoogleTab(find_free_id(), reference.title, len(reference.rows) + 20, width + 1, is_new=True)
        tabs.append(tab)
        requests.append(
            request.add_sheet(tab.id, tab.title, tab.row_count, tab.column_count, is_hidden=reference.is_hidden)
        )
        requests += [
            request.set_column_width(tab.id, column, characters) for column, characters in enumerate(reference.widths)
        ]
        requests.append(request.format_columns(tab.id, 0, (0, width), request.WRAPPED_FORMAT))
        for row, row_format in reference.row_formats.items():
            cells = [[{"userEnteredFormat": row_format}] * len(reference.rows[row])]
            requests.append(request.write_cells(tab.id, row, 0, cells, "userEnteredFormat"))
    current = [[read_cell_text(cell) for cell in cells] for cells in tab.cells]
    if current and not reference.is_hidden and current[0][:1] != list(reference.rows[0][:1]):
        return
    if _trim_rows(current) == _trim_rows(reference.rows):
        return
    if len(reference.rows) > tab.row_count:
        requests.append(request.append_dimension(tab.id, "ROWS", len(reference.rows) - tab.row_count))
    if width > tab.column_count:
        requests.append(request.append_dimension(tab.id, "COLUMNS", width - tab.column_count))
    padded = _pad_rows(reference.rows, len(current), max([width, *map(len, current)]))
    requests.append(request.write_cells(tab.id, 0, 0, padded, "userEnteredValue"))


def _build_target_rows(template: SheetTemplate, register: Register) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [[header for header, _ in TARGET_HEADERS]]
    rows += [target_texts.format_target_row(register, target) for target in template.targets]
    return rows


def _build_guide_tab(template: SheetTemplate) -> ReferenceTab:
    lines = build_guide(template)
    bold_styles = {"title", "heading", "header"}
    formats = {row: request.BOLD_FORMAT for row, line in enumerate(lines) if line.style in bold_styles}
    return ReferenceTab(GUIDE_TAB, [line.cells for line in lines], COLUMN_WIDTHS, formats)


def _trim_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows without empty cells at their ends and without empty rows at the end."""
    trimmed = [list(row) for row in rows]
    for row in trimmed:
        while row and not row[-1]:
            row.pop()
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _pad_rows(rows: Sequence[Sequence[str]], height: int, width: int) -> list[list[Json]]:
    """Return the rows as cells, extended with empty cells to `height` and `width` to clear older content."""
    texts = [list(row) + [""] * (width - len(row)) for row in rows]
    texts += [[""] * width for _ in range(height - len(rows))]
    return [[request.build_text_cell(text) for text in row] for row in texts]
