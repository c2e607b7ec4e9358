"""Sections, headings and zones of a document."""

from __future__ import annotations

from kpis.plan_import.model import OutlinedBlock
from tests.plan_import.outlining import outline_text

PLAN = """ỦY BAN NHÂN DÂN TỈNH HÀ GIANG

Số: 12/QĐ-UBND

QUYẾT ĐỊNH

Ban hành Kế hoạch phát triển chợ

Căn cứ Luật Tổ chức chính quyền địa phương;

Điều 1. Ban hành kèm theo Quyết định này Kế hoạch phát triển chợ.

Nơi nhận:

- Như Điều 1;

KT. CHỦ TỊCH

KẾ HOẠCH

Phát triển chợ nông thôn

I. MỤC ĐÍCH, YÊU CẦU

- Rõ việc, rõ người.

II. QUAN ĐIỂM, MỤC TIÊU

1. Mục tiêu cụ thể

a) Về hạ tầng

- Giai đoạn 2026 - 2027:

+ Có 12 chợ đạt chuẩn.

- Giai đoạn 2028 - 2030:

+ Có 20 chợ đạt chuẩn.

2. Nhiệm vụ

2.1. Rà soát quy hoạch

III. TỔ CHỨC THỰC HIỆN

1. Sở Công Thương

Nơi nhận:

- Lưu: VT.

PHỤ LỤC I

DANH MỤC NHIỆM VỤ

STT\tNhiệm vụ\tCơ quan chủ trì
1\tMở lớp\tSở Công Thương
"""


def _outline(content: str) -> dict[str, OutlinedBlock]:
    return {item.block.text: item for item in outline_text(content)}


def test_zones_follow_the_parts_and_the_first_recipients_are_not_the_end() -> None:
    outlined = _outline(PLAN)
    assert {text: each.zone for text, each in outlined.items()} == {
        "ỦY BAN NHÂN DÂN TỈNH HÀ GIANG": "letterhead",
        "Số: 12/QĐ-UBND": "letterhead",
        "QUYẾT ĐỊNH": "preamble",
        "Ban hành Kế hoạch phát triển chợ": "preamble",
        "Căn cứ Luật Tổ chức chính quyền địa phương;": "preamble",
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch phát triển chợ.": "body",
        "Nơi nhận:": "recipients",
        "- Như Điều 1;": "recipients",
        "KT. CHỦ TỊCH": "recipients",
        "KẾ HOẠCH": "preamble",
        "Phát triển chợ nông thôn": "preamble",
        "I. MỤC ĐÍCH, YÊU CẦU": "body",
        "- Rõ việc, rõ người.": "body",
        "II. QUAN ĐIỂM, MỤC TIÊU": "goals",
        "1. Mục tiêu cụ thể": "goals",
        "a) Về hạ tầng": "goals",
        "- Giai đoạn 2026 - 2027:": "goals",
        "+ Có 12 chợ đạt chuẩn.": "goals",
        "- Giai đoạn 2028 - 2030:": "goals",
        "+ Có 20 chợ đạt chuẩn.": "goals",
        "2. Nhiệm vụ": "body",
        "2.1. Rà soát quy hoạch": "body",
        "III. TỔ CHỨC THỰC HIỆN": "duties",
        "1. Sở Công Thương": "duties",
        "- Lưu: VT.": "recipients",
        "PHỤ LỤC I": "annex",
        "DANH MỤC NHIỆM VỤ": "annex",
        "STT\tNhiệm vụ\tCơ quan chủ trì\n1\tMở lớp\tSở Công Thương": "annex",
    }


def test_sections_and_titles_are_those_of_the_headings_above() -> None:
    outlined = _outline(PLAN)
    promise = outlined["+ Có 20 chợ đạt chuẩn."]
    assert promise.section == "II.1.a"
    assert promise.titles == (
        "II. QUAN ĐIỂM, MỤC TIÊU",
        "1. Mục tiêu cụ thể",
        "a) Về hạ tầng",
        "- Giai đoạn 2028 - 2030:",
    )
    assert outlined["2.1. Rà soát quy hoạch"].section == "II.2.1"
    assert outlined["III. TỔ CHỨC THỰC HIỆN"].titles == ()


def test_a_list_that_begins_again_has_lost_its_heading_so_the_section_names_no_other() -> None:
    first = ["I. MỤC TIÊU", "1. Quan điểm", "a) Một là", "b) Hai là"]
    outlined = _outline("\n\n".join([*first, "a) Có 12 chợ", "- Chợ loại 1", "II. KINH PHÍ", "1. Ngân sách"]))
    assert outlined["b) Hai là"].section == "I.1.b"
    assert outlined["a) Có 12 chợ"].section == "a"
    assert outlined["- Chợ loại 1"].section == "a"
    assert outlined["1. Ngân sách"].section == "II.1"


def test_letters_below_a_roman_number_stand_under_it() -> None:
    lines = [
        "KẾ HOẠCH",
        "I. MỤC TIÊU",
        "A. Về chợ",
        "1. Có 12 chợ.",
        "B. Về kho",
        "1. Có 02 kho.",
        "II. NHIỆM VỤ",
        "1. Rà soát.",
    ]
    content = "\n\n".join(lines)
    sections = [item.section for item in outline_text(content) if item.block.text.endswith(".")]
    assert sections == ["I.A.1", "I.B.1", "II.1"]


def test_a_part_may_be_counted_by_a_letter() -> None:
    text = "KẾ HOẠCH\n\nPhần A. MỤC TIÊU\n\n- Thu hút 25 dự án.\n\nPhần C. KINH PHÍ\n\nTổng 9,8 tỷ đồng.\n"
    sections = {item.block.text: item.titles for item in outline_text(text)}
    assert sections["Tổng 9,8 tỷ đồng."] == ("Phần C. KINH PHÍ",)
