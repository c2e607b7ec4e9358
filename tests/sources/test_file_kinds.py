"""The sentence on a file that is no .xlsx says what the file is."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from kpis.language.messages import explain
from kpis.sources.xlsx.file_kinds import make_wrong_kind_error

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _pack(**parts: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "a workbook of Excel 97–2003 (.xls)"),
        (_pack(xl__workbook_bin=b""), "a binary workbook (.xlsb)"),
        (_pack(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "an OpenDocument spreadsheet (.ods)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "an XML spreadsheet of Excel 2003"),
        (b"\r\n<HTML><table></table></HTML>", "a web page (HTML)"),
        ("Ngày;Cơ quan;Chỉ tiêu\n".encode(), "a text file (CSV)"),
        ("Ngày\tCơ quan\tChỉ tiêu\n".encode("utf-16"), "a text file (CSV)"),
    ],
)
def test_a_file_that_excel_can_open_is_named(content: bytes, kind: str) -> None:
    assert explain(make_wrong_kind_error(content, "so.xlsx"), "en") == (
        f"so.xlsx is not an Excel workbook (.xlsx), but {kind}. Open it in Excel and save it as .xlsx."
    )


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"\xff\xd8\xff\xe0", OLE + "WordDocument".encode("utf-16-le"), _pack(word__document_xml=b"")],
)
def test_of_a_document_or_a_picture_the_workbook_is_asked_for(content: bytes) -> None:
    assert "Ask for the workbook itself." in explain(make_wrong_kind_error(content, "so.xlsx"), "en")


@pytest.mark.parametrize("content", [OLE, _pack(Book_xlsx=b""), b"a note, nothing else", bytes(9)])
def test_of_any_other_file_nothing_is_claimed(content: bytes) -> None:
    assert explain(make_wrong_kind_error(content, "so.xlsx"), "en") == (
        "so.xlsx is not an Excel workbook (.xlsx). Open it in Excel and save it as .xlsx."
    )
