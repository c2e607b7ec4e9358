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
"""Bytes that a workbook may unpack to: more than half a million full rows."""

# zipfile says RuntimeError for a password and a compression it does not know, ValueError for places and names
# that cannot be; openpyxl any of the last five for what it did not expect.
_DAMAGE_ERRORS = (
    DamagedError, DocumentTypeError, XmlError, BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError,
    AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTION_MARKER = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, read_at: datetime) -> RawSheet:
    """Every tab of the workbook, with what each cell holds and how it is shown.

    SourceError, naming the file and the next step: not there, not to be opened, not an .xlsx, protected by a
    password, damaged, or larger than `LARGEST` once unpacked.
    """
    file = path.name
    try:
        if path.stat().st_size > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        content = path.read_bytes()  # at once: it may be saved over while it is taken apart
    except FileNotFoundError:
        raise SourceError("{file} is not there. Check its path: {path}.", file=file, path=path) from None
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}. Close it in other programs and check who may read it.",
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
            "{file} is damaged. Open it in Excel and save it again, or have it sent again.", file=file
        ) from error


def _read_tabs(content: bytes, file: str) -> tuple[RawTab, ...]:
    stream = BytesIO(content)
    if not is_zipfile(stream):
        raise _make_not_archive_error(content, file)
    with ZipFile(stream) as archive:
        # What the archive says it unpacks to is also the most that zipfile hands out.
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise _make_too_large_error(file)
        package = open_package(archive)
        reader = RowReader(package)
        return tuple(
            # A tab that is none of ours may hold anything of any size: its name is enough.
            RawTab(
                clean(name), reader.read_rows(part) if find_tab_kind(name) else (), date1904=package.date1904
            )
            for name, part in package.tabs
        )


def _make_not_archive_error(content: bytes, file: str) -> Exception:
    """Why a file that is no archive cannot be read."""
    if content.startswith(_OLE_SIGNATURE) and _ENCRYPTION_MARKER in content:
        return SourceError(
            "{file} is protected by a password. Open it in Excel, remove the password and save it.", file=file
        )
    return DamagedError() if content.startswith(b"PK") or not content else NotAWorkbookError()


def _make_too_large_error(file: str) -> SourceError:
    return SourceError(
        "{file} is too large. Delete what is not needed from it, or start a new one this year.", file=file
    )
