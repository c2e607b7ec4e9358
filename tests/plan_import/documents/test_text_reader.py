"""Plain text and Markdown as blocks."""

from __future__ import annotations

from kpis.plan_import.documents.text_reader import read_text_blocks, starts_paragraph

WRAPPED = """**ỦY BAN NHÂN DÂN** **TỈNH HÀ GIANG** --------
**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM** Độc lập - Tự do - Hạnh phúc -------
Số: 12/KH-UBND
*Hà Giang, ngày 02 tháng 3 năm 2026*

**KẾ HOẠCH**

PHÁT TRIỂN CHỢ NÔNG THÔN GIAI ĐOẠN 2026
- 2030 TRÊN ĐỊA BÀN TỈNH

- Nâng cấp chợ ở các xã vùng
cao, phấn đấu đến năm 2030 có ít nhất 12 chợ đạt chuẩn, gắn với kinh tế
- xã hội của từng xã; việc xét công nhận theo Điều
12. Nghị định của Chính phủ.
- Mỗi năm mở 02 lớp cho người
quản lý chợ.
"""


def _list_texts(content: str) -> list[str]:
    return [block.text for block in read_text_blocks(content)]


def test_lines_of_a_wrapped_paragraph_are_joined_and_bullets_begin_new_ones() -> None:
    blocks = read_text_blocks(WRAPPED)
    assert [block.text for block in blocks] == [
        "ỦY BAN NHÂN DÂN TỈNH HÀ GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
        "Hà Giang, ngày 02 tháng 3 năm 2026",
        "KẾ HOẠCH",
        "PHÁT TRIỂN CHỢ NÔNG THÔN GIAI ĐOẠN 2026 - 2030 TRÊN ĐỊA BÀN TỈNH",
        "- Nâng cấp chợ ở các xã vùng cao, phấn đấu đến năm 2030 có ít nhất 12 chợ đạt chuẩn, gắn với kinh tế"
        " - xã hội của từng xã; việc xét công nhận theo Điều 12. Nghị định của Chính phủ.",
        "- Mỗi năm mở 02 lớp cho người quản lý chợ.",
    ]
    assert [block.lines for block in blocks] == [(1,), (2,), (3,), (4,), (6,), (8,), (11,), (15,)]
    assert [block.index for block in blocks] == list(range(8))


def test_a_text_with_one_paragraph_a_line_is_not_joined() -> None:
    long = "Tổ chức thực hiện việc này trên toàn địa bàn tỉnh theo kế hoạch của Ủy ban nhân dân tỉnh " * 3
    assert _list_texts("\n".join(["Mục tiêu", long, "Đến năm 2030 có 20 chợ", long])) == [
        "Mục tiêu",
        long.strip(),
        "Đến năm 2030 có 20 chợ",
        long.strip(),
    ]


def test_tabs_and_bars_make_tables_with_a_line_for_each_row() -> None:
    tabs = "**STT**\t**Nhiệm vụ**\t\n1\tMở lớp <br>tập huấn\tSở A"
    content = f"Phụ lục\n\n{tabs}\n\n| TT | Tên |\n| --- | --- |\n| 1 | Lập \\| sổ |\n"
    text, tabbed, barred = read_text_blocks(content)
    assert text.text == "Phụ lục"
    assert tabbed.rows == (("STT", "Nhiệm vụ", ""), ("1", "Mở lớp\ntập huấn", "Sở A"))
    assert tabbed.lines == (3, 4)
    assert tabbed.text == "STT\tNhiệm vụ\t\n1\tMở lớp tập huấn\tSở A"
    assert barred.rows == (("TT", "Tên"), ("1", "Lập | sổ"))
    assert barred.lines == (6, 8)


def test_marks_go_and_what_the_document_prints_stays() -> None:
    assert _list_texts(
        "## II. **MỤC TIÊU**<sup>2</sup>\n\n(*) Số *ước* 15 m<sup>2</sup> &amp; 3\\. Xem [Luật](https://a.vn/b)"
    ) == [
        "II. MỤC TIÊU",
        "(*) Số ước 15 m² & 3. Xem Luật",
    ]
    assert read_text_blocks("## II. MỤC TIÊU")[0].heading == 2


def test_page_numbers_of_a_laid_out_text_go_and_its_paragraph_is_joined() -> None:
    lines = ["      1. Mở rộng mạng lưới chợ ở các xã biên giới, bảo đảm mỗi", "xã có một chợ họp theo phiên"]
    second = [
        "                      2",
        "",
        "và có nhà lồng kiên cố.",
        "      2. Xây dựng kho lạnh ở các cụm xã để giữ hàng nông sản",
        "tươi.",
    ]
    third = ["                      3", "", "      3. Tổng kết việc thực hiện, khen thưởng xã làm tốt ở các cụm."]
    assert _list_texts("\n".join([*lines, "", *second, "", *third])) == [
        "1. Mở rộng mạng lưới chợ ở các xã biên giới, bảo đảm mỗi xã có một chợ họp theo phiên và có nhà lồng kiên cố.",
        "2. Xây dựng kho lạnh ở các cụm xã để giữ hàng nông sản tươi.",
        "3. Tổng kết việc thực hiện, khen thưởng xã làm tốt ở các cụm.",
    ]


def test_a_paragraph_broken_by_a_page_is_joined_across_the_blank_line() -> None:
    first = "- 100% cán bộ làm công tác thống kê trên địa bàn tỉnh và các đơn vị có liên quan của ngành"
    assert _list_texts(f"{first}\n\nđược tập huấn.\n\n- Mở 02 lớp.") == [f"{first} được tập huấn.", "- Mở 02 lớp."]


def test_form_feeds_count_pages() -> None:
    assert [block.page for block in read_text_blocks("Một.\n\fHai.")] == [1, 2]
    assert read_text_blocks("Một.")[0].page is None


def test_a_numbered_heading_may_begin_with_any_vietnamese_capital() -> None:
    lines = [
        "- Hoàn thành việc rà soát chợ ở các xã vùng cao trong năm 2026, bảo đảm",
        "1. Đối tượng",
        "2. Ứng dụng công nghệ",
    ]
    wrapped = [*lines, "Tổ chức tập huấn cho người quản lý chợ ở các xã vùng cao của tỉnh"]
    assert _list_texts("\n".join(wrapped))[1:3] == ["1. Đối tượng", "2. Ứng dụng công nghệ"]


def test_a_bullet_with_a_number_behind_a_year_begins_a_paragraph() -> None:
    """ "05" / "- 06 %" is a range; "Đến năm 2030" / "- 100 %" is a heading and a bullet."""
    assert starts_paragraph("- 100% các dự án áp dụng công nghệ số.", "b) Đến năm 2030")
    assert starts_paragraph("- 100% nguồn thải được quan trắc.", "2.2. Về quản lý chất thải")
    assert not starts_paragraph("- 06%/năm. Thị trường: EU.", "tốc độ tăng bình quân 05")
    assert not starts_paragraph("- 2030 phấn đấu có ít nhất 10% cán bộ", "Trong giai đoạn 2026")


def test_a_first_line_that_ends_early_with_a_stop_goes_on_where_blank_lines_divide() -> None:
    long = "Đến năm 2030 các chợ ở xã vùng cao đạt trên 46.200 tấn hàng hóa mỗi năm, tăng bình"
    content = (
        f"- Các sản phẩm:\n{long}\nquân 05 %/năm.\n\n2.3.\nCông an "
        f"tỉnh\n\n{long}\nquân.\n\n{long}\nquân.\n\n{long}\nquân."
    )
    assert _list_texts(content)[:2] == [f"- Các sản phẩm: {long} quân 05 %/năm.", "2.3. Công an tỉnh"]


def test_an_item_that_begins_with_a_number_or_with_đ_is_no_rest_of_the_heading_above() -> None:
    lines = [
        "      2.2. Về quản lý, xử lý chất thải",
        "      - 100% nguồn nước thải được quan trắc tự động, liên tục, có",
        "kết nối.",
    ]
    more = ["      3. Mục tiêu", "      - Đánh giá toàn diện việc thực hiện kế hoạch ở các xã vùng cao, có", "báo cáo."]
    rest = ["      - Nêu rõ việc đã làm, việc chưa làm ở từng xã, phường trong năm, có", "số liệu."] * 2
    assert _list_texts("\n".join([*lines, *more, *rest]))[:3] == [
        "2.2. Về quản lý, xử lý chất thải",
        "- 100% nguồn nước thải được quan trắc tự động, liên tục, có kết nối.",
        "3. Mục tiêu",
    ]


def test_a_heading_that_ends_with_so_is_no_cut_reference() -> None:
    content = (
        "1. Chính quyền số\n(1) 100% văn bản được ký số và gửi, nhận trên trục liên thông của tỉnh từ ngày có hiệu\n"
        "lực.\n2. Hạ tầng số\nLắp đặt 25 camera an ninh tại các nút giao thông và khu vực công cộng của phường, bảo "
        "đảm\n"
        "kết nối.\n- Căn cứ Nghị quyết số\n57-NQ/TW của Bộ Chính trị."
    )
    texts = _list_texts(content)
    assert texts[0] == "1. Chính quyền số"
    assert "2. Hạ tầng số" in texts
    assert texts[-1] == "- Căn cứ Nghị quyết số 57-NQ/TW của Bộ Chính trị."


def test_a_text_whose_lines_all_end_is_not_joined() -> None:
    lines = [f"Tổ chức 0{number} đợt ra quân hướng dẫn người dân cài đặt ứng dụng." for number in range(1, 8)]
    assert _list_texts("\n\n".join(["KẾ HOẠCH", "\n".join(lines), "Hết."])) == ["KẾ HOẠCH", *lines, "Hết."]


def test_an_item_counted_as_the_party_does_begins_a_paragraph() -> None:
    assert starts_paragraph("2- Mỗi cấp ủy giúp một xã", "1- Xây dựng mô hình.")
    assert not starts_paragraph("- 2030 đạt 95 %", "giai đoạn 2026")
