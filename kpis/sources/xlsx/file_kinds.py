"""Says what a file is that is named .xlsx and is none, and what to do with it."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from kpis.errors import SourceError

_FIRST_BYTES = 4_096
_OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK_MARKER: Final = "ook".encode("utf-16-le")  # the streams Workbook and, of Excel 95, Book
_WORD_MARKER: Final = "WordDocument".encode("utf-16-le")
_OTHER_SIGNATURES: Final = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

EXCEL_OPENS_SENTENCE: Final = (
    "{file} is not an Excel workbook (.xlsx), but {kind}. Open it in Excel and save it as .xlsx."
)
UNREADABLE_SENTENCE: Final = (
    "{file} is not an Excel workbook (.xlsx), but another kind of file, such as a document or a picture. Ask for "
    "the workbook itself."
)
UNKNOWN_SENTENCE: Final = "{file} is not an Excel workbook (.xlsx). Open it in Excel and save it as .xlsx."


def make_wrong_kind_error(content: bytes, file: str) -> SourceError:
    """Return the error for a file that is no .xlsx, by what its content begins with or holds."""
    kind = _find_kind(content)
    if kind is not None:
        return SourceError(EXCEL_OPENS_SENTENCE, file=file, kind=SourceError(kind))
    is_document = _WORD_MARKER in content or content.startswith(_OTHER_SIGNATURES) or _holds(content, "word/")
    return SourceError(UNREADABLE_SENTENCE if is_document else UNKNOWN_SENTENCE, file=file)


def _find_kind(content: bytes) -> str | None:
    """Return what a file that Excel can open is; None for any other."""
    if content.startswith(_OLE_SIGNATURE):
        return "a workbook of Excel 97–2003 (.xls)" if _BOOK_MARKER in content else None
    if _holds(content, "xl/workbook.bin"):
        return "a binary workbook (.xlsb)"
    if content.startswith(b"PK"):
        return "an OpenDocument spreadsheet (.ods)" if b"opendocument.spreadsheet" in content[:_FIRST_BYTES] else None
    start = content[:_FIRST_BYTES].lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b'progid="excel.sheet"' in start:
        return "an XML spreadsheet of Excel 2003"
    if any(mark in start for mark in (b"<html", b"<!doctype html", b"<table")):
        return "a web page (HTML)"
    return "a text file (CSV)" if _is_table_of_text(content) else None


def _holds(content: bytes, name: str) -> bool:
    """True if an archive has a part whose name begins with `name`."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return any(part.lower().startswith(name) for part in archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return False


def _is_table_of_text(content: bytes) -> bool:
    start = content[:_FIRST_BYTES]
    text = start.decode("utf-16" if start.startswith(_UTF16_MARKS) else "utf-8", errors="ignore")
    first_line = text.splitlines()[0] if text.strip() else ""
    return "\x00" not in text and any(first_line.count(separator) >= 2 for separator in ",;\t")
