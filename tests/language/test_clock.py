"""A day is a day in Việt Nam; a time without a zone is Asia/Ho_Chi_Minh (design.md §4 History)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.errors import UsageError
from kpis.language import clock


def test_a_vietnamese_day_begins_at_17_00_utc() -> None:
    assert clock.to_local_day(datetime(2026, 11, 21, 16, 59)) == date(2026, 11, 21)
    assert clock.to_local_day(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_bare_day_means_its_last_moment() -> None:
    last = datetime(2026, 11, 21, 16, 59, 59, 999999)
    assert clock.parse_moment("2026-11-21") == clock.parse_moment("21/11/2026") == last
    assert clock.get_end_of_day(date(2026, 11, 21)) == last


def test_a_time_without_a_zone_is_vietnamese_and_one_with_a_zone_is_converted() -> None:
    assert clock.parse_moment("2026-11-21T09:00") == datetime(2026, 11, 21, 2, 0)
    assert clock.parse_moment("2026-11-21 09:00:30") == datetime(2026, 11, 21, 2, 0, 30)
    assert clock.parse_moment("2026-11-21T09:00Z") == datetime(2026, 11, 21, 9, 0)
    assert clock.parse_moment("2026-11-21T09:00+01:00") == datetime(2026, 11, 21, 8, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-13-01",
        "31/02/2026",
        "2026-11-21T25:00",
        "2026-11",
        "20261121",
        "0001-01-01T00:00",
    ],
)
def test_any_other_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="2026-11-21"):
        clock.parse_moment(text)


@given(st.datetimes(datetime(1976, 1, 1), datetime(2100, 1, 1)))
def test_the_fixed_offset_is_the_zone_of_the_tz_database(moment: datetime) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert local.utcoffset() == timedelta(hours=7) == clock.TIME_ZONE.utcoffset(None)
