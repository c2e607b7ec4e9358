"""The periods and due days of targets and tasks (design.md §5 due_on, Task)."""

from datetime import date

import pytest

from kpis.register.load import load_register
from kpis.register.periods import list_periods, list_task_instances
from tests.register.conftest import RegisterFolder

PLAN_FILE = "plans/ha-noi.toml"


def test_a_yearly_target_has_one_period_per_year_due_on_the_reporting_day(folder: RegisterFolder) -> None:
    register = load_register(folder.path)
    periods = list_periods(register, register.targets["ha-noi.01"])
    assert [(p.start, p.end, p.due_on) for p in periods] == [
        (date(year, 1, 1), date(year, 12, 31), date(year, 12, 15)) for year in (2026, 2027, 2028)
    ]


def test_a_by_end_target_has_one_period_due_in_its_last_year(folder: RegisterFolder) -> None:
    register = load_register(folder.path)
    (period,) = list_periods(register, register.targets["ha-noi.02"])
    assert (period.start, period.end, period.due_on) == (
        date(2026, 1, 1),
        date(2028, 12, 31),
        date(2028, 12, 15),
    )


def test_a_target_is_due_on_its_own_day_or_else_on_31_december(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "stretch = 5", 'due = "31/03"')
    folder.replace(PLAN_FILE, 'reporting_days = [{ day = "15/12", of = "year" }]\n', "")
    register = load_register(folder.path)
    assert list_periods(register, register.targets["ha-noi.01"])[0].due_on == date(2026, 3, 31)
    assert list_periods(register, register.targets["ha-noi.02"])[0].due_on == date(2028, 12, 31)


def test_a_reporting_day_of_the_next_year_is_the_due_day_after_the_period(folder: RegisterFolder) -> None:
    days = '{ day = "20", of = "month" }, { day = "15/01", of = "year", next_year = true }'
    folder.replace(PLAN_FILE, '{ day = "15/12", of = "year" }', days)
    register = load_register(folder.path)
    period = list_periods(register, register.targets["ha-noi.01"])[0]
    assert (period.end, period.due_on) == (date(2026, 12, 31), date(2027, 1, 15))
    (instance,) = list_task_instances(register, register.tasks["ha-noi.III.2"])
    assert (instance.year, instance.due_on) == (2028, date(2029, 1, 15))


def test_only_a_reporting_day_of_the_year_decides_when_something_is_due(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, '{ day = "15/12", of = "year" }', '{ day = "20", of = "quarter" }')
    register = load_register(folder.path)
    assert list_periods(register, register.targets["ha-noi.01"])[0].due_on == date(2026, 12, 31)


def test_a_plan_without_an_end_has_periods_up_to_the_year_shown(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "end_year = 2028", "shown_to = 2030")
    register = load_register(folder.path)
    assert [p.end.year for p in list_periods(register, register.targets["ha-noi.01"])] == [*range(2026, 2031)]


def test_a_once_target_of_a_plan_of_one_year_has_one_period(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, "end_year = 2028", "end_year = 2026")
    folder.replace(PLAN_FILE, 'recurrence = "yearly"', 'recurrence = "once"')
    folder.replace(PLAN_FILE, "first_year = 2027", "first_year = 2026")
    register = load_register(folder.path)
    (period,) = list_periods(register, register.targets["ha-noi.01"])
    assert (period.start, period.end) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ('timing = "once"\nlast_year = 2027', [(2027, date(2027, 1, 1), date(2027, 12, 15))]),
        ('timing = "once"', [(2028, date(2027, 1, 1), date(2028, 12, 15))]),
        ('timing = "yearly"', [(y, date(y, 1, 1), date(y, 12, 15)) for y in (2027, 2028)]),
        ('timing = "once"\ndue_on = "30/06"', [(2028, date(2027, 1, 1), date(2028, 6, 30))]),
        ('timing = "once"\ndue_on = 2028-02-29', [(2028, date(2027, 1, 1), date(2028, 2, 29))]),
        ('timing = "once"\ndue_on = 2027-06-30', [(2027, date(2027, 1, 1), date(2027, 6, 30))]),
        (
            'timing = "yearly"\ndue_on = "31/03"',
            [(year, date(year, 1, 1), date(year, 3, 31)) for year in (2027, 2028)],
        ),
        ('timing = "ongoing"', [(2027, date(2027, 1, 1), None)]),
    ],
)
def test_the_timing_of_a_task_decides_when_it_is_due(
    folder: RegisterFolder, timing: str, expected: list[tuple[int, date, date | None]]
) -> None:
    folder.replace(PLAN_FILE, 'timing = "once"', timing)
    register = load_register(folder.path)
    instances = list_task_instances(register, register.tasks["ha-noi.III.2"])
    assert [(i.year, i.starts_on, i.due_on) for i in instances] == expected
