"""Milestones: what a goals section wants done without a number."""

from __future__ import annotations

from kpis.plan_import.proposals import propose_targets
from tests.plan_import.proposals.small_document import BODY, list_milestones, outline


def _titles(*texts: str, titles: tuple[str, ...] = ("2. Mục tiêu cụ thể",)) -> list[str]:
    return [milestone.title for milestone in list_milestones(*texts, titles=titles)]


def test_a_clause_of_the_specific_goals_without_a_number_is_a_milestone() -> None:
    assert _titles("- Thành lập tổ hòa giải tranh chấp tiêu dùng.") == ["Thành lập tổ hòa giải tranh chấp tiêu dùng"]


def test_the_general_objective_and_other_sections_hold_none() -> None:
    text = "- Thành lập tổ hòa giải tranh chấp tiêu dùng."
    assert _titles(text, titles=("II. MỤC TIÊU", "1. Mục tiêu chung")) == []
    assert _titles(text, titles=BODY) == []


def test_a_semicolon_ends_one_milestone_and_a_verb_begins_the_next() -> None:
    text = (
        "- Hoàn thiện hệ thống cơ quan quản lý; vận động thành lập mạng lưới tại các xã; các đơn vị khác theo quy định."
    )
    assert _titles(text) == ["Hoàn thiện hệ thống cơ quan quản lý", "vận động thành lập mạng lưới tại các xã"]


def test_what_stands_before_and_behind_a_number_may_be_a_milestone() -> None:
    assert _titles("- Xây dựng chuyên mục về người tiêu dùng và đăng tải ít nhất 10 tin bài.") == [
        "Xây dựng chuyên mục về người tiêu dùng"
    ]
    assert _titles("- 100% cơ quan được kết nối với cơ sở dữ liệu, đồng thời tích hợp với tổng đài tư vấn.") == [
        "tích hợp với tổng đài tư vấn"
    ]
    assert _titles("- 100% cơ quan và hội được kết nối với cơ sở dữ liệu.") == []


def test_headings_intros_and_notes_are_no_milestones() -> None:
    heading, intro, note = (
        "a) Về thể chế và chính sách",
        "Phấn đấu đạt các kết quả sau:",
        "¹ Trong Kế hoạch này, cụm từ được hiểu như sau.",
    )
    blocks = outline(heading, intro, note, titles=("2. Mục tiêu cụ thể",))
    child = outline("- Đề xuất giải pháp hoàn thiện khung pháp lý.", titles=("2. Mục tiêu cụ thể", heading))[0]
    moved = type(child)(type(child.block)(3, child.block.text, lines=(4,)), child.section, child.titles, child.zone)
    _, milestones, _ = propose_targets([*blocks, moved])
    assert [milestone.title for milestone in milestones] == ["Đề xuất giải pháp hoàn thiện khung pháp lý"]


def test_a_milestone_has_the_year_or_the_period_that_its_clause_states() -> None:
    yearly, dated = list_milestones(
        "- Hằng năm, thực hiện các báo cáo về chính sách.",
        "- Hoàn thành cơ sở dữ liệu người tiêu dùng trước năm 2030.",
        titles=("2. Mục tiêu cụ thể",),
    )
    assert (yearly.recurrence, yearly.by_year) == ("yearly", None)
    assert (dated.recurrence, dated.by_year) == ("by_end", 2029)


def test_lists_with_numbers_are_goals_where_a_text_has_lost_its_headings() -> None:
    outlined = []
    for heading, lines in {
        "a) Về thể chế": ["- Đề xuất giải pháp hoàn thiện khung pháp lý."],
        "b) Về tuyên truyền": ["- Hằng năm, tổ chức ít nhất 02 sự kiện.", "- Đăng tải ít nhất 50 tin bài hằng năm."],
        "c) Về năng lực": ["- 100% cán bộ được tham gia tập huấn."],
    }.items():
        outlined += outline(*lines, titles=("3. Quan điểm", heading), zone="body")
    renumbered = [
        type(item)(type(item.block)(index, item.block.text, lines=(index + 1,)), item.section, item.titles, item.zone)
        for index, item in enumerate(outlined)
    ]
    _, milestones, _ = propose_targets(renumbered)
    assert [milestone.title for milestone in milestones] == ["Đề xuất giải pháp hoàn thiện khung pháp lý"]
