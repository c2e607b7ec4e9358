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
from kpis.feedback.cell_changes import changes, feedback_column, free_column, standing
from kpis.feedback.status_text import RowKey, finding_text
from kpis.feedback.xlsx.grid import Grid, column_of
from kpis.feedback.xlsx.marks import Mark, Marks
from kpis.feedback.xlsx.notes import Notes
from kpis.feedback.xlsx.patch import Patch
from kpis.language.messages import Language
from kpis.sheet.layout import FEEDBACK, Layout
from kpis.sheet.model import CheckedRow, Finding
from kpis.sources.xlsx.package import open_package

WIDTH = 48
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")

NO_NOTES = (
    "The notes on the cells could not be written: the file's drawings are damaged. The verdicts are there."
)
OWN_NOTE = (
    "Some marked cells have a note of their own, which was kept; ours is in the column “Phản hồi” only."
)
FORMULA_KEPT = (
    "Some cells of the column “Phản hồi” hold a formula, which was kept; their verdicts are left out."
)
SIGNED = "The file is signed. The copy is another file, so its signature no longer holds."


def write_feedback(
    path: Path,
    out: Path,
    layouts: Sequence[Layout],
    rows: Sequence[CheckedRow],
    verdicts: Mapping[RowKey, str],
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
            patch = Patch(archive)
            styles = patch.parts("/styles.xml")
            marks = Marks(patch.tree(styles[0]) if styles else None)
            parts = dict(open_package(archive).tabs)
            for layout in layouts:
                of_tab = [row for row in rows if row.tab_name == layout.tab.name]
                tab = _Tab(patch, parts[layout.tab.name], layout, marks, told)
                tab.answer(
                    {number: text for (name, number), text in verdicts.items() if name == layout.tab.name}
                )
                tab.mark(of_tab, lang)
            if patch.parts("/origin.sigs"):
                told[SIGNED] = None
            patch.save(stream)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return tuple(told)


class _Tab:
    """One tab of the copy while it is being written."""

    def __init__(self, patch: Patch, part: str, layout: Layout, marks: Marks, told: dict[str, None]) -> None:
        self._patch, self._part, self._layout = patch, part, layout
        self._marks, self._told = marks, told
        self._grid = Grid(patch.tree(part))

    def answer(self, verdicts: Mapping[int, str]) -> None:
        """Write the verdicts that differ from what stands there; the column is added if there is none."""
        layout, grid = self._layout, self._grid
        column = feedback_column(layout)
        if column is None:
            column = free_column(layout)
            grid.write(layout.header_row, column, FEEDBACK)
            grid.set_style(layout.header_row, column, grid.style(layout.header_row, column - 1))
            grid.widen(column, WIDTH)
            for number in verdicts:
                grid.set_style(number, column, self._marks.wrapped())
        for number, text in changes(standing(layout, column), verdicts).items():
            if not grid.write(number, column, text):
                self._told[FORMULA_KEPT] = None
            elif self._marks.wraps(grid.style(number, column)):
                grid.heighten(number, 15.0 * ceil(len(text) / max(grid.width(column), 1)))

    def mark(self, rows: Sequence[CheckedRow], lang: Language) -> None:
        """Mark each cell that a finding names, and put its sentence on it; an earlier feedback's marks go."""
        found: dict[tuple[int, int], tuple[Mark, list[Finding]]] = {}
        for row in rows:
            kind: Mark = "rejection" if row.rejections else "warning"
            for finding in row.rejections or row.warnings:
                for place in _places(finding):
                    found.setdefault(place, (kind, []))[1].append(finding)
        self._grid.restyle(self._marks.unmarked)
        for (row_number, column), (kind, _) in found.items():
            style = self._marks.marked(self._grid.style(row_number, column), kind)
            self._grid.set_style(row_number, column, style)
        try:
            self._note({place: findings for place, (_, findings) in sorted(found.items())}, lang)
        except XMLSyntaxError:
            self._told[NO_NOTES] = None

    def _note(self, found: Mapping[tuple[int, int], Sequence[Finding]], lang: Language) -> None:
        notes = Notes(self._patch, self._part)
        notes.take_away_ours()
        for (row_number, column), findings in found.items():
            text = "\n".join(dict.fromkeys(finding_text(finding, lang) for finding in findings))
            if not notes.add(row_number, column, text):
                self._told[OWN_NOTE] = None


def _places(finding: Finding) -> Iterator[tuple[int, int]]:
    """Row from 1 and column from 0 of the cells that a finding is about; none without the column."""
    for cell in (finding.cell or "", *str(finding.detail.get("also", "")).split(", ")):
        if named := _CELL.fullmatch(cell):
            yield int(named[2]), column_of(named[1])
