"""A plan as it is issued, as Word and as PDF: letterhead in two columns, signature, an annex of tasks over pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
import typst

from kpis.plan_import.documents.document_parser import parse_document
from kpis.plan_import.propose import propose
from kpis.register.model import ReportingDay

_LETTERHEAD = (
    ("ỦY BAN NHÂN DÂN\nTỈNH HÀ GIANG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    ("Số: 45/KH-UBND", "Hà Giang, ngày 05 tháng 3 năm 2026"),
)
_BODY = (
    "KẾ HOẠCH",
    "Phát triển mạng lưới chợ nông thôn trên địa bàn tỉnh giai đoạn 2026 - 2030",
    "Căn cứ Nghị định số 60/2024/NĐ-CP ngày 05/6/2024 của Chính phủ về phát triển và quản lý chợ;",
    "Ủy ban nhân dân tỉnh ban hành Kế hoạch phát triển mạng lưới chợ nông thôn như sau:",
    "I. MỤC TIÊU",
    "1. Đến năm 2030",
    "- Có ít nhất 12 chợ đạt tiêu chí chợ an toàn thực phẩm ở các xã vùng cao của tỉnh.",
    "- 85% số chợ có hệ thống thu gom rác thải và nước thải theo quy định.",
    "II. TỔ CHỨC THỰC HIỆN",
    "1. Các sở, ngành và Ủy ban nhân dân các xã, phường báo cáo kết quả trước ngày 15 tháng 11 hằng năm "
    "về Sở Công Thương.",
    "2. Sở Công Thương",
    "- Theo dõi, đôn đốc việc thực hiện Kế hoạch này./.",
)
_SIGNATURE = ("Nơi nhận:\n- Bộ Công Thương;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
_TASK = (
    "Rà soát, lập danh mục chợ cần xây mới, sửa chữa, nâng cấp ở các xã vùng cao và trình cấp có thẩm "
    "quyền phê duyệt, nhóm"
)
_ROWS = (
    ("TT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "", "Thời gian"),
    ("", "", "Chủ trì", "Phối hợp", ""),
    ("I", "Hạ tầng chợ", "", "", ""),
    *(
        (str(number), f"{_TASK} {number}", "Sở Công Thương", "Sở Tài chính; UBND các xã, phường", "2026 - 2027")
        for number in range(1, 15)
    ),
    ("II", "Đào tạo", "", "", ""),
    ("1", "Mở lớp cho người quản lý chợ", "Sở Nội vụ", "Các sở, ngành liên quan", "Hằng năm"),
)


def _write_docx(path: Path) -> Path:
    document = docx.Document()
    for rows in (_LETTERHEAD, (_SIGNATURE,), _ROWS):
        if rows is not _LETTERHEAD:
            for text in (
                _BODY
                if rows == (_SIGNATURE,)
                else ("PHỤ LỤC", "(Kèm theo Kế hoạch số 45/KH-UBND ngày 05/3/2026 của UBND tỉnh)")
            ):
                document.add_paragraph(text)
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        if rows is _ROWS:
            table.cell(0, 2).merge(table.cell(0, 3)).text = "Cơ quan thực hiện"
            for column in (0, 1, 4):
                title = table.cell(0, column).text
                table.cell(0, column).merge(table.cell(1, column)).text = title
    document.save(str(path))
    return path


def _escape(text: str) -> str:
    return "".join(f"\\{sign}" if sign in '\\*_`$#@<>[]"=~-+/.' else " \\\n" if sign == "\n" else sign for sign in text)


def _write_pdf(path: Path) -> Path:
    def write_grid(rows: tuple[tuple[str, ...], ...]) -> str:
        cells = ", ".join(f"[{_escape(cell)}]" for row in rows for cell in row)
        return f"#grid(columns: (1fr, 1.4fr), gutter: 0.7cm, align: center, {cells})"

    cells = [
        "table.cell(rowspan: 2)[TT], table.cell(rowspan: 2)[Nội dung nhiệm vụ], table.cell(colspan: 2)[Cơ "
        "quan thực hiện]",
        "table.cell(rowspan: 2)[Thời gian], [Chủ trì], [Phối hợp]",
        *(f"[{_escape(cell)}]" for row in _ROWS[2:] for cell in row),
    ]
    parts = [
        '#set page(paper: "a4", margin: 2.5cm, numbering: "1")\n#set text(size: 13pt, lang: "vi")',
        "#set par(justify: true, first-line-indent: (amount: 1cm, all: true))",
        write_grid(_LETTERHEAD),
        *(f"#align(center)[{_escape(text)}]" for text in _BODY[:2]),
        *(f"#par[{_escape(text)}]" for text in _BODY[2:]),
        write_grid((_SIGNATURE,)),
        "#set page(flipped: true)\n#align(center)[PHỤ LỤC]",
        f"#table(columns: (1.2cm, 3fr, 1.5fr, 2fr, 2.5cm), {', '.join(cells)})",
    ]
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(parts), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    return path


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_everything_is_proposed_from_word_and_from_pdf(tmp_path: Path, ending: str) -> None:
    write = _write_docx if ending == "docx" else _write_pdf
    proposal = propose(parse_document(write(tmp_path / f"plan.{ending}")), "tỉnh Hà Giang")
    header = proposal.header
    assert (header.number, header.issued_on, header.issuer) == ("45/KH-UBND", date(2026, 3, 5), "UBND tỉnh Hà Giang")
    assert (header.title, header.start_year, header.end_year) == (_BODY[1], 2026, 2030)
    assert header.reporting_days == (ReportingDay("15/11", "year"),)
    assert [(target.measure, target.floor, target.by_year, target.place.section) for target in proposal.targets] == [
        ("count", Decimal(12), 2030, "I.1"),
        ("ratio", Decimal("0.85"), 2030, "I.1"),
    ]
    assert [(task.section, task.number) for task in proposal.tasks] == [
        *(("I", str(number)) for number in range(1, 15)),
        ("II", "1"),
    ]
    first, last = proposal.tasks[0], proposal.tasks[-1]
    assert (first.title, first.leads, first.schedule) == (f"{_TASK} 1", ("Sở Công Thương",), "2026 - 2027")
    assert first.coordinators == ("Sở Tài chính", "UBND các xã, phường")
    assert {task.coordinators for task in proposal.tasks[:-1]} == {first.coordinators}
    assert (last.leads, last.coordinators) == (("Sở Nội vụ",), ("Các sở, ngành liên quan",))
    assert [agency.known_as for agency in proposal.agencies if agency.kind == "department"] == [
        "Sở Công Thương",
        "Sở Tài chính",
        "Sở Nội vụ",
    ]
    if ending == "pdf":
        assert proposal.targets[0].place.page == 1
        assert proposal.tasks[-1].place.page == 3
