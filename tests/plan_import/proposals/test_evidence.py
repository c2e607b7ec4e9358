"""What speaks for and against a number: verbs of tasks, durations, names of rates, reports of the past, quotas."""

from __future__ import annotations

import pytest

from tests.plan_import.proposals.small_document import BODY, propose, read_ledger, summarise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2. Lắp đặt bổ sung 30 đèn chiếu sáng.", ["count >= 30"]),
        ("2. Truyền thông: in 4.000 tờ rơi; treo 20 băng rôn.", ["count >= 4000", "count >= 20"]),
        ("2. Tư vấn việc làm cho 1.200 lượt thanh niên.", ["count >= 1200"]),
        ("2. Hỗ trợ 700 hộ vay vốn.", ["count >= 700"]),
        ("2. Kiểm tra tối thiểu 25 cơ sở.", ["count >= 25"]),
        ("2. Khảo sát 100% cơ sở đang hoạt động.", ["ratio >= 1"]),
        ("2. Kiểm tra ít nhất 40% số trường học và 25% số trạm y tế.", ["ratio >= 0.4", "ratio >= 0.25"]),
        ("2. Trang bị tối thiểu 01 điểm tập kết đạt chuẩn.", ["count >= 1"]),
        ("2. Triển khai thí điểm 03 mô hình thu gom.", ["count >= 3"]),
        ("2. Sưu tầm 15 hiện vật.", ["count >= 15"]),
        ("2. Duy tu 16 công trình thủy lợi.", ["count >= 16"]),
        ("2. Sàng lọc cho 70.000 học sinh.", ["count >= 70000"]),
        ("2. Mở 02 đợt cao điểm (Tết, hè) với 180 lượt cơ sở.", ["count >= 2", "count >= 180"]),
        ("2. Dự trữ: gạo 04 tấn, nước uống 900 bình.", ["count >= 4", "count >= 900"]),
        ("2. Giảm từ 300 điểm trường xuống còn 220 điểm trường.", ["count <= 220"]),
        ("2. Hỗ trợ 40 dự án khởi nghiệp, mỗi dự án không quá 90 triệu đồng.", ["count >= 40"]),
        ("2. Mỗi năm 01 phương án cấp tỉnh, mỗi xã 01 phương án.", ["count >= 1", "coverage >= 1"]),
        ("2. Xây 20 bể nước dung tích tối thiểu 40 m3.", ["count >= 20"]),
    ],
)
def test_work_outside_the_goals_is_promised_by_its_verb(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text, titles=BODY, zone="body")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Tỷ lệ đóng góp đạt và vượt 8%.", ["ratio >= 0.08"]),
        ("- Không để phát sinh quá 06 vụ vi phạm.", ["count <= 6"]),
        ("- Bồi dưỡng nghề dưới 02 tháng 900 người.", ["count >= 900"]),
        ("- Giảm tỷ suất tử vong trẻ dưới 5 tuổi xuống 14/1.000 trẻ đẻ sống.", ["amount <= 14"]),
        ("- Thời gian chờ không quá 20 phút/lượt.", ["amount <= 20"]),
        ("- Thời gian lưu trú bình quân 2,1 ngày/khách.", ["amount >= 2.1"]),
        ("- Số năm sống khỏe tối thiểu đạt 67 năm.", ["amount >= 67"]),
        ("- Mỗi xã có ít nhất 02 điểm vui chơi cho trẻ em.", ["coverage >= 1"]),
        ("- Số tiêu chí bình quân đạt 17,5 tiêu chí/xã.", ["amount >= 17.5"]),
        ("- Mỗi thôn có 01 tổ công nghệ số với 4 - 6 thành viên.", ["coverage >= 1", "count >= 4..6"]),
        ("- Có 14 bác sĩ trên 10.000 dân.", ["count >= 14"]),
        ("- Tỷ lệ trạm làm được trên 70% danh mục kỹ thuật đạt 90%.", ["ratio >= 0.9"]),
        ("- Tỷ lệ tiêm cho trẻ với 10 loại vắc xin trên 96%.", ["ratio > 0.96"]),
        ("- 90% học sinh được tuyên truyền ít nhất 02 lần/năm.", ["ratio >= 0.9", "count >= 2"]),
        ("- Giảm số giờ làm việc nhà của phụ nữ còn 1,5 lần so với nam giới.", ["amount <= 1.5"]),
        ("- Số bác sĩ/vạn dân: 12,5; số giường bệnh/vạn dân: 33.", ["amount >= 12.5", "amount >= 33"]),
        ("- Tổng vốn đầu tư toàn xã hội 41.000 tỷ đồng.", ["amount >= 41000"]),
        ("- Giá trị sản phẩm trên 01 ha đất trồng trọt đạt 115 triệu đồng.", ["amount >= 115"]),
        ("- Xếp hạng chỉ số TMĐT: trong Top 12 cả nước.", ["carried <= 12"]),
        ("- 100% tàu cá từ 15 m trở lên lắp thiết bị giám sát.", ["ratio >= 1"]),
        ("- 90% giáo viên đạt bậc 4 trở lên theo khung năng lực.", ["ratio >= 0.9"]),
        ("- Bình quân 240 ca tuần tra/tháng.", ["count >= 240"]),
        ("- Chúc thọ cho 120 cụ tròn 70, 80, 90 và 100 tuổi.", ["count >= 120"]),
        ("- Đóng góp của năng suất vào tăng trưởng trên 45%.", ["ratio > 0.45"]),
    ],
)
def test_a_goal_is_read_as_its_clause_words_it(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


@pytest.mark.parametrize(
    "heading", ["I. KẾT QUẢ THỰC HIỆN NĂM 2024", "Phần I. Sự cần thiết", "A. ĐÁNH GIÁ THỰC TRẠNG", "1. Tình hình chung"]
)
def test_what_a_report_of_the_past_counts_is_left_over(heading: str) -> None:
    text = "Toàn xã có 210 hộ nghèo, tỷ lệ thu gom rác đạt 82%; đã xóa 24 nhà tạm."
    assert propose(text, titles=(heading,), zone="body") == ()
    assert {entry.outcome for entry in read_ledger(text, titles=(heading,), zone="body")} == {"left_over"}


def test_a_heading_of_results_and_goals_silences_nothing() -> None:
    assert propose("- 90% hộ dùng nước sạch.", titles=("I. KẾT QUẢ NĂM 2025, MỤC TIÊU NĂM 2026",))


@pytest.mark.parametrize(
    "text",
    [
        "- Mỗi đơn vị đề nghị không quá 01 tập thể, 03 cá nhân.",
        "- Giảm 2/3 số vụ vi phạm so với năm 2020.",
        "- Mỗi sở không quá 03 Phó Giám đốc theo quy định.",
        "- Hỗ trợ thêm 30% mức đóng cho hộ cận nghèo.",
        "2. Bồi dưỡng 170.000 đồng/ngày cho người trực.",
        "2. Cài đặt ứng dụng báo cháy 114.",
        "2. Kinh phí: khoảng 40 tỷ đồng; bình quân mỗi năm 8 tỷ đồng.",
    ],
)
def test_quotas_fractions_and_funds_are_left_over(text: str) -> None:
    assert propose(text, titles=BODY, zone="body") == ()
    outcomes = {entry.outcome for entry in read_ledger(text, titles=BODY, zone="body")}
    assert outcomes <= {"left_over", "masked"}


def test_places_in_a_text_and_names_with_decimals_are_masked() -> None:
    text = "- Thực hiện điểm 1, 2 mục III; nồng độ bụi PM2.5 trung bình năm dưới 25 µg/m3."
    reasons = {entry.text: entry.reason for entry in read_ledger(text)}
    assert (reasons["1"], reasons["2.5"], reasons["25"]) == ("article", "identifier", None)
    assert reasons["2"] == "article"
