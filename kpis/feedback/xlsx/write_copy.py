"""Write a copy of an Excel file with feedback: the column `Phản hồi`, marked cells, notes (design.md §4).

Only what the feedback needs is changed, so formulas with their values, pictures, charts and macros stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from types import MappingProxyType
from zipfile import ZipFile

from lxml.etree import XMLSyntaxError

from kpis.errors import UsageError
from kpis.feedback.cell_changes import (
    compute_changes,
    find_feedback_column,
    find_free_column,
    read_column_texts,
)
from kpis.feedback.status_text import RowKey, format_finding
from kpis.feedback.xlsx.grid import WorksheetGrid, parse_column
from kpis.feedback.xlsx.marks import Mark, MarkStyles
from kpis.feedback.xlsx.notes import CellNotes
from kpis.feedback.xlsx.patch import WorkbookPatch
from kpis.language.messages import Language
from kpis.language.normalization import clean
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import CellFinding, CheckedRow, Field
from kpis.sheet.tab_headers import FEEDBACK_HEADER
from kpis.sources.xlsx.package import open_package

COLUMN_WIDTH = 48
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]+)")

NOTES_NOT_WRITTEN = (
    "The notes on the cells could not be written: the file's drawings are damaged. The feedback was written."
)
NOTE_NOT_OVERWRITTEN = (
    "Some marked cells already had a note, which was kept; their feedback is only in the column “Phản hồi”."
)
FORMULA_NOT_OVERWRITTEN = (
    "Some cells of the column “Phản hồi” hold a formula, which was kept; their feedback was not written."
)
MERGED_NOT_WRITTEN = (
    "Some cells of the column “Phản hồi” are merged with cells of other columns; their feedback was not "
    "written. Unmerge them."
)
SIGNATURE_INVALIDATED = "The file is signed. The copy is another file, so the signature is not valid for it."


def write_feedback(
    path: Path,
    out: Path,
    layouts: Sequence[TabLayout],
    rows: Sequence[CheckedRow],
    feedback: Mapping[RowKey, str],
    lang: Language = "vi",
    *,
    set_aside: Mapping[RowKey, str] = MappingProxyType({}),
    added: Sequence[Mapping[Field, str]] = (),
) -> tuple[str, ...]:
    """Write the workbook at `path` to `out` with the feedback on `rows`, which were read from it.

    `set_aside` are the texts on rows that are no data; they never replace what a person typed. `added` are rows by
    field for the tab of explanations, below its last row.
    Return what could not be done, as catalogue keys. UsageError if `out` is the file itself.
    """
    if out.exists() and path.samefile(out):
        raise UsageError("“{path}” is the original file. Choose another name for the copy.", path=out)
    remarks: dict[str, None] = {}
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.part")
    try:
        with ZipFile(path) as archive, unfinished.open("wb") as stream:
            patch = WorkbookPatch(archive)
            styles = patch.find_parts("/styles.xml")
            marks = MarkStyles(patch.load_tree(styles[0]) if styles else None)
            parts = {clean(name): part for name, part in open_package(archive).tabs}
            for layout in layouts:
                name = layout.tab.name
                tab = _FeedbackTab(patch, parts[name], layout, marks, remarks)
                tab.write_feedback(_get_tab_texts(feedback, name), _get_tab_texts(set_aside, name))
                tab.mark_findings([row for row in rows if row.tab_name == name], lang)
                if layout.kind == "explanations":
                    tab.add_rows(added)
                    added = ()
            if patch.find_parts("/origin.sigs"):
                remarks[SIGNATURE_INVALIDATED] = None
            patch.save(stream)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return tuple(remarks)


class _FeedbackTab:
    """One tab of the copy while it is being written; what cannot be done is added to `remarks`."""

    def __init__(
        self, patch: WorkbookPatch, part: str, layout: TabLayout, marks: MarkStyles, remarks: dict[str, None]
    ) -> None:
        self._patch, self._part, self._layout = patch, part, layout
        self._marks, self._remarks = marks, remarks
        self._grid = WorksheetGrid(patch.load_tree(part))

    def write_feedback(self, feedback: Mapping[int, str], set_aside: Mapping[int, str]) -> None:
        """Write the texts that differ from the current ones; a missing feedback column is added."""
        layout, grid = self._layout, self._grid
        column = find_feedback_column(layout)
        if column is None:
            column = find_free_column(layout)
            grid.write(layout.header_row, column, FEEDBACK_HEADER)
            grid.set_style(layout.header_row, column, grid.get_style(layout.header_row, column - 1))
            grid.widen(column, COLUMN_WIDTH)
            for number in (*feedback, *set_aside):
                grid.set_style(number, column, self._marks.get_wrapped_style())
        texts = read_column_texts(layout, column)
        if any(texts.visible_rows.get(number, number) is None for number in feedback):
            self._remarks[MERGED_NOT_WRITTEN] = None
        for number, text in compute_changes(texts, feedback, set_aside=set_aside).items():
            if not grid.write(number, column, text):
                self._remarks[FORMULA_NOT_OVERWRITTEN] = None
            elif self._marks.has_wrapped_text(grid.get_style(number, column)):
                grid.heighten(number, 15.0 * ceil(len(text) / max(grid.get_width(column), 1)))

    def mark_findings(self, rows: Sequence[CheckedRow], lang: Language) -> None:
        """Mark and annotate each cell that a finding names; the marks of earlier feedback are removed."""
        marked_cells: dict[tuple[int, int], tuple[Mark, list[CellFinding]]] = {}
        for row in rows:
            mark: Mark = "rejection" if row.rejections else "warning"
            for finding in row.rejections or row.warnings:
                for cell in _list_cells(finding):
                    marked_cells.setdefault(cell, (mark, []))[1].append(finding)
        self._grid.restyle(self._marks.remove_mark)
        for (row_number, column), (mark, _) in marked_cells.items():
            style = self._marks.add_mark(self._grid.get_style(row_number, column), mark)
            self._grid.set_style(row_number, column, style)
        try:
            self._add_notes({cell: findings for cell, (_, findings) in sorted(marked_cells.items())}, lang)
        except XMLSyntaxError:
            self._remarks[NOTES_NOT_WRITTEN] = None

    def add_rows(self, rows: Sequence[Mapping[Field, str]]) -> None:
        """Add rows by field below the last row that holds anything; fields without a column are left out."""
        columns = self._layout.columns
        last = max(
            row.number
            for row in self._layout.tab.rows
            if any(cell.kind not in ("empty", "boolean") for cell in row.cells)
        )
        for number, texts in enumerate(rows, start=last + 1):
            self._grid.write_row(number, {columns[name]: text for name, text in texts.items() if name in columns})

    def _add_notes(self, findings_by_cell: Mapping[tuple[int, int], Sequence[CellFinding]], lang: Language) -> None:
        notes = CellNotes(self._patch, self._part)
        notes.remove_system_notes()
        for (row_number, column), findings in findings_by_cell.items():
            text = "\n".join(dict.fromkeys(format_finding(finding, lang) for finding in findings))
            if not notes.add(row_number, column, text):
                self._remarks[NOTE_NOT_OVERWRITTEN] = None


def _get_tab_texts(texts: Mapping[RowKey, str], tab_name: str) -> dict[int, str]:
    return {row: text for (name, row), text in texts.items() if name == tab_name}


def _list_cells(finding: CellFinding) -> Iterator[tuple[int, int]]:
    """Yield the row (from 1) and column (from 0) of each cell that a finding is about."""
    detail = finding.detail
    cells = (finding.cell, detail.get("other_cell"), *str(detail.get("also", "")).split(", "))
    for cell in map(str, filter(None, cells)):
        if match := _CELL_NAME.fullmatch(cell):
            yield int(match[2]), parse_column(match[1])
