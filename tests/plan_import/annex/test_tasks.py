"""Tasks of annexes, whatever became of their tables."""

from __future__ import annotations

import pytest

from kpis.plan_import.annex.tasks import propose_tasks
from kpis.plan_import.model import ProposedTask
from tests.plan_import.outlining import outline_text

HEADER = "TT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian thực hiện\tSản phẩm"


def _propose(*lines: str) -> tuple[ProposedTask, ...]:
    return propose_tasks(outline_text("\n".join(["PHỤ LỤC", "", *lines])))


def test_rows_below_their_sections_become_tasks_with_roles_schedule_and_output() -> None:
    first, second = _propose(
        HEADER,
        "I\tHạ tầng\t\t\t\t",
        "1\tXây chợ\tSở Công Thương\tSở Tài chính; UBND các xã, phường\tQuý IV/2026\tChợ đạt chuẩn",
        "II. ĐÀO TẠO\t\t\t\t\t",
        "1\tMở lớp\tSở Nội vụ, Sở Y tế\t-\t\t",
    )
    assert (first.section, first.number, first.title) == ("I", "1", "Xây chợ")
    assert (first.leads, first.coordinators) == (("Sở Công Thương",), ("Sở Tài chính", "UBND các xã, phường"))
    assert (first.schedule, first.output, first.place.line) == ("Quý IV/2026", "Chợ đạt chuẩn", 5)
    assert (second.section, second.number, second.leads) == ("II", "1", ("Sở Nội vụ", "Sở Y tế"))
    assert (second.coordinators, second.schedule, second.output) == ((), None, None)


def test_a_second_header_row_says_which_agencies_lead() -> None:
    (task,) = _propose(
        "TT\tNội dung\tCơ quan thực hiện\t",
        "\t\tĐơn vị chủ trì\tĐơn vị phối hợp",
        "1\tXây chợ\tSở Công Thương\tSở Y tế",
    )
    assert (task.leads, task.coordinators) == (("Sở Công Thương",), ("Sở Y tế",))


def test_a_row_that_a_page_broke_is_joined_and_the_header_is_not_read_again() -> None:
    header = "STT\tNhiệm vụ\tChủ trì\tPhối hợp"
    first, second = _propose(
        header,
        "1\tXây chợ ở các xã vùng\tSở Công Thương\tSở Tài chính; Sở Khoa học và",
        "",
        header,
        "\tcao của tỉnh\t\tCông nghệ",
        "2\tMở lớp\tSở Nội vụ\t",
    )
    assert first.title == "Xây chợ ở các xã vùng cao của tỉnh"
    assert first.coordinators == ("Sở Tài chính", "Sở Khoa học và Công nghệ")
    assert second.number == "2"


def test_a_table_behind_a_page_goes_on_without_its_header() -> None:
    assert [task.number for task in _propose(HEADER, "1\tXây chợ\tSở A\t\t\t", "", "2\tMở lớp\tSở B\t\t\t")] == [
        "1",
        "2",
    ]


def test_both_roles_and_the_number_may_stand_in_one_cell() -> None:
    (task,) = _propose(
        "Nội dung\tPhân công nhiệm vụ\tTiến độ",
        "3. Xây dựng mạng lưới chợ: khảo sát, lập hồ sơ từng chợ\tChủ trì: Sở Công Thương. Phối hợp: Sở Y tế, "
        "doanh nghiệp.\t2027",
    )
    assert (task.number, task.title) == ("3", "Xây dựng mạng lưới chợ")
    assert (task.leads, task.coordinators) == (("Sở Công Thương",), ("Sở Y tế", "doanh nghiệp"))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Cơ quan thực hiện", "Sở Xây dựng (chủ trì); Sở Y tế, UBND các xã (phối hợp)"),
        ("Cơ quan thực hiện", "Sở Xây dựng chủ trì, phối hợp với Sở Y tế, UBND các xã"),
        ("Phân công thực hiện", "Sở Xây dựng chủ trì; Sở Y tế, UBND các xã phối hợp"),
        ("Chủ trì/Phối hợp", "Sở Xây dựng / Sở Y tế, UBND các xã"),
        ("Đơn vị thực hiện", "- Chủ trì: Sở Xây dựng; - Phối hợp: Sở Y tế, UBND các xã."),
    ],
)
def test_roles_in_one_cell_are_divided_by_the_words_before_or_behind_the_names(title: str, cell: str) -> None:
    (task,) = _propose(f"TT\tNhiệm vụ\t{title}\tThời gian", f"1\tXây chợ\t{cell}\t2027")
    assert (task.leads, task.coordinators) == (("Sở Xây dựng",), ("Sở Y tế", "UBND các xã"))


def test_names_of_one_cell_without_words_of_roles_all_lead() -> None:
    (task,) = _propose("TT\tNhiệm vụ\tCơ quan thực hiện\tThời gian", "1\tXây chợ\tSở Xây dựng / Sở Y tế\t2027")
    assert (task.leads, task.coordinators) == (("Sở Xây dựng / Sở Y tế",), ())


def test_a_number_with_one_text_over_all_columns_heads_a_group() -> None:
    tasks = _propose(HEADER, "\t".join(["1", *["Truyền thông"] * 5]), "1.1\tIn tờ gấp\tSở Y tế\t\t\t")
    assert [(task.section, task.number) for task in tasks] == [("1", "1.1")]


def test_a_letter_without_its_sign_heads_a_group_where_it_is_merged_over_all_columns() -> None:
    tasks = _propose(HEADER, "1\tXây chợ\tSở Y tế\t\t\t", "\t".join(["C Quản lý"] * 6), "2\tThu phí\tSở Y tế\t\t\t")
    assert [(task.section, task.number, task.title) for task in tasks] == [
        (None, "1", "Xây chợ"),
        ("C", "2", "Thu phí"),
    ]


def test_an_unnumbered_row_is_a_task_and_a_repeated_number_is_given_once() -> None:
    tasks = _propose(
        HEADER,
        "1\tXây chợ\tSở A\t\t\t",
        "1\tSửa chợ cũ\tSở B\t\t\t",
        "\tTổng kết\tSở C\t\t\t",
        "Mở lớp cho tiểu thương\tSở D",
    )
    assert [(task.number, task.title, task.leads) for task in tasks] == [
        ("1", "Xây chợ", ("Sở A",)),
        (None, "Sửa chợ cũ", ("Sở B",)),
        (None, "Tổng kết", ("Sở C",)),
        (None, "Mở lớp cho tiểu thương", ("Sở D",)),
    ]


def test_a_table_that_lost_its_lines_is_read_one_cell_a_paragraph() -> None:
    cells = [
        "| TT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp |",
        "| --- | --- | --- | --- |",
        *("Thời gian thực hiện", "1", "Hạ tầng chợ"),
        *("a)", "Xây chợ ở xã", "Sở Công Thương", "Sở Tài chính", "Năm 2026"),
        *("2", "Mở lớp", "Sở Nội vụ", "Sở Y tế", "Hằng năm"),
    ]
    lines = [line for cell in cells for line in ((cell,) if cell.startswith("|") else ("", cell))]
    first, second = _propose(*lines)
    assert (first.section, first.number, first.title, first.schedule) == ("1", "a", "Xây chợ ở xã", "Năm 2026")
    assert (second.section, second.number, second.leads) == (None, "2", ("Sở Nội vụ",))


def test_a_table_of_targets_with_their_leads_is_no_table_of_tasks() -> None:
    assert _propose("TT\tChỉ tiêu\tChủ trì", "1\tCó 12 chợ\tSở Công Thương") == ()


def test_a_number_with_a_text_alone_heads_a_group_if_its_tasks_follow() -> None:
    tasks = _propose(
        HEADER, "1\tHạ tầng\t\t\t\t", "a)\tXây chợ\tSở A\t\t\t", "2\tĐào tạo\t\t\t\t", "2.1\tMở lớp\tSở B\t\t\t"
    )
    assert [(task.section, task.number, task.title) for task in tasks] == [
        ("1", "a", "Xây chợ"),
        ("2", "2.1", "Mở lớp"),
    ]


def test_a_number_with_a_text_alone_is_a_task_if_its_cells_stand_on_the_next_page_or_nowhere() -> None:
    tasks = _propose(
        HEADER,
        "1\tXây chợ ở các xã\t\t\t\t",
        "",
        HEADER,
        "\tvùng cao\tSở A\t\t\t",
        "2\tMở lớp\t\t\t\t",
        "3\tTổng kết\tSở C\t\t\t",
    )
    assert [(task.section, task.number, task.title, task.leads) for task in tasks] == [
        (None, "1", "Xây chợ ở các xã vùng cao", ("Sở A",)),
        (None, "2", "Mở lớp", ()),
        (None, "3", "Tổng kết", ("Sở C",)),
    ]


def test_the_rest_of_a_sections_title_is_no_part_of_the_task_before_it() -> None:
    first, second = _propose(
        HEADER,
        "1\tXây chợ\tSở A\t\t\t",
        "II\tĐào tạo, bồi dưỡng\t\t\t\t",
        "",
        HEADER,
        "\tngười quản lý\t\t\t\t",
        "1\tMở lớp\tSở B\t\t\t",
    )
    assert (first.title, second.section, second.title) == ("Xây chợ", "II", "Mở lớp")


def test_tables_of_goods_money_and_units_are_no_tasks() -> None:
    assert _propose("TT\tNội dung\tĐơn vị tính\tSố lượng", "1\tBàn\tCái\t12") == ()
    assert _propose("TT\tNội dung\tĐơn vị\tSố lượng", "1\tBàn\tCái\t12") == ()
    assert _propose("TT\tNội dung\tKinh phí\tĐơn vị thực hiện", "1\tXây chợ\t1.200\tSở Công Thương") == ()


def test_the_rest_of_a_name_on_the_next_page_belongs_to_the_row_before() -> None:
    (task,) = _propose(HEADER, "1\tXây chợ\tSở Khoa học và\t\t\t", "", HEADER, "\t\tCông nghệ\t\t\t")
    assert task.leads == ("Sở Khoa học và Công nghệ",)
