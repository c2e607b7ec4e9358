"""The due day of a task from its printed schedule: exact words alone (design.md §5, task)."""

from __future__ import annotations

import pytest

from kpis.plan_import.review.draft.schedules import read_due_day, read_schedule


def read(schedule: str, start_year: int = 2026, end_year: int | None = 2030) -> str:
    return read_due_day(schedule, read_schedule(schedule, start_year, end_year), start_year, end_year)


@pytest.mark.parametrize(
    ("schedule", "due_on"),
    [
        ("Quý II/2026", "2026-06-30"),
        ("Trong quý IV năm 2027.", "2027-12-31"),
        ("Tháng 02/2028", "2028-02-29"),
        ("Hoàn thành trước ngày 15/9/2026", "2026-09-15"),
        ("Trước ngày 30 tháng 6 năm 2026", "2026-06-30"),
        ("Chậm nhất ngày 31/10/2026", "2026-10-31"),
        ("6 tháng đầu năm 2026", "2026-06-30"),
        ("Quý I hằng năm", "31/03"),
        ("Trước ngày 15/11 hằng năm", "15/11"),
        ("Tháng 3 hàng năm", "31/03"),
    ],
)
def test_a_schedule_that_names_a_day_gives_the_last_one(schedule: str, due_on: str) -> None:
    assert read(schedule) == due_on


@pytest.mark.parametrize(
    "schedule",
    [
        "", "Thường xuyên", "Hằng năm", "2026–2030", "Quý II", "15/3", "Trước quý II/2026", "Từ quý II/2026", "Tháng 6",
        "Đến tháng 6/2026", "Quý II/2031", "31/02/2026", "Tháng 13/2026", "Quý II/2026 và các năm tiếp theo",
        "Quý II/2026 (theo kế hoạch của Bộ)", "Quý II hoặc quý III/2026", "Mỗi quý", "Quý V/2026",
    ],
)  # fmt: skip
def test_other_words_give_no_day(schedule: str) -> None:
    assert read(schedule) == ""


def test_a_year_that_is_not_written_is_known_in_a_plan_of_one_year() -> None:
    assert read("Quý II", 2026, 2026) == "2026-06-30"
    assert read("15/3", 2026, 2026) == "2026-03-15"
    assert read("Quý II", 2026, None) == ""
