"""Reads an Excel workbook (.xlsx, .xlsm) from a file into raw tabs (design.md §4, §7)."""

from __future__ import annotations

import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from kpis.errors import SourceError
from kpis.language.normalization import clean
from kpis.sheet.layout import find_tab_kind
from kpis.sheet.model import RawSheet, RawTab
from kpis.sources.xlsx.package import DamagedError, NotAWorkbookError, open_package
from kpis.sources.xlsx.safe_xml import DocumentTypeError, XmlError
from kpis.sources.xlsx.workbook_rows import RowReader

MAX_UNPACKED_BYTES = 1 << 28
"""The most bytes that a workbook may unpack to: more than half a million full rows."""

# zipfile raises RuntimeError for a password or an unknown compression, ValueError for impossible offsets and
# names; openpyxl raises any of the last five for unexpected content.
_DAMAGE_ERRORS = (
    DamagedError, DocumentTypeError, XmlError, BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError,
    AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTION_MARKER = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, read_at: datetime) -> RawSheet:
    """Read every tab of the workbook, with each cell's value and number format.

    Raises SourceError, naming the file and the next step: it does not exist, cannot be opened, is not an
    .xlsx file, has a password, is damaged, or unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    file = path.name
    try:
        if path.stat().st_size > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        content = path.read_bytes()  # in one go: it may be saved while we read it
    except FileNotFoundError:
        raise SourceError("{file} does not exist. Check its path: {path}.", file=file, path=path) from None
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}. Close it in other programs and check its read permission.",
            file=file,
            reason=error.strerror or str(error),
        ) from error
    try:
        return RawSheet(_read_tabs(content, file), read_at)
    except NotAWorkbookError as error:
        raise SourceError(
            "{file} is not an Excel workbook (.xlsx). Open it in Excel and save it as .xlsx.", file=file
        ) from error
    except _DAMAGE_ERRORS as error:
        raise SourceError(
            "{file} is damaged. Open it in Excel and save it again, or ask for a new copy.", file=file
        ) from error


def _read_tabs(content: bytes, file: str) -> tuple[RawTab, ...]:
    stream = BytesIO(content)
    if not is_zipfile(stream):
        raise _make_not_archive_error(content, file)
    with ZipFile(stream) as archive:
        # zipfile never unpacks more than the size that the archive states.
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        package = open_package(archive)
        reader = RowReader(package)
        return tuple(
            # Other tabs than ours may hold anything of any size: only their names are needed.
            RawTab(
                clean(name), reader.read_rows(part) if find_tab_kind(name) else (), date1904=package.date1904
            )
            for name, part in package.tabs
        )


def _make_not_archive_error(content: bytes, file: str) -> Exception:
    """Return the error for a file that is not a zip archive."""
    if content.startswith(_OLE_SIGNATURE) and _ENCRYPTION_MARKER in content:
        return SourceError(
            "{file} is protected by a password. Open it in Excel, remove the password and save it.", file=file
        )
    return DamagedError() if content.startswith(b"PK") or not content else NotAWorkbookError()


def _make_too_large_error(file: str) -> SourceError:
    return SourceError(
        "{file} is too large. Delete what is not needed, or start a new file for this year.", file=file
    )
