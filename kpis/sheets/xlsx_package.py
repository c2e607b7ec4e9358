"""What lies around the rows of an .xlsx file: its parts, tabs, styles and shared texts.

Source: ECMA-376 part 1 (§18.2 workbook, §18.4 shared strings, §18.8 styles) and part 2 (packages). Names are
matched without their namespace, since Excel's "Strict" files use another one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS

from kpis.sheets.cells import EMPTY, text_cell
from kpis.sheets.model import Cell
from kpis.sheets.xlsx_plain import NotPlainError, Pieces, plain_text
from kpis.sheets.xml import Element, elements, parse

Style = Literal["number", "date", "time", "percent"]

# Shown by Excel as dates in the languages of East Asia; no format text is stored for them (§18.8.30).
_BUILTIN_DATES = {*range(27, 37), *range(50, 59)}
_UNSEEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_PLAIN_STRING = re.compile(rb'\s*<si><t(?: xml:space="preserve")?>([^<]*)</t>')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class DamagedError(Exception):
    """The file says it is a workbook, yet a part is missing or makes no sense."""


class NotAWorkbookError(Exception):
    """An archive that holds something else: an .ods, .xlsb or .docx."""


@dataclass(frozen=True)
class Package:
    """An open .xlsx: tabs as (name, part), styles by number, a cell for each shared text."""

    archive: ZipFile
    tabs: tuple[tuple[str, str], ...]
    styles: tuple[Style, ...]
    strings: tuple[Cell, ...]
    date1904: bool


def open_package(archive: ZipFile) -> Package:
    """Everything but the rows. Raises DamagedError, NotAWorkbookError, or what `xml` and zipfile raise."""
    names = {name.lower(): name for name in archive.namelist()}
    root = _relations(archive, names, "")
    workbook = next((part for kind, part in root.values() if kind == "officeDocument"), None)
    if workbook is None or not workbook.lower().endswith(".xml"):
        raise NotAWorkbookError
    tree = _tree(archive, workbook)
    if tree.tag.rpartition("}")[2] != "workbook":
        raise NotAWorkbookError
    relations = _relations(archive, names, workbook)
    parts = dict(relations.values())
    properties = tree.find("{*}workbookPr")
    return Package(
        archive,
        tuple(_tabs(tree, relations)),
        _styles(archive, parts["styles"]) if "styles" in parts else (),
        _strings(archive, parts["sharedStrings"]) if "sharedStrings" in parts else (),
        properties is not None and properties.get("date1904") in {"1", "true", "on"},
    )


def rich_text(element: Element) -> str:
    """The text of a shared or inline string: its runs, without the reading aids of East Asia (§18.4)."""
    first = element[0] if len(element) == 1 else None
    if first is not None and not len(first):  # one run without a format, as nearly all are
        text = first.text or ""
    else:
        runs = (node for node in element if not node.tag.endswith("}rPh"))
        text = "".join(node.text or "" for run in runs for node in run.iter("{*}t"))
    return unescape(text)


def unescape(text: str) -> str:
    """A text with its `_x000D_` as the characters they stand for (§22.9.2.19 ST_Xstring)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def style_of(number: int, text: str | None) -> Style:
    """What a number format makes of a number; `text` is the format's own, None for a built-in one."""
    if number in _BUILTIN_DATES and text is None:
        return "date"
    code = _UNSEEN.sub("", text if text is not None else BUILTIN_FORMATS.get(number, "General")).lower()
    if code in {"general", "standard", "@"}:
        return "number"
    if "%" in code:
        return "percent"
    if "d" in code or "y" in code:
        return "date"
    if "h" in code or "s" in code or "[m" in code:
        return "time"
    return "date" if "m" in code else "number"


def _tree(archive: ZipFile, part: str) -> Element:
    return parse(archive.read(part))


def _relations(archive: ZipFile, names: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    """The parts that `part` points to, by relation id: (kind, name in the archive)."""
    folder, base = posixpath.split(part)
    file = names.get(posixpath.join(folder, "_rels", f"{base}.rels").lower())
    if file is None:
        if part:
            raise DamagedError(f"{part} has no relations")
        raise NotAWorkbookError
    found = {}
    for relation in _tree(archive, file).iterfind("{*}Relationship"):
        target = relation.get("Target") or ""
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = (relation.get("Type") or "").rpartition("/")[2]
        found[relation.get("Id") or ""] = (kind, names.get(path.lower(), path))
    return found


def _tabs(workbook: Element, relations: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        if identity not in relations:
            raise DamagedError("a tab has no part")
        kind, part = relations[identity]
        if kind == "worksheet":  # the others are charts and dialogs
            yield sheet.get("name") or "", part


def _styles(archive: ZipFile, part: str) -> tuple[Style, ...]:
    tree = _tree(archive, part)
    formats = tree.iterfind("{*}numFmts/{*}numFmt")
    texts = {node.get("numFmtId"): node.get("formatCode") or "" for node in formats}
    numbers = [node.get("numFmtId") or "0" for node in tree.iterfind("{*}cellXfs/{*}xf")]
    return tuple(style_of(int(number) if number.isdecimal() else 0, texts.get(number)) for number in numbers)


def _strings(archive: ZipFile, part: str) -> tuple[Cell, ...]:
    try:
        with archive.open(part) as file:
            return tuple(_plain_strings(Pieces(file, "si")))
    except NotPlainError:
        with archive.open(part) as file:
            return tuple(text_cell(rich_text(element)) for element in elements(file, "si"))


def _plain_strings(pieces: Pieces) -> Iterator[Cell]:
    for piece in pieces:
        plain = _PLAIN_STRING.fullmatch(piece)
        if plain is None:
            yield from (text_cell(rich_text(element)) for element in pieces.parsed(piece))
        else:
            yield text_cell(unescape(plain_text(plain[1])))
    yield from (EMPTY for _ in pieces.rest().iterfind("{*}si"))
