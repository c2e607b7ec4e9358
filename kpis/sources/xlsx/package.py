"""Finds the parts of an .xlsx file, for reading its rows and for changing a copy of it.

Source: ECMA-376 part 1 (§18.2 workbook) and part 2 (packages). Names are matched without their namespace,
because Excel's "Strict" files use a different one.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from zipfile import BadZipFile, ZipFile, ZipInfo

from kpis.sheet.tab_headers import MAIN_KINDS, find_tab_kind
from kpis.sources.xlsx.names import read_defined_names, read_table_names
from kpis.sources.xlsx.safe_xml import DocumentTypeError, Element, XmlError, parse_xml


class DamagedError(Exception):
    """The file is a workbook, but a part is missing or invalid."""


class NotAWorkbookError(Exception):
    """An archive of another kind: .ods, .xlsb or .docx."""


# zipfile raises RuntimeError for a password or an unknown compression, ValueError for impossible offsets and
# names; openpyxl raises any of the last five for unexpected content.
DAMAGE_ERRORS = (
    DamagedError, DocumentTypeError, XmlError, BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError,
    AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class WorkbookPackage:
    """An open .xlsx: tabs as (name, part), and the part of each kind ("styles", "sharedStrings").

    `hidden_tabs` are names. `has_missing_tab`: a tab that is not one of ours has no part and is left out.
    """

    archive: ZipFile
    tabs: tuple[tuple[str, str], ...]
    parts: Mapping[str, str]
    date1904: bool
    hidden_tabs: frozenset[str] = frozenset()
    has_missing_tab: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """What formulas call cells (`kpis.sources.xlsx.names`), for the tabs that we read."""


def open_package(archive: ZipFile) -> WorkbookPackage:
    """Read all but the rows. Raises DamagedError, NotAWorkbookError, or what lxml and zipfile raise."""
    _restore_slashes(archive)
    names = _index_names(archive)
    root = _read_relations(archive, names, "")
    workbook = next((part for kind, part in root.values() if kind == "officeDocument"), None)
    if workbook is None or not workbook.lower().endswith(".xml"):
        raise NotAWorkbookError
    tree = _parse_part(archive, workbook)
    if tree.tag.rpartition("}")[2] != "workbook":
        raise NotAWorkbookError
    relations = _read_relations(archive, names, workbook)
    properties = tree.find("{*}workbookPr")
    tabs, has_missing_tab = _list_tabs(tree, relations, set(archive.namelist()))
    return WorkbookPackage(
        archive,
        tabs,
        dict(relations.values()),
        properties is not None and properties.get("date1904") in {"1", "true", "on"},
        frozenset(
            sheet.get("name") or ""
            for sheet in tree.iterfind("{*}sheets/{*}sheet")
            if (sheet.get("state") or "").lower() in {"hidden", "veryhidden"}
        ),
        has_missing_tab,
        _read_names(archive, names, tree, tabs),
    )


def _read_names(
    archive: ZipFile, files: dict[str, str], workbook: Element, tabs: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    """Return what formulas call cells; a damaged part that only names cells is left out."""
    cell_names = read_defined_names(workbook)
    for name, part in tabs:
        if find_tab_kind(name):
            try:
                relations = _read_relations(archive, files, part).values()
                tables = [table for kind, table in relations if kind == "table"]
                cell_names |= read_table_names(archive, name, tables)
            except DAMAGE_ERRORS:  # most tabs have no relations
                continue
    return cell_names


def _restore_slashes(archive: ZipFile) -> None:
    """Name parts with slashes between folders: some writers of Windows use backslashes, or a slash in front."""
    for part in archive.infolist():
        name = part.filename.replace("\\", "/").lstrip("/")
        if name != part.filename:
            archive.NameToInfo.pop(part.filename, None)
            part.filename = name
            archive.NameToInfo[name] = part


def _index_names(archive: ZipFile) -> dict[str, str]:
    """Return the parts' names by their small letters; DamagedError if two of one name have different contents.

    Nobody can say which of the two other programs show.
    """
    by_name: dict[str, ZipInfo] = {}
    for part in archive.infolist():
        twin = by_name.setdefault(part.filename.lower(), part)
        if (twin.CRC, twin.file_size) != (part.CRC, part.file_size):
            raise DamagedError(f"two parts are named {part.filename}")
    return {name: part.filename for name, part in by_name.items()}


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


def _list_tabs(
    workbook: Element, relations: dict[str, tuple[str, str]], names: set[str]
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the tabs, and whether one that is not ours has no part."""
    tabs = []
    has_missing_tab = False
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        name = sheet.get("name") or ""
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, part = relations.get(identity, ("", ""))
        if not part or (kind == "worksheet" and part not in names):
            if find_tab_kind(name) in MAIN_KINDS:
                raise DamagedError("a tab has no part")
            has_missing_tab = True
        elif kind == "worksheet":  # other kinds are charts and dialogs
            tabs.append((name, part))
    return tuple(tabs), has_missing_tab
