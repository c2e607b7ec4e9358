"""PDF files as blocks, on pages that typst writes."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from kpis.plan_import.annex.tasks import propose_tasks
from kpis.plan_import.documents.pdf_reader import count_pages_and_text, read_pdf_blocks
from kpis.plan_import.model import Block, OutlinedBlock

_SETUP = """#set page(paper: "a4", margin: 2.5cm, numbering: "1")
#set text(size: 13pt, lang: "vi")
#set par(justify: true, first-line-indent: (amount: 1cm, all: true))
#set super(typographic: false)
"""
_LONG = (
    "Tổ chức, cá nhân kinh doanh trên địa bàn các xã vùng cao được hỗ trợ xây dựng chợ theo kế hoạch hằng năm của tỉnh"
)


def _read(tmp_path: Path, body: str) -> tuple[Block, ...]:
    source, target = tmp_path / "plan.typ", tmp_path / "plan.pdf"
    source.write_text(_SETUP + body, encoding="utf-8")
    typst.compile(str(source), output=str(target))
    pages: list[tuple[int, int]] = []
    blocks = read_pdf_blocks(target, lambda page, count: pages.append((page, count)))
    assert pages == [(page, len(pages)) for page in range(1, len(pages) + 1)]
    return blocks


def test_a_letterhead_in_columns_is_a_table_and_lines_become_paragraphs(tmp_path: Path) -> None:
    blocks = _read(
        tmp_path,
        "#grid(columns: (1fr, 1fr), gutter: 1cm, align: center, [ỦY BAN NHÂN DÂN \\ TỈNH HÀ GIANG], [CỘNG HÒA "
        "XÃ HỘI CHỦ NGHĨA])\n"
        f"#align(center)[*KẾ HOẠCH*]\n\n{_LONG}; {_LONG}.\n\n\\- Có 12 chợ. \n\n\\- Có 20 chợ.\n",
    )
    assert blocks[0].rows == (("ỦY BAN NHÂN DÂN\nTỈNH HÀ GIANG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),)
    assert [block.text for block in blocks[1:]] == ["KẾ HOẠCH", f"{_LONG}; {_LONG}.", "- Có 12 chợ.", "- Có 20 chợ."]


def test_page_numbers_go_and_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    text = " ".join([_LONG] * 60)
    blocks = _read(tmp_path, f"{text}.\n\nSau đó tổng kết.")
    assert [block.text for block in blocks] == [f"{text}.", "Sau đó tổng kết."]
    assert blocks[0].page == 1
    assert (blocks[1].page or 0) > 1


def test_a_table_over_pages_keeps_its_columns_and_its_cells_are_joined(tmp_path: Path) -> None:
    rows = "".join(f"[{number}], [{_LONG} số {number}], [Sở Công Thương]," for number in range(1, 21))
    blocks = _read(
        tmp_path,
        f"#table(columns: (auto, 1fr, 3cm), table.header([TT], [Nhiệm vụ], [Chủ trì]), table.cell(colspan: "
        f"3)[I. HẠ TẦNG], {rows})",
    )
    assert {block.page for block in blocks} == {1, 2}
    assert all(block.rows[0] == ("TT", "Nhiệm vụ", "Chủ trì") for block in blocks)
    assert blocks[0].rows[1] == ("I. HẠ TẦNG",) * 3
    complete = [row for block in blocks for row in block.rows if row[0].isdigit()]
    assert [row[0] for row in complete] == [str(number) for number in range(1, 21)]
    assert complete[0][1:] == (f"{_LONG} số 1", "Sở Công Thương")


@pytest.mark.parametrize("repeats", ["true", "false"])
def test_tasks_whose_rows_a_page_breaks_are_one_task_each(tmp_path: Path, repeats: str) -> None:
    rows = "".join(
        f"[{number}], [{' '.join([_LONG] * (number % 5 + 1))} số {number}], [Sở Công Thương, Sở Khoa học và Công nghệ],"
        for number in range(1, 31)
    )
    blocks = _read(
        tmp_path,
        f"#table(columns: (1.2cm, 1fr, 3cm), "
        f"table.header(repeat: {repeats}, [TT], [Nhiệm vụ], [Cơ quan chủ trì]), {rows})",
    )
    tasks = propose_tasks([OutlinedBlock(block, None, (), "annex") for block in blocks])
    assert [task.number for task in tasks] == [str(number) for number in range(1, 31)]
    assert [task.title for task in tasks] == [
        f"{' '.join([_LONG] * (number % 5 + 1))} số {number}" for number in range(1, 31)
    ]
    assert {task.leads for task in tasks} == {("Sở Công Thương", "Sở Khoa học và Công nghệ")}


def test_a_line_that_ends_early_ends_its_paragraph_though_no_stop_stands_there(tmp_path: Path) -> None:
    blocks = _read(tmp_path, f"#set par(first-line-indent: 0pt, spacing: 0.65em)\n\\4. Đội ngũ\n\n{_LONG}; {_LONG}.")
    assert [block.text for block in blocks] == ["4. Đội ngũ", f"{_LONG}; {_LONG}."]
    blocks = _read(tmp_path, "#set par(first-line-indent: 0pt, spacing: 0.65em)\n\\4. Đội ngũ\n\n95% có chứng chỉ.")
    assert [block.text for block in blocks] == ["4. Đội ngũ", "95% có chứng chỉ."]


def test_lines_that_hang_below_a_number_belong_to_its_item(tmp_path: Path) -> None:
    text = f"{_LONG} và {_LONG}, mỗi năm giảm 2 - 3% số điểm, còn 9%"
    for cut in range(0, 40, 8):  # somewhere a line begins with the number
        item = text[cut:].lstrip()
        blocks = _read(tmp_path, f"#set par(first-line-indent: 0pt)\n#enum(indent: 0pt, [{item}.])\n\nHết.")
        assert [block.text for block in blocks] == [f"1. {item}.", "Hết."]


def test_footnotes_stand_behind_their_paragraph_and_their_numbers_go(tmp_path: Path) -> None:
    blocks = _read(tmp_path, f"{_LONG}#footnote[Theo số liệu năm 2024.]#[; tiếp tục mở 02 lớp].\n\n{_LONG}.")
    assert blocks[0].text == f"{_LONG}; tiếp tục mở 02 lớp."
    assert "Theo số liệu năm 2024." in [block.text for block in blocks]


@pytest.mark.parametrize("text", ["Có 12 chợ ở các xã vùng cao của tỉnh, mỗi xã có ít nhất một chợ."])
def test_text_is_counted_before_it_is_read(tmp_path: Path, text: str) -> None:
    _read(tmp_path, text)
    pages, characters = count_pages_and_text(tmp_path / "plan.pdf")
    assert pages == 1
    assert characters >= len(text)
