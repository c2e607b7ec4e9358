"""Counts of work to be done, and what stands in such lists and promises nothing."""

from __future__ import annotations

import pytest

from tests.plan_import.proposals.small_document import BODY, propose, read_ledger, summarise


def read_work(text: str, *titles: str) -> list[str]:
    return [summarise(target) for target in propose(text, titles=titles or BODY, zone="body")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Xây mới 19, cải tạo 142 nhà văn hóa.", ["count >= 19", "count >= 142"]),
        ("- Cấp xã: 20 lớp, 700 học viên.", ["count >= 20", "count >= 700"]),
        ("4. Tập huấn cộng đồng: 10 lớp.", ["count >= 10"]),
        ("- 24 chuyên mục truyền hình; 200 buổi lưu động.", ["count >= 24", "count >= 200"]),
        ("- Huấn luyện nghiệp vụ cho 6.000 người.", ["count >= 6000"]),
        ("- Hỗ trợ bao bì cho 40 sản phẩm.", ["count >= 40"]),
        ("- Khám cho 900 lượt người, trong đó trẻ em 300 lượt.", ["count >= 900", "count >= 300"]),
        ("- Thu hút khách, tổng thu từ du lịch 9.800 tỷ đồng.", ["amount >= 9800"]),
        ("- Cắt giảm 30% thời gian, 20% chi phí thủ tục.", ["change <= -0.3", "change <= -0.2"]),
        ("- Tổ chức ít nhất 02 cuộc đối thoại, 01 ngày hội khởi nghiệp.", ["count >= 2", "count >= 1"]),
        ("- Tổ chức 14 lớp (30 người/lớp), 06 mô hình.", ["count >= 14", "count >= 6"]),
        ("- Xử lý dứt điểm 11/11 điểm đen.", ["count >= 11"]),
    ],
)
def test_work_is_counted_without_its_noun_or_verb_beside_the_number(text: str, expected: list[str]) -> None:
    assert read_work(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "- Vùng thấp: Bao gồm 08 xã ven sông.",
        "- Hỗ trợ nạn nhân tại 04 mô hình một cửa.",
        "- Khi bão mạnh phải sơ tán 420 hộ ven biển.",
        "- Nghị quyết được Hội đồng nhân dân tỉnh thông qua với 52/54 đại biểu.",
        "- Mỗi suất 20 triệu đồng/năm.",
        "- Cơ sở được chứng nhận ISO 22000.",
        "- Học sinh từ lớp 3 đến lớp 12 học ngoại ngữ.",
        "- Gặp mặt ngày 8/3 phụ nữ toàn xã.",
    ],
)
def test_places_scenarios_votes_and_names_are_no_work(text: str) -> None:
    assert read_work(text) == []


def test_work_of_a_section_on_funds_is_proposed_and_its_money_is_not() -> None:
    text = "- Năm 2026: 48,5 tỷ đồng; xây mới 04 nhà văn hóa."
    assert read_work(text, "C. KINH PHÍ VÀ LỘ TRÌNH") == ["count >= 4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Dự trữ lương thực tại chỗ tối thiểu 07 ngày.", ["amount >= 7"]),
        ("- Giảm nghèo: giảm bình quân 1 - 1,5 điểm %/năm.", ["carried >= 1..1.5"]),
        ("- Tổn thất điện giảm còn 3,8% vào năm 2028 và 3,5% vào năm 2030.", ["ratio <= 0.038", "ratio <= 0.035"]),
        ("- Có 1.260 người (trong đó: thuốc tiêm 95, thuốc cấy 15).", ["count >= 1260", "count >= 95", "count >= 15"]),
        ("- Số bác sĩ trên 1 vạn dân: 15 bác sĩ.", ["amount >= 15"]),
        ("- 99,5% số người trong độ tuổi 15 - 60 biết chữ.", ["ratio >= 0.995"]),
        ("- Vốn đăng ký FDI đạt 650 triệu USD.", ["amount >= 650"]),
        ("- Có ít nhất 65% số xã (52/80 xã) đạt chuẩn.", ["ratio >= 0.65", "count >= 52"]),
    ],
)
def test_goals_state_durations_points_parts_and_capital(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


def test_a_day_and_a_month_are_no_part_of_a_population() -> None:
    entries = read_ledger("- Hoàn thành trước 11/11 xã đạt chuẩn, trước ngày 5/9 trường khai giảng.")
    assert "population" not in [entry.reason for entry in entries]


def test_a_heading_that_ends_with_a_year_and_a_letter_with_a_stroke_divide_passages() -> None:
    targets = propose(
        "II. Tầm nhìn đến năm 2035", "90% nhà văn hóa đạt chuẩn.", "1.2. Cụ thể", "a/ Phủ sóng 95% số xã."
    )
    assert [target.place.line for target in targets] == [2, 4]
