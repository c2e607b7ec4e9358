"""Which version judges: the days of `list_judged_days` against a plain statement of the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpis.register.judging_versions import DuePeriod, VersionDays, list_in_force, list_judged_days

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


def list_days(versions: list[VersionDays], due_on: date | None, end_year: int = 2026) -> list[tuple[int, date | None]]:
    """Return number and first day of each version that judges a period which all have alike."""
    period = DuePeriod(due_on, end_year)
    judged = list_judged_days(versions, {version.number: period for version in versions})
    return [(days.number, days.begins_on) for days in judged]


def find_version(versions: list[VersionDays], day: date, due_on: date, end_year: int) -> int:
    """Return the last version in force on the day.

    It was accepted and in force by the due day, or names the year.
    """
    judging = [
        version.number
        for version in versions
        if version.number == 1
        or (
            version.in_force_from is not None
            and version.in_force_from <= day
            and (
                (version.accepted_on <= due_on and version.in_force_from <= due_on) or end_year in version.judges_again
            )
        )
    ]
    return judging[-1]


@given(histories(), DAYS, DAYS)
def test_each_day_is_judged_by_the_last_version_in_force(versions: list[VersionDays], day: date, due_on: date) -> None:
    judged = list_days(versions, due_on, due_on.year)
    numbers = [number for number, begins_on in judged if begins_on is None or begins_on <= day]
    assert numbers[-1] == find_version(versions, day, due_on, due_on.year)


def test_an_amendment_in_july_leaves_the_days_before_it_and_the_closed_year() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 7, 3))
    assert list_days([first, second], date(2026, 12, 15)) == [(1, None), (2, date(2026, 7, 1))]
    assert list_days([first, second], date(2026, 6, 30)) == [(1, None)]
    assert list_days([first, second], None) == [(1, None), (2, date(2026, 7, 1))], "what is never due is never closed"
    naming_the_year = VersionDays(2, date(2026, 6, 1), date(2026, 7, 3), frozenset({2026}))
    assert list_days([first, naming_the_year], date(2026, 6, 30)) == [(1, None), (2, date(2026, 6, 1))]


def test_what_was_due_before_an_amendment_came_into_force_keeps_its_version() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 6, 3))
    assert list_days([first, second], date(2026, 6, 30)) == [(1, None)]
    assert list_days([first, second], date(2026, 7, 1)) == [(1, None), (2, date(2026, 7, 1))]


def test_a_later_due_day_opens_no_period_that_is_closed() -> None:
    first, second = VersionDays(1, None, date(2026, 1, 5)), VersionDays(2, date(2026, 8, 1), date(2026, 8, 1))
    june, september = DuePeriod(date(2026, 6, 30), 2026), DuePeriod(date(2026, 9, 30), 2026)
    assert [each.number for each in list_judged_days([first, second], {1: june, 2: september})] == [1]
    assert [each.number for each in list_judged_days([first, second], {1: september, 2: june})] == [1, 2]


def test_what_a_version_drops_keeps_what_was_due_before_its_end() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 7, 20), frozenset({2026}))
    june, july, december = (DuePeriod(day, 2026) for day in (date(2026, 6, 30), date(2026, 7, 10), date(2026, 12, 15)))
    assert [each.number for each in list_judged_days([first, second], {1: june})] == [1]
    assert [each.number for each in list_judged_days([first, second], {1: july})] == [1, 2], "the reviewer names 2026"
    unnamed = replace(second, judges_again=frozenset())
    assert [each.number for each in list_judged_days([first, unnamed], {1: july})] == [1]
    assert [each.number for each in list_judged_days([first, unnamed], {1: december})] == [1, 2]
    assert [each.number for each in list_judged_days([first, unnamed], {2: july})] == [1], (
        "a new one has no closed period"
    )


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    first = VersionDays(1, None, date(2026, 1, 5))
    second = VersionDays(2, date(2026, 7, 1), date(2026, 7, 3))
    third = VersionDays(3, None, date(2027, 2, 1), corrects=1)
    assert [version.number for version in list_in_force([first, second, third])] == [3, 2]
    in_force = list_in_force([first, second, third])
    assert list_days(in_force, date(2026, 12, 15)) == [(3, None), (2, date(2026, 7, 1))]
    assert list_days(in_force, date(2026, 6, 30)) == [(3, None)]
