"""ISO weeks: parsing, as-of days, and the first due week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.errors import UsageError
from kpis.pack.edition.due_weeks import list_due_weeks
from kpis.pack.figures.weeks import get_week, parse_week


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_in_its_week_and_the_week_can_be_parsed_from_its_name(day: date) -> None:
    week = get_week(day)
    assert week.monday <= day <= week.sunday
    assert parse_week(str(week)) == week
    assert week.previous.sunday < week.monday


def test_the_last_week_of_a_year_may_end_in_the_next() -> None:
    assert str(get_week(date(2027, 1, 3))) == "2026-W53"


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "2026-47", "W47", "", "2026-W00"])
def test_text_that_is_not_a_week_is_rejected(text: str) -> None:
    with pytest.raises(UsageError):
        parse_week(text)


def test_a_running_week_is_as_of_today_and_a_future_week_is_rejected() -> None:
    week = parse_week("2026-W47")
    assert week.get_as_of(date(2026, 11, 18)) == date(2026, 11, 18)
    assert week.get_as_of(date(2026, 12, 18)) == date(2026, 11, 22)
    with pytest.raises(UsageError):
        week.get_as_of(date(2026, 11, 15))


def test_the_first_due_week_is_the_last_that_has_ended(tmp_path: Path) -> None:
    assert [str(week) for week in list_due_weeks(tmp_path, None, "vi", date(2026, 11, 21))] == ["2026-W46"]
