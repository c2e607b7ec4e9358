"""Texts of workbooks whose runs are formatted on their own: which of them are struck or raised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kpis.sheet.cells import make_text_cell
from kpis.sheet.model import Cell
from kpis.sources.xlsx.number_formats import is_struck
from kpis.sources.xlsx.openpyxl_functions import unescape
from kpis.sources.xlsx.safe_xml import Element


@dataclass(frozen=True)
class RichText:
    """A text with runs: whether each run is struck (None: as the cell's font says), whether any is raised."""

    cell: Cell
    struck_runs: tuple[bool | None, ...]
    is_raised: bool

    def resolve(self, *, font_struck: bool) -> Cell:
        """Return the cell of this text in a cell whose font strikes through or not."""
        struck = [font_struck if run is None else run for run in self.struck_runs]
        if all(struck):
            return replace(self.cell, is_struck=True, has_marked_runs=self.is_raised)
        return replace(self.cell, has_marked_runs=True) if any(struck) or self.is_raised else self.cell


def read_text(element: Element) -> Cell | RichText:
    """Return a shared or inline string: a plain cell, or a rich text if its runs have a format."""
    if len(element) == 1 and element[0].tag.endswith("}t"):  # as nearly every text
        return make_escaped_text_cell(element[0].text or "")
    cell = make_escaped_text_cell(parse_text(element))
    if cell.kind != "text":
        return cell
    struck_runs: list[bool | None] = []
    is_raised = False
    for run in element.iterfind("{*}r"):
        if not (run.findtext("{*}t") or "").strip():
            continue
        properties = run.find("{*}rPr")
        struck_runs.append(None if properties is None else is_struck(properties))
        is_raised |= properties is not None and any(
            node.get("val") in {"superscript", "subscript"} for node in properties.iterfind("{*}vertAlign")
        )
    return RichText(cell, tuple(struck_runs), is_raised) if any(struck_runs) or is_raised else cell


def parse_text(element: Element) -> str:
    """Return the text of a string, without its formats and without phonetic guides."""
    texts = [*list(element.iterfind("{*}t"))[-1:], *element.iterfind("{*}r/{*}t")]
    return "".join(text.text or "" for text in texts)


def make_escaped_text_cell(text: str) -> Cell:
    """Return the cell of a text as a file stores it, with control characters as _x000a_."""
    return make_text_cell(unescape(text) if "_x" in text else text)
