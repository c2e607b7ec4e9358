"""The shapes that a target may have: what each needs, and what is refused (design.md §3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.errors import RegisterError
from kpis.language.messages import explain
from kpis.register.json_export import export_targets
from kpis.register.load import load_register
from kpis.register.model import Register, Target
from kpis.register.periods import list_periods
from kpis.register.tables import build_tables
from kpis.templates import target_texts
from tests.register.conftest import RegisterFolder

PLAN_FILE = "plans/ha-noi.toml"
TARGET = """
[[target]]
id = "ha-noi.03"
indicator = "{indicator}"
title_vi = "Chỉ tiêu thử"
section = "II"
recurrence = "yearly"
recurrence_basis = "stated"
force = "binding"
lead = "{lead}"
lead_basis = "stated"
{fields}
"""


def load_target(folder: RegisterFolder, fields: str, indicator: str = "public_events") -> tuple[Register, Target]:
    folder.append(PLAN_FILE, TARGET.format(indicator=indicator, lead="Sở Công Thương", fields=fields))
    register = load_register(folder.path)
    return register, register.targets["ha-noi.03"]


def test_an_amount_has_decimals_and_a_rate_does_not_add_up(folder: RegisterFolder) -> None:
    fields = 'measure = "amount"\naccumulation = "level"\nadds_up = false\ncomparator = "<"\nfloor = 3.25'
    register, target = load_target(folder, fields)
    assert (target.measure, target.floor, target.adds_up) == ("amount", Decimal("3.25"), False)
    assert "chỉ tính dòng mới nhất của Sở Công Thương" in target_texts.explain_counting(target)
    row = next(row for row in build_tables(register)["targets"] if row["target"] == "ha-noi.03")
    assert (row["adds_up"], row["each"]) == (False, 1)
    exported = next(row for row in export_targets(register) if row["id"] == "ha-noi.03")
    assert (exported["floor"], exported["adds_up"]) == (3.25, False)


def test_each_member_of_a_roster_has_a_number_of_its_own(folder: RegisterFolder) -> None:
    fields = 'measure = "coverage"\naccumulation = "level"\ncomparator = ">="\nfloor = 1.0\neach = 4\n'
    _, target = load_target(folder, fields + 'roster = ["UBND các xã, phường"]')
    assert (target.each, len(target.roster)) == (4, 126)
    assert "cộng lại đủ 4" in target_texts.explain_counting(target)


def test_a_nested_ratio_says_what_it_counts(folder: RegisterFolder) -> None:
    fields = 'comparator = ">="\nfloor = 0.9\nnumerator_vi = "số hộ có nước sạch"\ndenominator_vi = "số hộ toàn xã"'
    _, target = load_target(folder, fields, "officers_trained")
    assert target_texts.explain_counting(target).startswith("Số lượng là số hộ có nước sạch, Tổng số là số hộ toàn xã.")


def test_a_carried_target_has_no_floor(folder: RegisterFolder) -> None:
    register, target = load_target(folder, 'measure = "carried"')
    assert (target.floor, target.comparator, target_texts.format_floor(target)) == (None, None, "Chỉ ghi nhận")
    periods = [row for row in build_tables(register)["periods"] if row["target"] == "ha-noi.03"]
    assert [row["floor"] for row in periods] == [None, None, None]
    exported = next(row for row in export_targets(register) if row["id"] == "ha-noi.03")
    assert (exported["floor"], exported["comparator"]) == (None, None)


@pytest.mark.parametrize(
    ("fields", "indicator", "key", "reason"),
    [
        ('measure = "carried"\nfloor = 2', "public_events", "floor", "không được chấm"),
        ('measure = "carried"\nstages = [{ year = 2026, floor = 2 }]', "public_events", "stages", "không được chấm"),
        ('comparator = ">="\nfloor = 2\nfrom_day = 2036-01-01', "public_events", "from_day", "năm cuối"),
        ('comparator = ">="\nfloor = 2\nadds_up = false', "public_events", "adds_up", "tỷ suất"),
        ('comparator = ">="\nfloor = 2\neach = 3', "public_events", "each", "dành cho coverage"),
        ('comparator = ">="\nfloor = 2\nnumerator_vi = "x"', "public_events", "numerator_vi", "dành cho ratio"),
        (
            'accumulation = "level"\nadds_up = false\ncomparator = ">="\nfloor = 2\nshares = { "Sở Công Thương" = 1 }',
            "public_events", "shares", "không cộng dồn",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_a_shape_is_refused(
    folder: RegisterFolder, fields: str, indicator: str, key: str, reason: str
) -> None:
    with pytest.raises(RegisterError) as caught:
        load_target(folder, fields, indicator)
    assert f"target[ha-noi.03].{key}" in (message := explain(caught.value, "vi"))
    assert reason in message


def test_a_rate_is_led_by_an_agency_that_can_report(folder: RegisterFolder) -> None:
    fields = 'accumulation = "level"\nadds_up = false\ncomparator = ">="\nfloor = 2'
    folder.append(PLAN_FILE, TARGET.format(indicator="public_events", lead="UBND các xã, phường", fields=fields))
    with pytest.raises(RegisterError, match=r"target\[ha-noi.03\].lead"):
        load_register(folder.path)


def list_target_periods(register: Register, target: Target) -> list[tuple[object, ...]]:
    return [
        (period.start.year, period.end.year, period.floor, period.asked_from, period.asked_to)
        for period in list_periods(register, target)
    ]


def test_a_stage_counts_from_the_plans_first_day_and_is_asked_for_until_its_year(folder: RegisterFolder) -> None:
    fields = 'comparator = ">="\nstages = [{ year = 2026, floor = 0.3 }, { year = 2028, floor = 0.6 }]'
    folder.append(PLAN_FILE, TARGET.replace("yearly", "by_end").format(
        indicator="officers_trained", lead="Sở Công Thương", fields=fields))  # fmt: skip
    register = load_register(folder.path)
    target = register.targets["ha-noi.03"]
    assert list_target_periods(register, target) == [
        (2026, 2026, Decimal("0.3"), 2026, 2026),
        (2026, 2028, Decimal("0.6"), 2027, 2028),
    ]
    assert target_texts.format_target_row(register, target)[2:7] == (
        "2026: ≥ 30%; 2028: ≥ 60%", "", "cán bộ", "Đến hết năm 2026, 2028", "15/12/2026; 15/12/2028",
    )  # fmt: skip
    exported = next(row for row in export_targets(register) if row["id"] == "ha-noi.03")
    stages = [{"year": 2026, "floor": 0.3}, {"year": 2028, "floor": 0.6}]
    assert (exported["stages"], exported["counting"]) == (stages, "to_date")


def test_after_the_last_stage_the_last_is_asked_for_and_a_stage_may_be_after_the_plans_end(
    folder: RegisterFolder,
) -> None:
    for year, asked_to in ((2027, 2028), (2035, 2035)):
        fields = f'comparator = ">="\nstages = [{{ year = {year}, floor = 30 }}]'
        text = TARGET.replace("yearly", "by_end").replace("ha-noi.03", f"ha-noi.{year}")
        folder.append(PLAN_FILE, text.replace("Chỉ tiêu thử", f"Chỉ tiêu {year}").format(
            indicator="public_events", lead="Sở Công Thương", fields=fields))  # fmt: skip
        register = load_register(folder.path)
        target = register.targets[f"ha-noi.{year}"]
        assert list_target_periods(register, target) == [(2026, year, Decimal(30), 2026, asked_to)]


def test_a_year_without_a_value_of_a_table_of_years_is_carried(folder: RegisterFolder) -> None:
    fields = 'comparator = ">="\nstages = [{ year = 2026, floor = 10 }, { year = 2028, floor = 12 }]'
    register, target = load_target(folder, fields)
    assert target.counting == "each_year"
    assert [(start, floor) for start, _, floor, _, _ in list_target_periods(register, target)] == [
        (2026, 10), (2027, None), (2028, 12),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("stages = [{ year = 2027, floor = 2 }, { year = 2026, floor = 3 }]", "theo thứ tự"),
        ("stages = [{ year = 2025, floor = 2 }]", "trước năm đầu 2026"),
        ("stages = [{ year = 2029, floor = 2 }]", "sau năm cuối 2028"),
        ("stages = [{ year = 2026, floor = 2.5 }]", "số nguyên"),
        ('stages = [{ year = 2026, floor = 2 }]\ncounting = "to_date"', "by_end"),
        ("stages = [{ year = 2026, floor = 2 }]\nfloor = 2", "không có trường này"),
    ],
)
def test_stages_that_nothing_could_be_judged_by_are_refused(folder: RegisterFolder, fields: str, reason: str) -> None:
    with pytest.raises(RegisterError) as caught:
        load_target(folder, f'comparator = ">="\n{fields}')
    assert reason in explain(caught.value, "vi")


def load_spans(folder: RegisterFolder, recurrence: str, fields: str = "") -> tuple[Register, Target]:
    text = TARGET.replace("yearly", recurrence)
    fields = f'comparator = ">="\nfloor = 4\n{fields}'
    folder.append(PLAN_FILE, text.format(indicator="public_events", lead="Sở Công Thương", fields=fields))
    register = load_register(folder.path)
    return register, register.targets["ha-noi.03"]


@pytest.mark.parametrize(
    ("recurrence", "number", "last"),
    [
        ("quarterly", 4, ("2026-Q4", date(2026, 10, 1))),
        ("monthly", 12, ("2026-12", date(2026, 12, 1))),
        ("half_yearly", 2, ("2026-H2", date(2026, 7, 1))),
    ],
)
def test_a_year_is_followed_by_its_spans_each_due_on_its_last_day(
    folder: RegisterFolder, recurrence: str, number: int, last: tuple[str, date]
) -> None:
    register, target = load_spans(folder, recurrence)
    year, *spans = [period for period in list_periods(register, target) if period.start.year == 2026]
    assert (year.span, year.start, year.end, len(spans)) == (None, date(2026, 1, 1), date(2026, 12, 31), number)
    assert (spans[-1].span, spans[-1].start, spans[-1].due_on) == (*last, date(2026, 12, 31))
    assert [period.due_on for period in spans] == [period.end for period in spans]
    ends = [period.end + timedelta(days=1) for period in spans[:-1]]
    assert ends == [period.start for period in spans[1:]]


def test_nothing_is_owed_before_the_plan_is_issued_or_the_day_that_is_given(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "issued_on = 2025-12-12", "issued_on = 2026-05-15")
    register, target = load_spans(folder, "quarterly")
    first = list_periods(register, target)[:4]
    assert [period.in_force for period in first] == [True, False, True, True]
    assert first[2].paced_from == date(2026, 5, 15)
    assert list_periods(register, register.targets["ha-noi.01"])[0].paced_from == date(2026, 1, 1)


def test_a_yearly_target_may_begin_later_than_its_plan(folder: RegisterFolder) -> None:
    register, target = load_target(folder, 'comparator = ">="\nfloor = 4\nfrom_day = 2027-03-01')
    periods = list_periods(register, target)
    assert [(period.in_force, period.paced_from) for period in periods] == [
        (False, date(2026, 12, 31)), (True, date(2027, 3, 1)), (True, date(2028, 1, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("recurrence", "fields", "key"),
    [
        ("quarterly", 'due = "15/12"', "due"),
        ("quarterly", 'pace = "on:15/03"', "pace"),
        ("by_end", "from_day = 2027-03-01", "from_day"),
        ("yearly", "due_after_days = 5", "due_after_days"),
        ("quarterly", "stages = [{ year = 2026, floor = 4 }]", "stages"),
    ],
)
def test_what_quarters_cannot_have_is_refused(folder: RegisterFolder, recurrence: str, fields: str, key: str) -> None:
    with pytest.raises(RegisterError, match=rf"target\[ha-noi.03\].{key}"):
        load_spans(folder, recurrence, fields)


def test_a_sheet_says_how_often(folder: RegisterFolder) -> None:
    register, target = load_spans(folder, "quarterly")
    assert target_texts.format_target_row(register, target)[5:7] == (
        "Hằng quý", "Ngày cuối mỗi quý, tháng hoặc 6 tháng",
    )  # fmt: skip
