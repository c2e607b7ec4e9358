"""Finds the parts of an .xlsx file, for reading its rows and for changing a copy of it.

Source: ECMA-376 part 1 (§18.2 workbook) and part 2 (packages). Names are matched without their namespace,
because Excel's "Strict" files use a different one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from kpis.sources.xlsx.safe_xml import Element, parse_xml


class DamagedError(Exception):
    """The file is a workbook, but a part is missing or invalid."""


class NotAWorkbookError(Exception):
    """An archive of another kind: .ods, .xlsb or .docx."""


@dataclass(frozen=True)
class WorkbookPackage:
    """An open .xlsx: tabs as (name, part), and the part of each kind ("styles", "sharedStrings")."""

    archive: ZipFile
    tabs: tuple[tuple[str, str], ...]
    parts: Mapping[str, str]
    date1904: bool


def open_package(archive: ZipFile) -> WorkbookPackage:
    """Read all but the rows. Raises DamagedError, NotAWorkbookError, or what lxml and zipfile raise."""
    names = {name.lower(): name for name in archive.namelist()}
    root = _read_relations(archive, names, "")
    workbook = next((part for kind, part in root.values() if kind == "officeDocument"), None)
    if workbook is None or not workbook.lower().endswith(".xml"):
        raise NotAWorkbookError
    tree = _parse_part(archive, workbook)
    if tree.tag.rpartition("}")[2] != "workbook":
        raise NotAWorkbookError
    relations = _read_relations(archive, names, workbook)
    properties = tree.find("{*}workbookPr")
    return WorkbookPackage(
        archive,
        tuple(_list_tabs(tree, relations)),
        dict(relations.values()),
        properties is not None and properties.get("date1904") in {"1", "true", "on"},
    )


def _parse_part(archive: ZipFile, part: str) -> Element:
    return parse_xml(archive.read(part))


def _read_relations(archive: ZipFile, names: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    """Return the parts that `part` refers to, by relation id: (kind, name in the archive)."""
    folder, base = posixpath.split(part)
    file = names.get(posixpath.join(folder, "_rels", f"{base}.rels").lower())
    if file is None:
        if part:
            raise DamagedError(f"{part} has no relations")
        raise NotAWorkbookError
    relations = {}
    for relation in _parse_part(archive, file).iterfind("{*}Relationship"):
        target = relation.get("Target") or ""
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = (relation.get("Type") or "").rpartition("/")[2]
        relations[relation.get("Id") or ""] = (kind, names.get(path.lower(), path))
    return relations


def _list_tabs(workbook: Element, relations: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        if identity not in relations:
            raise DamagedError("a tab has no part")
        kind, part = relations[identity]
        if kind == "worksheet":  # other kinds are charts and dialogs
            yield sheet.get("name") or "", part
