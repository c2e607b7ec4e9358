"""The days by which agencies report, in words, and how long it is until then (design.md §5 due_on)."""

from __future__ import annotations

from datetime import date

from kpis.register.model import ReportingDay
from kpis.wording.reporting_days import NextReport, format_countdown, format_reporting_days, list_next_reports

DAYS = (
    ReportingDay("20", "month"), ReportingDay("10/06", "half_year"), ReportingDay("05/12", "half_year"),
    ReportingDay("15/01", "year", next_year=True),
)  # fmt: skip


def list_countdowns(as_of: date, days: tuple[ReportingDay, ...] = DAYS) -> list[str]:
    return [format_countdown(report, as_of, "vi") for report in list_next_reports(days, as_of, as_of.year, 2026)]


def test_the_yearly_report_and_the_next_one_of_every_kind_are_counted_down() -> None:
    assert list_countdowns(date(2026, 11, 22)) == [
        "Hạn báo cáo 15/01/2027: còn 7 tuần.",
        "Hạn báo cáo 6 tháng 05/12/2026: còn 13 ngày.",
        "Hạn báo cáo tháng 20/12/2026: còn 4 tuần.",
    ]


def test_in_january_the_report_on_the_year_before_comes_first() -> None:
    reports = list_next_reports(DAYS, date(2027, 1, 14), 2027, 2026)
    assert reports[:2] == [NextReport("year", date(2027, 1, 15)), NextReport("year", date(2028, 1, 15))]
    assert list_next_reports(DAYS, date(2027, 1, 16), 2027, 2026)[0].due_on == date(2028, 1, 15)
    assert list_next_reports(DAYS, date(2026, 1, 14), 2026, 2026)[0].due_on == date(2027, 1, 15)


def test_only_the_yearly_report_is_said_to_be_over() -> None:
    days = (ReportingDay("10/06", "half_year"), ReportingDay("15/11", "year"))
    assert list_countdowns(date(2026, 11, 22), days) == ["Hạn báo cáo 15/11/2026 đã qua 7 ngày."]
    assert list_countdowns(date(2026, 6, 10), days)[1] == "Hôm nay 10/06/2026 là hạn báo cáo 6 tháng."


def test_reporting_days_in_words_say_what_they_are_for() -> None:
    assert format_reporting_days(DAYS, "vi") == "ngày 20 (tháng); 10/06 (6 tháng); 05/12 (6 tháng); 15/01 năm sau"
    assert format_reporting_days(DAYS[3:], "en") == "15 Jan of the next year"
