"""A copy of an Excel file with our verdicts: the column `Phản hồi`, marked cells, notes (design.md §4).

The file is changed where the verdicts stand and nowhere else, so formulas with their values, pictures,
charts and macros stay. What cannot be done is told: `write_feedback` returns catalogue keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
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
from kpis.sheet.layout import FEEDBACK_HEADER, TabLayout
from kpis.sheet.model import CellFinding, CheckedRow
from kpis.sources.xlsx.package import open_package

COLUMN_WIDTH = 48
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]+)")

NOTES_NOT_WRITTEN = (
    "The notes on the cells could not be written: the file's drawings are damaged. The verdicts are there."
)
NOTE_NOT_OVERWRITTEN = (
    "Some marked cells have a note of their own, which was kept; ours is in the column “Phản hồi” only."
)
FORMULA_NOT_OVERWRITTEN = (
    "Some cells of the column “Phản hồi” hold a formula, which was kept; their verdicts are left out."
)
SIGNATURE_INVALIDATED = "The file is signed. The copy is another file, so its signature no longer holds."


def write_feedback(
    path: Path,
    out: Path,
    layouts: Sequence[TabLayout],
    rows: Sequence[CheckedRow],
    feedback: Mapping[RowKey, str],
    lang: Language = "vi",
) -> tuple[str, ...]:
    """Write to `out` the workbook at `path` with the verdicts of `rows`, which were read from it.

    Returns what could not be done, as catalogue keys. UsageError where `out` is the file itself.
    """
    if out.exists() and path.samefile(out):
        raise UsageError("“{path}” is the file itself. Choose another name for the copy.", path=out)
    told: dict[str, None] = {}
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.part")
    try:
        with ZipFile(path) as archive, unfinished.open("wb") as stream:
            patch = WorkbookPatch(archive)
            styles = patch.find_parts("/styles.xml")
            marks = MarkStyles(patch.load_tree(styles[0]) if styles else None)
            parts = dict(open_package(archive).tabs)
            for layout in layouts:
                of_tab = [row for row in rows if row.tab_name == layout.tab.name]
                tab = _FeedbackTab(patch, parts[layout.tab.name], layout, marks, told)
                tab.write_feedback(
                    {number: text for (name, number), text in feedback.items() if name == layout.tab.name}
                )
                tab.mark_findings(of_tab, lang)
            if patch.find_parts("/origin.sigs"):
                told[SIGNATURE_INVALIDATED] = None
            patch.save(stream)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return tuple(told)


class _FeedbackTab:
    """One tab of the copy while it is being written."""

    def __init__(
        self, patch: WorkbookPatch, part: str, layout: TabLayout, marks: MarkStyles, remarks: dict[str, None]
    ) -> None:
        self._patch, self._part, self._layout = patch, part, layout
        self._marks, self._remarks = marks, remarks
        self._grid = WorksheetGrid(patch.load_tree(part))

    def write_feedback(self, feedback: Mapping[int, str]) -> None:
        """Write the verdicts that differ from what stands there; the column is added if there is none."""
        layout, grid = self._layout, self._grid
        column = find_feedback_column(layout)
        if column is None:
            column = find_free_column(layout)
            grid.write(layout.header_row, column, FEEDBACK_HEADER)
            grid.set_style(layout.header_row, column, grid.get_style(layout.header_row, column - 1))
            grid.widen(column, COLUMN_WIDTH)
            for number in feedback:
                grid.set_style(number, column, self._marks.get_wrapped_style())
        for number, text in compute_changes(read_column_texts(layout, column), feedback).items():
            if not grid.write(number, column, text):
                self._remarks[FORMULA_NOT_OVERWRITTEN] = None
            elif self._marks.has_wrapped_text(grid.get_style(number, column)):
                grid.heighten(number, 15.0 * ceil(len(text) / max(grid.get_width(column), 1)))

    def mark_findings(self, rows: Sequence[CheckedRow], lang: Language) -> None:
        """Mark each cell that a finding names, and put its sentence on it; an earlier feedback's marks go."""
        found: dict[tuple[int, int], tuple[Mark, list[CellFinding]]] = {}
        for row in rows:
            kind: Mark = "rejection" if row.rejections else "warning"
            for finding in row.rejections or row.warnings:
                for place in _list_cells(finding):
                    found.setdefault(place, (kind, []))[1].append(finding)
        self._grid.restyle(self._marks.remove_mark)
        for (row_number, column), (kind, _) in found.items():
            style = self._marks.add_mark(self._grid.get_style(row_number, column), kind)
            self._grid.set_style(row_number, column, style)
        try:
            self._add_notes({place: findings for place, (_, findings) in sorted(found.items())}, lang)
        except XMLSyntaxError:
            self._remarks[NOTES_NOT_WRITTEN] = None

    def _add_notes(
        self, findings_by_cell: Mapping[tuple[int, int], Sequence[CellFinding]], lang: Language
    ) -> None:
        notes = CellNotes(self._patch, self._part)
        notes.remove_system_notes()
        for (row_number, column), findings in findings_by_cell.items():
            text = "\n".join(dict.fromkeys(format_finding(finding, lang) for finding in findings))
            if not notes.add(row_number, column, text):
                self._remarks[NOTE_NOT_OVERWRITTEN] = None


def _list_cells(finding: CellFinding) -> Iterator[tuple[int, int]]:
    """Row from 1 and column from 0 of the cells that a finding is about; none without the column."""
    for cell in (finding.cell or "", *str(finding.detail.get("also", "")).split(", ")):
        if named := _CELL_NAME.fullmatch(cell):
            yield int(named[2]), parse_column(named[1])
