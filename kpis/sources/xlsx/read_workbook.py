"""Reads an Excel workbook (.xlsx, .xlsm) from a file into raw tabs (design.md §4, §7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from kpis.errors import SourceError
from kpis.language.normalization import clean
from kpis.sheet.model import RawRow, RawSheet, RawTab, SheetNote, UnreadTab
from kpis.sheet.tab_headers import MAIN_KINDS, MAX_HEADER_ROWS, find_tab_kind
from kpis.sheet.unread_tabs import find_unread_tab, is_ignored
from kpis.sources.bounds import ContentCounter
from kpis.sources.xlsx.file_kinds import make_wrong_kind_error
from kpis.sources.xlsx.package import (
    DAMAGE_ERRORS,
    DamagedError,
    NotAWorkbookError,
    open_package,
)
from kpis.sources.xlsx.safe_xml import iterate_elements
from kpis.sources.xlsx.workbook_parts import WorkbookParts, read_parts
from kpis.sources.xlsx.workbook_rows import RowReader

MAX_UNPACKED_BYTES = 1 << 28
"""The most bytes that a workbook may unpack to: more than half a million full rows."""
DAMAGED_PART_NOTE = (
    "A part of the file that holds none of our tabs is damaged. Our tabs were read; open the file in Excel "
    "and save it again."
)
DAMAGED_TAB_NOTE = "The tab is damaged. Open the file in Excel and save it again."
DAMAGED_FORMATS_NOTE = (
    "The part of the file with its number formats is damaged, so percentages and crossed-out cells cannot be "
    "recognised. Open the file in Excel and save it again."
)

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTION_MARKER = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, read_at: datetime, ignored_tabs: Collection[str] = ()) -> RawSheet:
    """Read our tabs of the workbook, with each cell's value and format, and name others that look like them.

    Raises SourceError, naming the file and the next step: it does not exist, cannot be opened, is not an
    .xlsx file, has a password, is damaged, or unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    content = _read_content(path)
    with _name_damage(content, path.name):
        return _read_sheet(content, path.name, read_at, ignored_tabs)


def read_named_tabs(path: Path, names: Collection[str]) -> dict[str, tuple[RawRow, ...]]:
    """Return the rows of the tabs with these names, whatever they hold; a missing tab is left out.

    Raises SourceError like `read_workbook`.
    """
    content = _read_content(path)
    with _name_damage(content, path.name), _open_archive(content, path.name) as archive:
        parts, counter = read_parts(open_package(archive)), ContentCounter()
        return {
            name: RowReader(parts, name, counter).read_rows(part)[0]
            for name, part in parts.package.tabs
            if name in names
        }


def _read_content(path: Path) -> bytes:
    file = path.name
    try:
        if path.stat().st_size > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        return path.read_bytes()  # in one go: it may be saved while we read it
    except FileNotFoundError:
        raise SourceError("{file} does not exist. Check its path: {path}.", file=file, path=path) from None
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}. Close it in other programs and check its read permission.",
            file=file,
            reason=error.strerror or str(error),
        ) from error


@contextmanager
def _name_damage(content: bytes, file: str) -> Iterator[None]:
    """Convert what libraries raise on a wrong or damaged file into a SourceError that names it."""
    try:
        yield
    except NotAWorkbookError as error:
        raise make_wrong_kind_error(content, file) from error
    except DAMAGE_ERRORS as error:
        raise SourceError(
            "{file} is damaged. Open it in Excel and save it again, or ask for a new copy.", file=file
        ) from error


@contextmanager
def _open_archive(content: bytes, file: str) -> Iterator[ZipFile]:
    """Open a workbook that unpacks to no more than `MAX_UNPACKED_BYTES`."""
    stream = BytesIO(content)
    if not is_zipfile(stream):
        raise _make_not_archive_error(content, file)
    with ZipFile(stream) as archive:
        # zipfile never unpacks more than the size that the archive states.
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        yield archive


def _read_sheet(content: bytes, file: str, read_at: datetime, ignored_tabs: Collection[str]) -> RawSheet:
    with _open_archive(content, file) as archive:
        package = open_package(archive)
        parts = read_parts(package)
        counter = ContentCounter()
        tabs: list[RawTab] = []
        unread_tabs: list[UnreadTab] = []
        is_damaged = package.has_missing_tab
        for name, part in package.tabs:
            if kind := find_tab_kind(name):
                tabs.append((_read_tab if kind in MAIN_KINDS else _try_read_tab)(parts, name, part, counter))
                continue
            tabs.append(RawTab(clean(name), ()))
            try:
                unread_tab = None if is_ignored(name, ignored_tabs) else _look_at_tab(parts, name, part)
            except DAMAGE_ERRORS:
                is_damaged = True
            else:
                unread_tabs += [unread_tab] if unread_tab else []
    return RawSheet(tuple(tabs), read_at, tuple(_list_notes(parts, is_damaged)), tuple(unread_tabs))


def _read_tab(parts: WorkbookParts, name: str, part: str, counter: ContentCounter) -> RawTab:
    rows, merged = RowReader(parts, name, counter).read_rows(part)
    package = parts.package
    return RawTab(
        clean(name),
        rows,
        date1904=package.date1904,
        is_hidden=name in package.hidden_tabs,
        merged=merged,
        has_outer_spaces=name != name.strip(),
    )


def _try_read_tab(parts: WorkbookParts, name: str, part: str, counter: ContentCounter) -> RawTab:
    """Return an optional tab; one that is damaged has no rows and says so, since it fails no other."""
    try:
        return _read_tab(parts, name, part, counter)
    except DAMAGE_ERRORS:
        return RawTab(clean(name), (), problem=SheetNote(DAMAGED_TAB_NOTE))


def _look_at_tab(parts: WorkbookParts, name: str, part: str) -> UnreadTab | None:
    """Return a tab that looks like one of ours: only its first rows are read, the others are counted."""
    reader = RowReader(parts, name, ContentCounter())
    first_rows: list[RawRow] = []
    filled = 0
    with parts.package.archive.open(part) as file:
        for element in iterate_elements(file, "row"):
            if element.find("{*}c/{*}v") is None and element.find("{*}c/{*}is") is None:
                continue
            filled += 1
            if len(first_rows) < MAX_HEADER_ROWS:
                row = reader.build_row(element)
                first_rows += [row] if row.number <= MAX_HEADER_ROWS else []
    return find_unread_tab(clean(name), first_rows, filled)


def _list_notes(parts: WorkbookParts, is_damaged: bool) -> Iterator[str]:
    if is_damaged:
        yield DAMAGED_PART_NOTE
    if not parts.has_formats:
        yield DAMAGED_FORMATS_NOTE


def _make_not_archive_error(content: bytes, file: str) -> Exception:
    """Return the error for a file that is not a zip archive."""
    if content.startswith(_OLE_SIGNATURE) and _ENCRYPTION_MARKER in content:
        return SourceError(
            "{file} is protected by a password. Open it in Excel, remove the password and save it.", file=file
        )
    return DamagedError() if content.startswith(b"PK") or not content else NotAWorkbookError()


def _make_too_large_error(file: str) -> SourceError:
    return SourceError(
        "{file} is too large. Move part of the rows to a new file that the sources file names too; they count there.",
        file=file,
    )
