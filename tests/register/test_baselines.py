"""Changes against a baseline, and where a pace begins: what the register accepts and refuses (design.md §3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.errors import RegisterError
from kpis.language.messages import explain
from kpis.register.json_export import export_targets
from kpis.register.load import load_register
from kpis.register.model import Baseline
from kpis.register.periods import list_periods
from kpis.register.tables import build_tables
from kpis.templates import target_texts
from tests.register.conftest import RegisterFolder
from tests.register.test_shapes import PLAN_FILE, TARGET, load_target

GROWTH = 'measure = "change"\ncomparator = ">"\nfloor = 0.03\nbaseline = { value = 100, year = 2025 }'
REDUCTION = """measure = "change"
accumulation = "level"
comparator = "<="
floor = -0.5
baseline = { value = 40.5, year = 2025 }"""


def test_a_yearly_change_has_a_baseline_in_its_first_year_alone(folder: RegisterFolder) -> None:
    register, target = load_target(folder, GROWTH)
    assert (target.measure, target.floor, target.baseline) == ("change", Decimal("0.03"), Baseline(Decimal(100), 2025))
    periods = list_periods(register, target)
    assert [(period.baseline, period.baseline_year) for period in periods] == [(100, 2025), (None, 2026), (None, 2027)]
    assert [period.due_on.strftime("%d/%m") for period in periods] == ["31/12"] * 3
    tables = build_tables(register)
    assert [row for row in tables["rosters"] if row["target"] == target.id] == [
        {"target": target.id, "agency": "Sở Công Thương"}
    ]
    exported = next(row for row in export_targets(register) if row["id"] == target.id)
    assert (exported["floor"], exported["roster"]) == (0.03, [])
    assert exported["baseline"] == {"value": 100.0, "year": 2025}
    assert target_texts.format_floor(target) == "tăng trên 3%"
    assert target_texts.explain_counting(target) == (
        "Chỉ ghi số phát sinh của dòng này, không ghi tăng giảm bao nhiêu phần trăm; hệ thống tự cộng cả năm. "
        "Hệ thống so mỗi năm với năm trước (2025: 100)."
    )


def test_a_reduction_by_the_plans_end_keeps_its_baseline(folder: RegisterFolder) -> None:
    folder.append(PLAN_FILE, TARGET.replace("yearly", "by_end").format(
        indicator="public_events", lead="Sở Công Thương", fields=REDUCTION))  # fmt: skip
    register = load_register(folder.path)
    target = register.targets["ha-noi.03"]
    (period,) = list_periods(register, target)
    assert (period.baseline, period.baseline_year, period.due_on.day) == (Decimal("40.5"), 2025, 15)
    assert target_texts.format_floor(target) == "giảm ít nhất 50%"
    assert target_texts.explain_counting(target).endswith("Hệ thống so với năm 2025: 40,5.")


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("baseline = { value = 100, year = 2025 }", "", "baseline", "số gốc"),
        ("value = 100", "value = 0", "baseline", "lớn hơn 0"),
        ("value = 100", "value = -1", "baseline.value", "từ 0"),
        ("{ value = 100, year = 2025 }", "100", "baseline", "phải là một bảng"),
        ("value = 100, year = 2025", "value = 100", "baseline.year", "thiếu"),
        ("year = 2025", "year = 2025, unit = 1", "baseline.unit", "không có mục này"),
        ("year = 2025", "year = 2024", "baseline", "2025, không phải 2024"),
        ("floor = 0.03", "floor = -0.03", "floor", "mức tăng dùng"),
        ('comparator = ">"', 'comparator = "<="', "floor", "mức giảm dùng"),
        ("floor = 0.03", "floor = -1.5", "floor", "phân số"),
        ("floor = 0.03", "floor = 1000", "floor", "phân số"),
        ("floor = 0.03", 'floor = 0.03\nshares = { "Sở Công Thương" = 1 }', "shares", "phần việc"),
        ("floor = 0.03", 'floor = 0.03\ndue = "15/12"', "due", "31/12"),
        ('measure = "change"', 'measure = "amount"', "baseline", "chỉ dùng cho"),
        ('measure = "change"', 'measure = "carried"', "baseline", "không được chấm"),
    ],
)  # fmt: skip
def test_what_contradicts_a_change_is_refused(
    folder: RegisterFolder, old: str, new: str, key: str, reason: str
) -> None:
    assert old in GROWTH
    with pytest.raises(RegisterError) as caught:
        load_target(folder, GROWTH.replace(old, new))
    assert f"target[ha-noi.03].{key}" in (message := explain(caught.value, "vi"))
    assert reason in message


@pytest.mark.parametrize(
    ("recurrence", "fields", "key", "reason"),
    [
        ("by_end", GROWTH, "recurrence", "nhiều năm"),
        ("quarterly", REDUCTION, "baseline", "theo quý"),
        ("by_end", REDUCTION.replace("2025", "2028"), "baseline", "trước năm 2028"),
        ("by_end", REDUCTION + '\nadds_up = false\nroster = ["Sở Công Thương"]', "roster", "không cộng dồn"),
        ("yearly", REDUCTION + "\nfrom_day = 2027-01-01", "baseline", "2026, không phải 2025"),
        ("by_end", 'measure = "amount"\naccumulation = "level"\ncomparator = ">="\nfloor = 5\n'
         "baseline = { value = 5, year = 2025 }", "baseline", "đã đạt"),
        ("by_end", 'measure = "amount"\naccumulation = "level"\ncomparator = "<"\nfloor = 5\n'
         "baseline = { value = 4, year = 2025 }", "baseline", "đã đạt"),
    ],
)  # fmt: skip
def test_what_contradicts_a_baseline_is_refused(
    folder: RegisterFolder, recurrence: str, fields: str, key: str, reason: str
) -> None:
    text = TARGET.replace("yearly", recurrence)
    folder.append(PLAN_FILE, text.format(indicator="public_events", lead="Sở Công Thương", fields=fields))
    with pytest.raises(RegisterError) as caught:
        load_register(folder.path)
    assert f"target[ha-noi.03].{key}" in (message := explain(caught.value, "vi"))
    assert reason in message


def test_a_change_without_a_roster_is_led_by_an_agency_that_can_report(folder: RegisterFolder) -> None:
    folder.append(PLAN_FILE, TARGET.format(indicator="public_events", lead="UBND các xã, phường", fields=GROWTH))
    with pytest.raises(RegisterError, match=r"target\[ha-noi.03\].lead"):
        load_register(folder.path)
