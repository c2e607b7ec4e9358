"""The parts of a workbook that all its tabs share: texts and cell formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpis.sheet.model import Cell
from kpis.sources.xlsx.number_formats import CellFormat, read_cell_formats
from kpis.sources.xlsx.package import DAMAGE_ERRORS, WorkbookPackage
from kpis.sources.xlsx.rich_text import RichText, read_text
from kpis.sources.xlsx.safe_xml import iterate_elements, parse_xml


@dataclass(frozen=True)
class WorkbookParts:
    """An open workbook with its shared texts by number, and its cell formats.

    `has_formats` is False if the part with the formats is damaged.
    """

    package: WorkbookPackage
    texts: Mapping[int, Cell | RichText]
    formats: tuple[CellFormat, ...]
    has_formats: bool


def read_parts(package: WorkbookPackage) -> WorkbookParts:
    """Read the shared parts. Raises DamagedError, or what openpyxl, lxml and zipfile raise, for the texts."""
    texts = dict(enumerate(_read_shared_texts(package)))  # in a list, -1 would be the last text
    part = package.parts.get("styles")
    try:
        formats = read_cell_formats(parse_xml(package.archive.read(part))) if part else ()
    except DAMAGE_ERRORS:
        return WorkbookParts(package, texts, (), has_formats=False)
    return WorkbookParts(package, texts, formats, has_formats=True)


def _read_shared_texts(package: WorkbookPackage) -> Iterator[Cell | RichText]:
    part = package.parts.get("sharedStrings")
    if part is None:
        return
    with package.archive.open(part) as file:
        for element in iterate_elements(file, "si"):
            yield read_text(element)
