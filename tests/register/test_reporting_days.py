"""The days by which agencies report: their form, their dates, and the form that they replace (design.md §3)."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.errors import RegisterError
from kpis.register.load import load_register
from kpis.register.model import ReportingDay
from kpis.register.reporting_days import deserialize, list_dates, serialize
from tests.register.conftest import RegisterFolder

PLAN_FILE = "plans/ha-noi.toml"
LISTED = '{ day = "15/12", of = "year" }'


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (ReportingDay("15/12", "year"), [date(2026, 12, 15)]),
        (ReportingDay("15/01", "year", next_year=True), [date(2027, 1, 15)]),
        (ReportingDay("20", "half_year"), [date(2026, 6, 20), date(2026, 12, 20)]),
        (ReportingDay("10/06", "half_year"), [date(2026, 6, 10)]),
        (ReportingDay("31", "quarter"), [date(2026, m, d) for m, d in [(3, 31), (6, 30), (9, 30), (12, 31)]]),
        (ReportingDay("05/01", "quarter", next_year=True), [date(2027, 1, 5)]),
    ],
)
def test_a_reporting_day_has_its_dates_in_each_year(day: ReportingDay, expected: list[date]) -> None:
    assert list(list_dates(day, 2026)) == expected


def test_a_day_of_every_month_is_at_last_the_last_one() -> None:
    days = list(list_dates(ReportingDay("30", "month"), 2026))
    assert (len(days), days[1], days[2]) == (12, date(2026, 2, 28), date(2026, 3, 30))


def test_reporting_days_stay_what_they_are_in_the_database() -> None:
    days = (ReportingDay("15/01", "year", next_year=True), ReportingDay("20", "month"))
    assert deserialize(serialize(days)) == days
    assert deserialize(serialize(())) == ()


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ('{ day = "20", of = "year" }', "dd/mm"),
        ('{ day = "32", of = "month" }', "a day of the last month like"),
        ('{ day = "5", of = "month" }', "a day of the last month like"),
        ('{ day = "12/25", of = "quarter" }', "“25/12” instead of “12/25”"),
        ('{ day = "20", of = "month", next_year = true }', "next_year needs the day and the month"),
        ('{ day = "20", of = "week" }', "“week” is not one of year, half_year, quarter, month"),
        ('{ day = "20/11", of = "year" }, { day = "15/12", of = "year" }', "two days of the year"),
        ('{ day = "20", of = "month" }, { day = "20", of = "month" }', "one day twice"),
        ('{ day = "20", by = "month" }', "no such field here"),
    ],
)
def test_a_reporting_day_that_leaves_doubt_is_refused(folder: RegisterFolder, new: str, reason: str) -> None:
    folder.replace(PLAN_FILE, LISTED, new)
    with pytest.raises(RegisterError, match="reporting_days") as error:
        load_register(folder.path)
    assert reason in str(error.value)


def test_the_former_field_is_refused_with_the_line_that_replaces_it(folder: RegisterFolder) -> None:
    folder.replace(PLAN_FILE, f"reporting_days = [{LISTED}]", 'reporting_day = "15/12"')
    with pytest.raises(RegisterError) as error:
        load_register(folder.path)
    assert f"plan[ha-noi].reporting_day: was replaced; write reporting_days = [{LISTED}]" in str(error.value)
