"""Reads one document by its format, in this process. Every failure is a named error with the next step."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kpis.language.old_fonts import OldFont, convert_from_old_font, find_old_font
from kpis.plan_import.documents.bounds import (
    MAX_BLOCKS,
    MAX_CHARACTERS,
    MAX_FILE_BYTES,
    MAX_PAGES,
    MAX_UNPACKED_BYTES,
)
from kpis.plan_import.documents.errors import DocumentError, ScannedError
from kpis.plan_import.documents.text_reader import read_text_blocks
from kpis.plan_import.model import Block, Document

TEXT_ENDINGS: Final = frozenset({".txt", ".md", ".markdown"})
ENDINGS: Final = frozenset({".docx", ".pdf", ".doc", *TEXT_ENDINGS})
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_OLD_FONTS: Final[tuple[OldFont, ...]] = ("TCVN3", "VNI")
_VIETNAMESE: Final = frozenset("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
_LEAST_SHARE: Final = 0.05
_LEAST_LETTERS: Final = 40

Report = Callable[[int, int], None]


def read_document(path: Path, report: Report | None = None) -> Document:
    """Return a .docx, .pdf with text, .txt or .md as blocks; `report` gets each page of a PDF as it is read.

    Raises:
        DocumentError: the file is missing, encrypted, damaged, empty, too large, not Vietnamese or of another format.
    """
    content = _read_bytes(path)
    if not content:
        raise _build_empty_error(path)
    digest = hashlib.sha256(content).hexdigest()
    notes: tuple[tuple[str, str], ...] = ()
    page_count: int | None = None
    suffix = path.suffix.lower()
    if content.startswith(_OLE):
        raise _explain_old_file(path, content)
    if content.startswith(b"%PDF") or (suffix == ".pdf" and not content.startswith(_ZIP)):
        blocks, page_count = _read_pdf(path, report or _ignore)
    elif content.startswith(_ZIP) or suffix == ".docx":
        blocks, notes = _read_docx(path)
    elif suffix in TEXT_ENDINGS:
        blocks = read_text_blocks(_decode(path, content))
        page_count = max((block.page for block in blocks if block.page), default=None)
    else:
        raise DocumentError(
            "{file} is not a .docx, .pdf, .txt or .md file. Save the document as one of these and give that file.",
            file=path.name,
        )
    blocks, font_notes = _convert_old_fonts(blocks)
    _check_content(path, blocks)
    return Document(path.name, digest, blocks, page_count, (*notes, *font_notes))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DocumentError(
                "{file} is larger than {limit} MB. Save it without pictures, or give the plan without its annexes of "
                "pictures.",
                file=path.name,
                limit=MAX_FILE_BYTES >> 20,
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            "{file} cannot be opened ({reason}). Check the path and whether another program holds the file.",
            file=path.name,
            reason=error.strerror or type(error).__name__,
        ) from error


def _build_empty_error(path: Path) -> DocumentError:
    return DocumentError("{file} holds no text. Check that it is the right file.", file=path.name)


def _explain_old_file(path: Path, content: bytes) -> DocumentError:
    if _ENCRYPTED_PACKAGE in content:
        return build_encrypted_error(path)
    return DocumentError(
        "{file} is a Word file of the old kind (.doc). Open it in Word, save it as .docx, and give that file.",
        file=path.name,
    )


def build_encrypted_error(path: Path) -> DocumentError:
    """Return the error of a file that a password protects."""
    return DocumentError(
        "{file} is protected by a password. Open it, remove the password, save it, and give that file.", file=path.name
    )


def build_damaged_error(path: Path, fault: str) -> DocumentError:
    """Return the error of a file that a library could not read."""
    return DocumentError(
        "{file} is damaged or no such document ({fault}). Open it in its own program, save it again, and give that "
        "file; or save it as text (.txt).",
        file=path.name,
        fault=fault,
    )


def _decode(path: Path, content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            "{file} is not in UTF-8. Open it in a text editor, save it with the encoding UTF-8, and give that file.",
            file=path.name,
        ) from error
    if "\x00" in text:
        raise build_damaged_error(path, "NUL")
    _check_length(path, len(text))
    return text


def _read_docx(path: Path) -> tuple[tuple[Block, ...], tuple[tuple[str, str], ...]]:
    # python-docx is imported here: a text needs neither it nor lxml.
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    from kpis.plan_import.documents.docx_reader import read_docx_blocks

    try:
        with zipfile.ZipFile(path) as package:
            size = sum(part.file_size for part in package.infolist())
            if any(part.flag_bits & 1 for part in package.infolist()):
                raise build_encrypted_error(path)
        if size > MAX_UNPACKED_BYTES:
            raise DocumentError(
                "{file} unpacks to more than {limit} MB, which no document needs. Save its text as a new document and "
                "give that file.",
                file=path.name,
                limit=MAX_UNPACKED_BYTES >> 20,
            )
        return read_docx_blocks(path)
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        LxmlError,
        KeyError,
        ValueError,
        OSError,
        AttributeError,
    ) as error:
        raise build_damaged_error(path, type(error).__name__) from error


def _read_pdf(path: Path, report: Report) -> tuple[tuple[Block, ...], int]:
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfminer.psparser import PSException
    from pypdfium2 import PdfiumError

    from kpis.plan_import.documents.pdf_reader import LEAST_TEXT, count_pages_and_text, read_pdf_blocks

    try:
        pages, characters = count_pages_and_text(path)
    except PdfiumError as error:
        raise build_encrypted_error(path) if "assword" in str(error) else build_damaged_error(path, "PDF") from error
    if pages > MAX_PAGES:
        raise DocumentError(
            "{file} has {pages} pages; up to {limit} are read. Save the plan and its annexes of tasks as a PDF of "
            "their own and give that file.",
            file=path.name,
            pages=pages,
            limit=MAX_PAGES,
        )
    if characters < LEAST_TEXT * pages:
        raise build_scanned_error(path, pages)
    _check_length(path, characters)
    try:
        return read_pdf_blocks(path, report), pages
    except (PDFSyntaxError, PSException, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise build_damaged_error(path, type(error).__name__) from error


def _ignore(page: int, pages: int) -> None:  # noqa: ARG001 - a report that nobody waits for
    return


def build_scanned_error(path: Path, pages: int) -> ScannedError:
    """Return the error of a PDF whose pages are pictures."""
    return ScannedError(
        "{file} is a scan: its {pages} pages are pictures without text. Give the Word file or the PDF that was signed "
        "digitally; or install tesseract with Vietnamese (packages tesseract-ocr and tesseract-ocr-vie), and run the "
        "command again.",
        file=path.name,
        pages=pages,
    )


def _convert_old_fonts(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[tuple[str, str], ...]]:
    """Return the blocks in Unicode: a text typed for an old font shows it by its letters."""
    fonts = [find_old_font(block.text) for block in blocks if len(block.text) > _LEAST_LETTERS]
    font = next((font for font in _OLD_FONTS if fonts.count(font) * 3 > len(fonts)), None)
    if font is None:
        return blocks, ()

    def convert(text: str) -> str:
        return convert_from_old_font(text, font, keeps_capitals=True) if not text.isascii() else text

    converted = tuple(
        Block(
            block.index,
            convert(block.text),
            tuple(tuple(convert(cell) for cell in row) for row in block.rows),
            block.page,
            block.lines,
            block.heading,
        )
        for block in blocks
    )
    return converted, (("old_font", font),)


def _check_length(path: Path, characters: int) -> None:
    if characters > MAX_CHARACTERS:
        raise DocumentError(
            "{file} holds more than {limit} characters, about 300 pages. Give the plan and its annexes of tasks "
            "without the other annexes.",
            file=path.name,
            limit=MAX_CHARACTERS,
        )


def _check_content(path: Path, blocks: tuple[Block, ...]) -> None:
    _check_length(path, sum(len(block.text) for block in blocks))
    if sum(max(1, len(block.rows)) for block in blocks) > MAX_BLOCKS:
        raise DocumentError(
            "{file} holds more than {limit} paragraphs and rows. Give the plan and its annexes of tasks without the "
            "other annexes.",
            file=path.name,
            limit=MAX_BLOCKS,
        )
    letters = [letter for block in blocks for letter in block.text.casefold() if letter.isalpha()]
    if not letters:
        raise _build_empty_error(path)
    if len(letters) >= _LEAST_LETTERS and sum(letter in _VIETNAMESE for letter in letters) < _LEAST_SHARE * len(
        letters
    ):
        raise DocumentError(
            "{file} is not in Vietnamese with diacritics, so nothing can be read from it. Give the plan as it was "
            "issued.",
            file=path.name,
        )
