"""Targets of prose: value, comparator, measure, period and stages of what a clause promises."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bench.plan_import_speed import build_paragraphs, build_sentences, build_unmarked
from kpis.plan_import.proposals import propose_targets
from tests.plan_import.proposals.small_document import BODY, GOALS, outline, propose, read_ledger, summarise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 100% xã, phường có cán bộ phụ trách.", ["ratio >= 1"]),
        ("- Trên 80 % hộ dân dùng nước sạch.", ["ratio > 0.8"]),
        ("- Tỷ lệ hộ dân có điện đạt 99,86%.", ["ratio >= 0.9986"]),
        ("- Một trăm phần trăm cơ sở ký cam kết.", ["ratio >= 1"]),
        ("- Tỷ lệ lấp đầy đạt 60-70%.", ["ratio >= 0.6..0.7"]),
        ("- Từ 90% đến 95% cán bộ được tập huấn.", ["ratio >= 0.9..0.95"]),
        ("- Bảo đảm 85 % trở lên số hộ được phổ biến.", ["ratio >= 0.85"]),
        ("- Giảm tỷ lệ hộ nghèo xuống dưới 3%.", ["ratio < 0.03"]),
        ("- Tỷ lệ hộ nghèo đến cuối năm 2030 còn 1,5%.", ["ratio <= 0.015"]),
        ("- Tỷ lệ vi phạm không quá 5%.", ["ratio <= 0.05"]),
        ("- Tỷ lệ che phủ rừng duy trì ở mức 60%.", ["ratio = 0.6"]),
        ("- Tăng tỷ lệ lao động qua đào tạo lên 75%.", ["ratio >= 0.75"]),
        ("- Tổ chức ít nhất01 hội nghị.", ["count >= 1"]),
        ("- Tổ chức tối thiểu hai lớp tập huấn.", ["count >= 2"]),
        ("- Đào tạo 3.000 lượt cán bộ.", ["count >= 3000"]),
        ("- Thu hút từ 03-05 dự án.", ["count >= 3..5"]),
        ("- Xây dựng 12 mô hình trở lên.", ["count >= 12"]),
        ("- Phát triển khoảng 85 hợp tác xã và 6.600 tổ hợp tác.", ["count ~ 85", "count ~ 6600"]),
        ("- Kim ngạch xuất khẩu đạt trên 48,3 triệu USD.", ["amount > 48.3"]),
        ("- Thu nhập bình quân đầu người đạt 120 triệu đồng/người/năm.", ["amount >= 120"]),
        ("- Diện tích sàn nhà ở bình quân đầu người là 32 m2/người.", ["amount >= 32"]),
        ("- Tỷ suất tử vong mẹ dưới 16 người/100.000 dân.", ["amount < 16"]),
        ("- Thuộc top 10 cả nước về chuyển đổi số.", ["carried <= 10"]),
        ("- Số vụ vi phạm được phát hiện hằng năm tăng trên 03%.", ["change > 0.03"]),
        ("- Giảm ít nhất 50% số cặp tảo hôn.", ["change <= -0.5"]),
        ("- Cắt giảm trên 30% thời gian giải quyết.", ["change < -0.3"]),
        ("- Giá trị sản xuất tăng bình quân 10 - 13 %/năm.", ["carried >= 10..13"]),
    ],
)
def test_a_promise_is_read_with_value_comparator_and_measure(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("- Kim ngạch xuất khẩu đạt 400 triệu USD.", "triệu USD"),
        ("- Đón 02 nghìn lượt khách.", "nghìn lượt khách"),
        ("- Trồng mới 500 ha rừng.", "ha rừng"),
        ("- 95% số hộ có nước sạch.", "%"),
        ("- Giá trị tăng bình quân 8%/năm.", "%/năm"),
        ("- Tổ chức 03 đợt kiểm tra vệ sinh an toàn thực phẩm tại các chợ đầu mối.", "đợt"),
        ("- Mở 20 lớp bồi dưỡng kỹ năng quản lý chợ cho cán bộ.", "lớp"),
        ("- Có 12 sản phẩm OCOP được công nhận.", "sản phẩm OCOP"),
        ("- Doanh thu đạt 90 tỷ đồng nhờ mở rộng thị trường.", "tỷ đồng"),
    ],
)
def test_a_unit_is_printed_multiplied_and_never_cut_within_a_word(text: str, unit: str) -> None:
    assert [target.unit for target in propose(text)] == [unit]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Chỉ số hài lòng thuộc nhóm 8 tỉnh, thành phố dẫn đầu cả nước.", ["carried <= 8"]),
        ("- Năng lực cạnh tranh nằm trong 12 địa phương đứng đầu, phấn đấu vươn lên vị trí thứ 9.",
         ["carried <= 12", "carried <= 9"]),
        ("- Đoàn thể thao tỉnh xếp từ thứ 20 đến thứ 24 toàn đoàn.", ["carried <= 20..24"]),
        ("- Xếp hạng 14 di tích cấp tỉnh.", ["count >= 14"]),
        ("- Hội nghị họp từ thứ 2 đến thứ 6 hằng tuần.", []),
    ],
)  # fmt: skip
def test_a_rank_is_carried_and_at_most(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Không quá 30 trẻ/lớp ở mầm non và 40 học sinh/lớp ở tiểu học.", ["amount <= 30", "amount >= 40"]),
        ("- Không quá 30 học sinh/lớp ở vùng cao và 40 học sinh/lớp ở phường.", ["amount <= 30", "amount <= 40"]),
        ("- Thất thoát nước dưới 9% ở phường và 12% ở xã.", ["ratio < 0.09", "ratio < 0.12"]),
        ("- Tỷ lệ hộ nghèo dưới 2% và 95% hộ có nước sạch.", ["ratio < 0.02", "ratio >= 0.95"]),
        (
            "- Giờ làm việc nhà giảm còn 1,9 lần vào năm 2028 và 1,5 lần vào năm 2030.",
            ["amount <= 1.9", "amount <= 1.5"],
        ),
        ("- Tỷ lệ trẻ em hộ nghèo được đến trường đạt 97%.", ["ratio >= 0.97"]),
        ("- Tỷ lệ hộ nghèo ở các xã vùng cao đạt 4%.", ["ratio <= 0.04"]),
    ],
)
def test_a_ceiling_holds_for_what_is_joined_to_it_in_the_same_unit(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('- Mỗi thôn lập "Tổ tự quản", mỗi bản có ít nhất 03 "Điểm sáng".', ["coverage >= 1"]),
        ("- Có từ 140 hợp tác xã trở lên, trong đó 20% có nữ làm chủ.", ["count >= 140", "ratio >= 0.2"]),
        ("- Thời gian lưu trú bình quân đạt 2,4 ngày.", ["amount >= 2.4"]),
        ("- Thu ngân sách trên địa bàn: 13,5 tỷ đồng.", ["amount >= 13.5"]),
        ("- Tổng vốn đầu tư thực hiện trên địa bàn đạt 142 nghìn tỷ đồng.", ["amount >= 142"]),
        ("- Thu cân đối ngân sách nhà nước đạt 58.500 tỷ đồng.", ["amount >= 58500"]),
        ("- Hằng tháng tổ chức 01 ngày chủ nhật xanh theo mô hình 3 lớp và quy tắc 1 phải 5 giảm.", ["count >= 1"]),
        ("- Tỉnh nằm trong nhóm 20 địa phương xếp hạng A.", ["carried <= 20"]),
        ("- Kết nạp đảng viên trong doanh nghiệp ít nhất 350 đồng chí.", ["count >= 350"]),
        ("- Trên 92% đảng viên được xếp loại hoàn thành tốt nhiệm vụ trở lên.", ["ratio > 0.92"]),
        ("3- 100% chi bộ sinh hoạt đúng định kỳ.", ["ratio >= 1"]),
        ("- Rà soát, điều chỉnh quy hoạch 3 loại rừng.", []),
        ("- Xây dựng 03 khu lâm nghiệp công nghệ cao; 12 vườn ươm giống.", ["count >= 3", "count >= 12"]),
        ("- Tỷ lệ lao động qua đào tạo tăng thêm 6 điểm phần trăm.", ["carried >= 6"]),
    ],
)
def test_goals_are_read_whatever_stands_around_their_numbers(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


def test_trap_on_four_kinds_of_press_is_not_more_than_four() -> None:
    assert propose("- Đẩy mạnh tuyên truyền trên 4 loại hình báo chí.") == ()
    assert [summarise(target) for target in propose("- Trên 4 xã đạt chuẩn nông thôn mới.")] == ["count > 4"]
    text = "- Cung cấp thông tin theo chuỗi trên ít nhất 01 nền tảng xã hội."
    assert [summarise(target) for target in propose(text)] == ["count >= 1"]


@pytest.mark.parametrize(
    ("text", "baseline", "expected"),
    [
        ("- Giảm số ca tử vong từ 23 ca xuống 18 ca.", "23", "count <= 18"),
        ("- Nâng thu nhập một lao động từ 7 triệu năm 2025 lên 14 triệu vào năm 2030.", "7", "amount >= 14"),
        ("- Tỷ lệ qua đào tạo tăng từ 45% lên 60%.", "45", "ratio >= 0.6"),
    ],
)
def test_trap_the_baseline_of_a_change_is_not_the_target(text: str, baseline: str, expected: str) -> None:
    assert [summarise(target) for target in propose(text)] == [expected]
    assert [entry.text for entry in read_ledger(text) if entry.reason == "baseline"] == [baseline]


@pytest.mark.parametrize(
    ("text", "baseline", "year"),
    [
        ("- Tỷ lệ hộ có nước sạch tăng từ 62% năm 2025 lên 80% vào năm 2030.", "0.62", 2025),
        ("- Giảm số ca tử vong từ 23 xuống 18 ca.", "23", None),
        ("- Tỷ lệ hồ sơ trực tuyến đạt 60%, so với năm 2025 (đạt 41,5%).", "0.415", 2025),
        ("- Giảm 20% số vụ cháy so với năm 2025 (10 vụ).", "10", 2025),
        ("- 80% đèn đường dùng LED (hiện trạng 2025: 55%).", "0.55", 2025),
        ("- Có 30 xã đạt chuẩn (hiện có 12 xã).", "12", None),
        ("- Kim ngạch đến năm 2030 đạt 26 tỷ USD (năm 2025: 14,8 tỷ USD).", "14.8", 2025),
        ("- Doanh thu tăng 12% so với năm 2025.", None, None),
        ("- Số người hưởng lợi tăng 12% so với mức 40% năm 2025.", None, None),
        ("- Đến năm 2028 đạt 50% (năm 2029: 55%).", None, None),
    ],
)
def test_the_figure_of_the_past_beside_a_promise_is_its_baseline(
    text: str, baseline: str | None, year: int | None
) -> None:
    target = propose(text)[0]
    assert (target.baseline, target.baseline_year) == (None if baseline is None else Decimal(baseline), year)


def test_how_often_stands_with_its_own_number_in_brackets() -> None:
    targets = propose("- Xây dựng 60 cầu dân sinh (bình quân 12 cầu/năm), thay thế 25 cầu treo.")
    assert [(target.floor, target.recurrence) for target in targets] == [
        (Decimal(60), "by_end"), (Decimal(12), "yearly"), (Decimal(25), "by_end"),
    ]  # fmt: skip


def test_a_year_before_the_plan_in_brackets_tells_what_has_been() -> None:
    blocks = outline("- Có 200 doanh nghiệp đủ năng lực (năm 2025 có 96 doanh nghiệp).", titles=GOALS[:1])
    (target,) = propose_targets(blocks, 2026)[0]
    assert (target.floor, target.baseline, target.baseline_year, target.by_year) == (
        Decimal(200), Decimal(96), 2025, None,
    )  # fmt: skip


def test_nothing_is_due_before_the_plan_begins() -> None:
    blocks = outline("- Tỷ lệ hộ có điện năm 2025 đạt 40%, năm 2028 đạt 60%.", titles=GOALS[:1])
    assert [target.by_year for target in propose_targets(blocks, 2026)[0]] == [None, 2028]


def test_two_figures_of_the_past_belong_to_the_promise_before_and_to_the_one_behind() -> None:
    text = "- Giảm 30% số vụ so với năm 2025 (120 vụ), số người chết giảm từ 40 người xuống 25 người."
    assert [target.baseline for target in propose(text)] == [Decimal(120), Decimal(40)]


def test_what_is_measured_stands_before_the_figure_of_the_past() -> None:
    targets = propose("- Tỷ lệ hộ có nước sạch tăng từ 62% lên 80%; có 30 xã đạt chuẩn (hiện có 12 xã).")
    assert [target.indicator for target in targets] == ["Tỷ lệ hộ có nước sạch tăng", "xã đạt chuẩn"]


def test_trap_parts_of_words_compare_nothing() -> None:
    text = "- Cơ quan nhà nước của tỉnh phấn đấu có 12 tin, bài."
    assert [summarise(target) for target in propose(text)] == ["count >= 12"]


def test_trap_a_grouped_number_at_the_start_is_no_section() -> None:
    text = "3.000 lượt người được tập huấn"
    assert [summarise(target) for target in propose(text)] == ["count >= 3000"]


def test_trap_two_years_of_one_plan_are_stages_of_one_promise() -> None:
    text = (
        "- Số xã có tổ tư vấn: đến năm 2028 ít nhất 50 % số xã có tổ tư vấn; đến năm 2030 đạt 100 % số xã có tổ tư vấn."
    )
    first, second = propose(text)
    assert (first.floor, first.by_year) == (Decimal("0.5"), 2028)
    assert (second.floor, second.by_year) == (Decimal(1), 2030)
    assert first.group == second.group is not None


def test_trap_what_each_member_must_reach_is_one_coverage() -> None:
    text = "- 100 % xã, phường mỗi quý có ít nhất 04 tin, bài về bảo vệ người tiêu dùng."
    (target,) = propose(text)
    assert summarise(target) == "coverage >= 1"
    assert (target.each, target.recurrence) == (4, "quarterly")
    assert [entry.outcome for entry in read_ledger(text)] == ["proposed", "proposed"]


@pytest.mark.parametrize(
    "text",
    [
        "- Mức hỗ trợ tối đa 8 triệu đồng/hộ, lãi suất 3%/năm.",
        "- Ngân sách tỉnh hỗ trợ 70%, còn lại do người dân đóng góp.",
        "- Đơn vị đạt tỷ lệ 100% cộng 05 điểm.",
    ],
)
def test_trap_percentages_that_promise_nothing_are_left_over(text: str) -> None:
    assert propose(text, titles=("IV. KINH PHÍ THỰC HIỆN",), zone="body") == ()
    assert "left_over" in {
        entry.outcome for entry in read_ledger(text, titles=("IV. KINH PHÍ THỰC HIỆN",), zone="body")
    }


def test_trap_a_range_that_a_page_broke_is_read_as_one() -> None:
    (target,) = propose("- Giá trị đến năm 2030 tốc độ tăng bình quân 05", "- 06%/năm. Thị trường: EU.")
    assert (target.floor, target.stretch, target.measure) == (Decimal(5), Decimal(6), "carried")


def test_trap_before_a_year_is_by_the_year_before() -> None:
    (target,) = propose("- Hoàn thành 03 tuyến đường trước năm 2030.", titles=("1. Mục tiêu",))
    assert target.by_year == 2029
    (target,) = propose("- Hoàn thành 03 tuyến đường trước ngày 30/9/2028.", titles=("1. Mục tiêu",))
    assert target.by_year == 2028


@pytest.mark.parametrize(
    ("text", "titles", "recurrence", "by_year"),
    [
        ("- Hằng năm, tổ chức ít nhất 02 lớp.", ("1. Mục tiêu đến năm 2030",), "yearly", None),
        ("- Tổ chức ít nhất 02 hội nghị, lớp tập huấn/năm cho cán bộ.", ("1. Mục tiêu",), "yearly", None),
        ("- Xây dựng chuyên mục; mỗi quý, đăng ít nhất 05 tin.", ("1. Mục tiêu",), "quarterly", None),
        ("- Mỗi tháng 01 chuyên đề.", ("1. Mục tiêu",), "monthly", None),
        ("- 90% số xã đạt chuẩn.", ("II. Mục tiêu", "- Giai đoạn 2025-2027"), "by_end", 2027),
        ("- 90% người hưởng trợ cấp hằng tháng có tài khoản.", ("1. Mục tiêu",), None, None),
        ("- Có 4 phòng học vào năm 2028.", ("1. Mục tiêu đến năm 2030",), "by_end", 2028),
    ],
)
def test_the_period_is_the_clauses_own_else_of_the_heading_above(
    text: str, titles: tuple[str, ...], recurrence: str | None, by_year: int | None
) -> None:
    (target,) = propose(text, titles=titles)
    assert (target.recurrence, target.by_year) == (recurrence, by_year)


def test_a_year_behind_its_number_is_not_the_next_numbers_year() -> None:
    first, second = propose("+ Số phòng mỗi căn hộ: 4 phòng/căn hộ vào năm 2028 và 3 phòng/căn hộ vào năm 2030.")
    assert [(target.floor, target.by_year) for target in (first, second)] == [(Decimal(4), 2028), (Decimal(3), 2030)]
    assert first.group == second.group is not None


def test_a_promise_of_each_member_is_a_coverage() -> None:
    (target,) = propose("- Mỗi xã, phường thành lập ít nhất 02 tổ công nghệ số.")
    assert (summarise(target), target.each) == ("coverage >= 1", 2)


def test_all_without_a_digit_is_a_ratio_of_one() -> None:
    (target,) = propose("- Toàn bộ cơ sở kinh doanh được kiểm tra.")
    assert summarise(target) == "ratio >= 1"
    assert propose("- Toàn bộ cơ sở kinh doanh được kiểm tra.", titles=BODY, zone="body") == ()


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("- Phấn đấu 90% số xã đạt chuẩn.", "aspirational"),
        ("- Dự kiến thu hút 05 dự án.", "tentative"),
        ("- Tổ chức ít nhất 01 đợt kiểm tra (nếu có yêu cầu).", "conditional"),
        ("- Tổ chức ít nhất 01 hội nghị.", "binding"),
    ],
)
def test_the_force_is_the_clauses_own(text: str, force: str) -> None:
    assert [target.force for target in propose(text)] == [force]


def test_a_target_carries_its_clause_and_its_place() -> None:
    text = "- Mở rộng mạng lưới; bảo đảm 90% khiếu nại được giải quyết; ban hành quy chế."
    (target,) = propose("Lời dẫn.", text)
    assert target.quote == "bảo đảm 90% khiếu nại được giải quyết;"
    assert (target.place.section, target.place.line, target.place.block) == ("II.2", 2, 1)
    assert target.indicator == "khiếu nại được giải quyết"


def test_every_promise_of_a_plan_of_twenty_pages_is_proposed() -> None:
    targets, _, ledger = propose_targets(build_paragraphs(200))
    assert len(targets) == 800
    assert {entry.outcome for entry in ledger} == {"proposed", "masked"}


@pytest.mark.parametrize(
    "text",
    [
        "1. Phát triển kinh tế số (16 mục tiêu)",
        "- Triển khai đồng bộ 08 nhóm giải pháp.",
        "- Hiện nay, toàn tỉnh có khoảng 180 trạm phát sóng.",
        "- Đẩy mạnh truyền thông về chuyển đổi số trên 04 loại hình báo chí.",
        "- Đối với một số ngành có tỷ lệ nữ dưới 30% thì điều chỉnh cho phù hợp.",
    ],
)
def test_what_a_plan_counts_of_itself_or_of_today_promises_nothing(text: str) -> None:
    assert propose(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("+ Lắp đặt mới trạm phát sóng: 58 trạm (VNPT: 25 trạm), nâng tổng số trạm: 188 trạm.", [58, 188]),
        ("- Phấn đấu tối thiểu 60 xã có hội; 40 xã có tổ hòa giải.", [60, 40]),
        ("- Hằng năm 01 hội nghị xúc tiến, 02 hội thảo khoa học.", [1, 2]),
        ("- Phấn đấu tỷ lệ giải ngân vốn đạt 95% kế hoạch.", [Decimal("0.95")]),
    ],
)
def test_counts_behind_a_colon_or_in_a_list_are_promises_too(text: str, values: list[Decimal]) -> None:
    assert [target.floor for target in propose(text, titles=BODY, zone="body")] == values


@pytest.mark.parametrize(
    "text",
    [
        "- Quan trắc nước với tần suất 2 lần/tháng.",
        "- Hỗ trợ nhà máy 60.000 tấn/năm vận hành thương mại.",
        "- Vùng nuôi có từ 10 ha trở lên đối với nuôi thâm canh.",
        "- Cấp hóa chất Chlorine 70%, máy phun cho các xã.",
        "- Hoàn thiện bộ chỉ số của Đề án 06 phục vụ điều hành.",
        "3 đợt/năm",
    ],
)
def test_sizes_classes_and_frequencies_of_a_body_promise_nothing(text: str) -> None:
    assert propose(text, titles=BODY, zone="body") == ()


def test_more_than_the_complete_number_is_carried_with_its_own_figure() -> None:
    (target,) = propose("- Thu ngân sách đạt 120% kế hoạch.")
    assert summarise(target) == "carried >= 120"


def test_a_number_of_a_persons_share_is_part_of_the_ratio() -> None:
    text = "- 70% phụ nữ mang thai được tầm soát ít nhất 4 loại bệnh."
    (target,) = propose(text)
    assert (summarise(target), target.each) == ("ratio >= 0.7", None)
    assert [entry.outcome for entry in read_ledger(text)] == ["proposed", "proposed"]


def test_a_bullet_behind_a_heading_with_a_year_is_no_range() -> None:
    (target,) = propose("b) Đến năm 2030", "- 100% dự án áp dụng công nghệ số.")
    assert (summarise(target), target.place.line) == ("ratio >= 1", 2)


def test_a_label_and_the_line_below_it_are_one_passage() -> None:
    (target,) = propose("- Sản phẩm trái cây:", "Tổng sản lượng đến năm 2030 đạt trên 46.200 tấn.")
    assert (summarise(target), target.place.line) == ("count > 46200", 1)


def test_a_year_of_the_clause_itself_is_stronger_than_the_period_of_its_sentence() -> None:
    (target,) = propose("- Hằng năm, giảm số người vi phạm; phấn đấu đến năm 2030 đạt ít nhất 50% số xã không vi phạm.")
    assert (target.recurrence, target.by_year) == ("by_end", 2030)


@pytest.mark.parametrize(
    ("titles", "by_year"),
    [
        (("II. MỤC TIÊU ĐẾN NĂM 2030, TẦM NHÌN ĐẾN NĂM 2045",), 2030),
        (("II. MỤC TIÊU", "2.2. Định hướng đến năm 2035"), 2035),
        (("II. MỤC TIÊU GIAI ĐOẠN 2026 - 2030", "- Giai đoạn 2026 - 2028"), 2028),
    ],
)
def test_a_vision_is_no_due_year_unless_the_heading_has_no_other(titles: tuple[str, ...], by_year: int) -> None:
    assert [target.by_year for target in propose("+ 90% số xã đạt chuẩn.", titles=titles)] == [by_year]


def test_an_intro_is_nearer_than_a_heading() -> None:
    (target,) = propose("Phấn đấu đến hết năm 2028:", "- 90% số xã đạt chuẩn.", titles=("II. Mục tiêu đến năm 2030",))
    assert target.by_year == 2028


def test_a_year_in_brackets_tells_where_things_stand_and_several_are_stages() -> None:
    (target,) = propose("- Tỷ lệ hộ có nước sạch đạt 95% (năm 2024: 80%).")
    assert target.floor == Decimal("0.95")
    targets = propose("- Trồng mới 6.000 ha (năm 2027 trồng 2.500 ha; năm 2028 trồng 3.500 ha).")
    assert [(target.floor, target.by_year) for target in targets][1:] == [(Decimal(2500), 2027), (Decimal(3500), 2028)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Kế hoạch đặt mục tiêu đến năm 2028 có 96% cơ sở đạt chuẩn. Bên cạnh đó, 90% xã đạt chuẩn.", [2028, 2028]),
        ("- Nâng thu nhập từ 7 triệu đồng năm 2025 lên 14 triệu đồng vào năm 2030.", [2030]),
        ("- Tăng trưởng đạt 8% trở lên, quy mô năm 2027 đạt 500 tỷ đồng.", [None, 2027]),
        ("- Thuộc nhóm 4 nước dẫn đầu khu vực và nhóm 70 nước dẫn đầu thế giới vào năm 2028.", [2028, 2028]),
    ],
)
def test_each_value_has_the_year_that_its_sentence_gives_it(text: str, years: list[int | None]) -> None:
    assert [target.by_year for target in propose(text, titles=("1. Mục tiêu",))] == years


def test_a_period_at_the_end_of_a_clause_is_its_own() -> None:
    (target,) = propose("- Phấn đấu 100% giáo viên được bồi dưỡng chuyên môn, nghiệp vụ hằng năm.")
    assert (target.recurrence, target.by_year) == ("yearly", None)
    value, growth = propose("- Giá trị đến năm 2030 đạt 10 triệu USD, tốc độ tăng bình quân 08 - 09%/năm.")
    assert (value.recurrence, value.by_year, growth.recurrence) == ("by_end", 2030, "yearly")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Không để xảy ra trên 02 vụ ngộ độc tập thể/năm.", ["count <= 2"]),
        ("- Phấn đấu có 15/20 xã đạt chuẩn nông thôn mới.", ["count >= 15"]),
        ("- Số giường bệnh/10.000 dân đạt 35 giường.", ["amount >= 35"]),
        ("- Ít nhất 80% dịch vụ công trực tuyến mức độ 3, 4 được tích hợp.", ["ratio >= 0.8"]),
        ("- Ít nhất 05 sản phẩm đạt 5 sao.", ["count >= 5"]),
        ("- Thời gian giải quyết thủ tục rút ngắn còn 05 ngày làm việc.", ["amount <= 5"]),
        ("- Kinh phí thực hiện: ngân sách tỉnh 60%, xã hội hóa 40%.", []),
        ("- Trên 4 loại hình báo chí đăng tải ít nhất 100 tin/năm.", ["count >= 100"]),
    ],
)
def test_a_bound_a_population_and_a_grade_are_told_from_the_promise(text: str, expected: list[str]) -> None:
    assert [summarise(target) for target in propose(text)] == expected


def test_a_year_in_brackets_is_left_for_the_reviewer() -> None:
    entries = read_ledger("- Tỷ lệ hộ có nước sạch đạt 95% (năm 2024: 80%).")
    assert [(entry.text, entry.outcome) for entry in entries if entry.reason is None] == [
        ("95", "proposed"),
        ("80", "left_over"),
    ]


def test_growth_by_a_factor_is_carried_and_a_part_in_words_is_no_number() -> None:
    (target,) = propose("- Kim ngạch xuất khẩu tăng gấp 1,5 lần so với năm 2025.")
    assert summarise(target) == "carried >= 1.5"
    assert propose("- Có ít nhất một phần ba số hộ tham gia.") == ()


def test_all_there_are_is_masked_as_the_population() -> None:
    entries = read_ledger("- Phấn đấu có 15/20 xã đạt chuẩn.")
    assert [(entry.text, entry.reason) for entry in entries] == [("15", None), ("20", "population")]
    assert [target.indicator for target in propose("- Phấn đấu có 15/20 xã đạt chuẩn.")] == ["xã đạt chuẩn"]


def test_every_promise_of_a_text_without_marks_is_proposed() -> None:
    targets, _, _ = propose_targets(build_unmarked(100))
    assert len(targets) == 200
    targets, _, _ = propose_targets(build_sentences(100))
    assert len(targets) == 200
    assert [target.baseline for target in targets[:4]] == [Decimal("0.7"), None, Decimal("0.7"), None]
