"""Which version judges: the days of `list_judged_days` against a plain statement of the rule."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpis.register.judging_versions import VersionDays, list_in_force, list_judged_days

FIRST_DAY = date(2026, 1, 1)
DAYS = st.integers(0, 700).map(lambda number: FIRST_DAY + timedelta(days=number))


@st.composite
def histories(draw: st.DrawFn) -> list[VersionDays]:
    """Draw up to four versions, each accepted and in force no earlier than the one before it."""
    size = draw(st.integers(1, 4))
    accepted, forces = (sorted(draw(DAYS) for _ in range(size)) for _ in range(2))
    years = st.frozensets(st.sampled_from((2026, 2027)))
    return [
        VersionDays(number + 1, forces[number] if number else None, accepted[number], draw(years))
        for number in range(size)
    ]


def find_version(versions: list[VersionDays], day: date, due_on: date, end_year: int) -> int:
    """Return the last version in force on the day that was accepted by the due day, or that names the year."""
    judging = [
        version.number
        for version in versions
        if version.number == 1
        or (
            version.in_force_from is not None
            and version.in_force_from <= day
            and (version.accepted_on <= due_on or end_year in version.judges_again)
        )
    ]
    return judging[-1]


@given(histories(), DAYS, DAYS)
def test_each_day_is_judged_by_the_last_version_in_force(versions: list[VersionDays], day: date, due_on: date) -> None:
    judged = list_judged_days(versions, due_on, due_on.year)
    numbers = [days.number for days in judged if days.begins_on is None or days.begins_on <= day]
    assert numbers[-1] == find_version(versions, day, due_on, due_on.year)


def test_an_amendment_in_july_leaves_the_days_before_it_and_the_closed_year() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 7, 3))
    days = list_judged_days([first, second], date(2026, 12, 15), 2026)
    assert [(each.number, each.begins_on) for each in days] == [(1, None), (2, date(2026, 7, 1))]
    assert [each.number for each in list_judged_days([first, second], date(2026, 6, 30), 2026)] == [1]
    renamed_year = VersionDays(2, date(2026, 6, 1), date(2026, 7, 3), frozenset({2026}))
    assert [each.number for each in list_judged_days([first, renamed_year], date(2026, 6, 30), 2026)] == [1, 2]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 7, 3))
    third = VersionDays(3, None, date(2027, 2, 1), corrects=1)
    assert [version.number for version in list_in_force([first, second, third])] == [3, 2]
    days = list_judged_days(list_in_force([first, second, third]), date(2026, 12, 15), 2026)
    assert [each.number for each in days] == [3, 2]
    closed = list_judged_days(list_in_force([first, second, third]), date(2026, 6, 30), 2026)
    assert [each.number for each in closed] == [3]
