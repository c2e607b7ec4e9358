"""Files that are no readable document end in a named error with the next step; optional programs are optional."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import docx
import pikepdf
import pytest
import typst
from PIL import Image

from kpis.plan_import.documents import document_parser, programs, reading
from kpis.plan_import.documents.document_parser import parse_document
from kpis.plan_import.documents.errors import DocumentError

PLAN = "KẾ HOẠCH\n\nPhát triển chợ nông thôn năm 2026\n\nI. MỤC TIÊU\n\n- Có 12 chợ đạt chuẩn ở các xã vùng cao.\n"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _write_pdf(path: Path, text: str = PLAN) -> Path:
    source = path.with_suffix(".typ")
    source.write_text(text.replace("- Có", "\\- Có"), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    return path


def _write_docx(path: Path, text: str = PLAN) -> Path:
    document = docx.Document()
    for line in text.split("\n\n"):
        document.add_paragraph(line)
    document.save(str(path))
    return path


def _fail(path: Path, seconds: float = 60.0) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_document(path, seconds=seconds)
    assert path.name in str(caught.value)
    return str(caught.value)


def _make_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_each_format_gives_the_same_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "plan.md").write_text(PLAN.replace("I. MỤC", "## I. MỤC"), encoding="utf-8")
    pages: list[tuple[int, int]] = []
    files = [
        tmp_path / "plan.txt",
        tmp_path / "plan.md",
        _write_docx(tmp_path / "plan.docx"),
        _write_pdf(tmp_path / "plan.pdf"),
    ]
    documents = [parse_document(path, lambda page, count: pages.append((page, count))) for path in files]
    assert len({tuple(block.text for block in document.blocks) for document in documents}) == 1
    assert [document.file_name for document in documents] == ["plan.txt", "plan.md", "plan.docx", "plan.pdf"]
    assert [document.page_count for document in documents] == [None, None, None, 1]
    assert pages == [(1, 1)]


def test_a_file_that_is_missing_of_another_kind_or_empty_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in _fail(tmp_path / "plan.docx")
    for name, content, words in [
        ("plan.xlsx", b"a", "is not a .docx, .pdf, .txt or .md file"),
        ("plan.txt", b"", "holds no text"),
        ("plan.md", b" \n--- \n", "holds no text"),
        ("empty.docx", b"", "holds no text"),
        ("empty.pdf", b"", "holds no text"),
        ("latin.txt", "K\u1ebf ho\u1ea1ch".encode("cp1258", "replace") + b"\xff\xfe\xfa", "not in UTF-8"),
        ("english.txt", b"The committee shall build twelve markets in the highland communes.", "not in Vietnamese"),
        ("broken.docx", b"PK\x03\x04 broken", "is damaged"),
        ("broken.pdf", b"%PDF-1.7 broken", "is damaged"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert words in _fail(path)


def test_a_wrong_ending_is_read_by_what_the_file_holds(tmp_path: Path) -> None:
    word = _write_docx(tmp_path / "word.docx").rename(tmp_path / "word.pdf")
    portable = _write_pdf(tmp_path / "portable.pdf").rename(tmp_path / "portable.docx")
    assert [parse_document(path).blocks[0].text for path in (word, portable)] == ["KẾ HOẠCH", "KẾ HOẠCH"]


def test_a_protected_file_is_named_as_such(tmp_path: Path) -> None:
    word = tmp_path / "plan.docx"
    word.write_bytes(_OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert "protected by a password" in _fail(word)
    protected = tmp_path / "protected.pdf"
    with pikepdf.open(_write_pdf(tmp_path / "plan.pdf")) as pdf:
        pdf.save(protected, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "protected by a password" in _fail(protected)


def test_a_bomb_and_a_text_of_five_hundred_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(260):
            part.write(bytes(1 << 20))
    assert "unpacks to more than 256 MB" in _fail(bomb)
    long = tmp_path / "long.txt"
    long.write_text("Phát triển chợ nông thôn ở các xã vùng cao của tỉnh.\n\n" * 20_000, encoding="utf-8")
    assert "about 300 pages" in _fail(long)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    with pytest.raises(DocumentError, match="is larger than"):
        reading.read_document(_write_docx(tmp_path / "plan.docx"))


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    assert "takes longer than" in _fail(_write_pdf(tmp_path / "plan.pdf"), seconds=0.01)


def test_a_text_typed_for_an_old_font_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "I. Môc tiªu\n\n- Cã 12 chî ®¹t chuÈn ë c¸c x· vïng cao cña tØnh trong n¨m 2026.\n", encoding="utf-8"
    )
    document = parse_document(path)
    assert document.blocks[1].text == "- Có 12 chợ đạt chuẩn ở các xã vùng cao của tỉnh trong năm 2026."
    assert document.notes == (("old_font", "TCVN3"),)


def test_an_old_word_file_needs_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.doc"
    path.write_bytes(_OLE + bytes(600))
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert "save it as .docx" in _fail(path)
    assert "install LibreOffice" in _fail(path)
    _make_program(
        tmp_path / "bin",
        "soffice",
        f'for last; do :; done; cp "{_write_docx(tmp_path / "made.docx")}" "$(dirname "$last")/document.docx"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin:/bin")
    document = parse_document(path)
    assert document.file_name == "plan.doc"
    assert document.blocks[0].text == "KẾ HOẠCH"
    assert ("converted", "doc") in document.notes
    _make_program(tmp_path / "bin", "soffice", "exit 1")
    assert "LibreOffice cannot read" in _fail(path)


def test_a_scan_needs_tesseract_with_vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "scan.pdf"
    Image.new("L", (600, 800), 255).save(path)
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert "install tesseract with Vietnamese" in _fail(path)
    (tmp_path / "text.txt").write_text(PLAN, encoding="utf-8")
    _make_program(
        tmp_path / "bin", "tesseract", f'case "$1" in --list-langs) echo vie;; *) cat "{tmp_path / "text.txt"}";; esac'
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin:/bin")
    pages: list[tuple[int, int]] = []
    document = parse_document(path, lambda page, count: pages.append((page, count)))
    assert [block.text for block in document.blocks][:2] == ["KẾ HOẠCH", "Phát triển chợ nông thôn năm 2026"]
    assert document.notes == (("recognised", "scan"),)
    assert pages == [(1, 1)]
    _make_program(tmp_path / "bin", "tesseract", "echo eng")
    assert "install tesseract with Vietnamese" in _fail(path)


def test_a_slow_program_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.doc"
    path.write_bytes(_OLE + bytes(600))
    _make_program(tmp_path / "bin", "soffice", "exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin:/bin")
    monkeypatch.setattr(programs, "PROGRAM_SECONDS", 0.2)
    assert "LibreOffice takes longer than" in _fail(path)


def test_whatever_a_file_provokes_is_that_files_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_parser, "_ANSWERING_MODULE", "json")  # has no answer_request: the process ends
    assert "is damaged or no such document (exit 1)" in _fail(_write_docx(tmp_path / "plan.docx"))
