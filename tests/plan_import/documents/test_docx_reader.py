"""Word documents as blocks: what Word computes, hides and moves."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kpis.plan_import.documents.docx_numbering import format_number
from kpis.plan_import.documents.docx_reader import read_docx_blocks
from kpis.plan_import.model import Block

_NUMBERING = """<w:abstractNum {ns} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>"""


def _read(document: Document, tmp_path: Path) -> tuple[tuple[Block, ...], dict[str, str]]:
    path = tmp_path / "plan.docx"
    document.save(str(path))
    blocks, notes = read_docx_blocks(path)
    return blocks, dict(notes)


def _add_xml(document: Document, xml: str) -> None:
    document.element.body.insert(
        len(document.element.body) - 1, parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))
    )


def _define_list(document: Document) -> None:
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_NUMBERING.replace("{ns}", nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))


def _add_item(document: Document, level: int, text: str) -> None:
    properties = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr></w:pPr>'
    _add_xml(document, f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>")


def test_numbers_that_word_counts_stand_before_their_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    _define_list(document)
    for level, text in [
        (0, "MỤC ĐÍCH"),
        (0, "MỤC TIÊU"),
        (1, "Chung"),
        (1, "Cụ thể"),
        (2, "Chợ"),
        (3, "Có 12 chợ"),
        (0, "KINH PHÍ"),
        (1, "Nguồn"),
    ]:
        _add_item(document, level, text)
    blocks, _ = _read(document, tmp_path)
    assert [block.text for block in blocks] == [
        "I. MỤC ĐÍCH", "II. MỤC TIÊU", "1. Chung", "2. Cụ thể", "a) Chợ", "- Có 12 chợ", "III. KINH PHÍ", "1. Nguồn",
    ]  # fmt: skip


def test_a_merged_cell_repeats_its_text_and_numbers_in_cells_are_counted(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows, [["TT", "Cơ quan", ""], ["1", "Sở A", "Sở B"], ["", "Sở C", "Sở D"]], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    (block,), _ = _read(document, tmp_path)
    assert block.rows == (("TT", "Cơ quan", "Cơ quan"), ("1", "Sở A", "Sở B"), ("1", "Sở C", "Sở D"))


def test_deleted_text_is_out_inserted_text_is_in_and_both_are_noted(tmp_path: Path) -> None:
    document = docx.Document()
    _add_xml(
        document,
        '<w:p><w:r><w:t xml:space="preserve">Có </w:t></w:r><w:del w:id="1" w:author="A"><w:r><w:delText>12</w:delText>'
        '</w:r></w:del><w:ins w:id="2" w:author="A"><w:r><w:t>15</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> chợ</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>',
    )
    (block,), notes = _read(document, tmp_path)
    assert block.text == "Có 15 chợ"
    assert notes == {"deleted_text": "1", "inserted_text": "1", "hidden_text": "1"}


def test_text_boxes_are_read_once_and_before_their_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>Số: 12/KH-UBND</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    _add_xml(
        document,
        f"<w:p><w:r><mc:AlternateContent {mc}><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>KẾ "
        f"HOẠCH</w:t></w:r></w:p>",
    )
    blocks, notes = _read(document, tmp_path)
    assert [block.text for block in blocks] == ["Số: 12/KH-UBND", "KẾ HOẠCH"]
    assert notes == {"text_boxes": "1"}


def test_old_fonts_are_read_by_their_names(tmp_path: Path) -> None:
    document = docx.Document()
    for font, text in [(".VnTime", "KÕ ho¹ch n¨m 2026"), (".VnTimeH", "kÕ ho¹ch"), ("VNI-Times", "Keá hoaïch naêm")]:
        run = document.add_paragraph().add_run(text)
        run.font.name = font
    blocks, _ = _read(document, tmp_path)
    assert [block.text for block in blocks] == ["Kế hoạch năm 2026", "KẾ HOẠCH", "Kế hoạch năm"]


def test_headings_and_line_breaks_divide_a_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("I. MỤC TIÊU", 2)
    document.add_paragraph("KẾ HOẠCH\nPhát triển chợ ở các xã\nvùng cao\n- Có 12 chợ")
    blocks, _ = _read(document, tmp_path)
    assert [(block.text, block.heading) for block in blocks] == [
        ("I. MỤC TIÊU", 2),
        ("KẾ HOẠCH", None),
        ("Phát triển chợ ở các xã vùng cao", None),
        ("- Có 12 chợ", None),
    ]


def test_numbers_are_written_in_the_lists_format() -> None:
    formats = ("decimal", "upperRoman", "lowerRoman", "lowerLetter", "decimalZero")
    assert [format_number(4, each) for each in formats] == ["4", "IV", "iv", "d", "04"]
    assert format_number(49, "upperRoman") == "XLIX"
