"""Targets of an amended plan: on each day one version judges each period, against a plain statement of the rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.register.earlier_versions import merge_versions
from kpis.register.judged import Period
from kpis.register.judging_versions import VersionDays
from kpis.register.model import Register, Target
from kpis.register.periods import list_own_periods, list_periods
from kpis.register.plan_versions import JudgedTargets
from tests.sync.conftest import make_register

TARGET = "p.01"
DAYS = st.one_of(
    st.sampled_from([date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 15)]),
    st.dates(date(2025, 6, 1), date(2028, 2, 1)),
)
Key = tuple[date, date, str | None]


@st.composite
def draw_target(draw: st.DrawFn, target: Target) -> Target:
    """Draw what an amendment may change: floor, recurrence, due day."""
    return replace(
        target,
        floor=Decimal(draw(st.sampled_from([5, 50]))),
        recurrence=draw(st.sampled_from(["yearly", "yearly", "quarterly", "by_end", "half_yearly"])),
        due=draw(st.sampled_from(["06-30", "12-15", None])),
    )


@st.composite
def draw_versions(draw: st.DrawFn) -> tuple[list[VersionDays], dict[int, Register]]:
    """Draw two to four versions that change, drop or take up again one target."""
    size = draw(st.integers(2, 4))
    accepted, forces = (sorted(draw(DAYS) for _ in range(size)) for _ in range(2))
    years = st.frozensets(st.sampled_from((2025, 2026)), max_size=1)
    versions = [
        VersionDays(number + 1, forces[number] if number else None, accepted[number], draw(years))
        for number in range(size)
    ]
    base, registers = make_register(), {}
    target: Target | None = draw(draw_target(base.targets[TARGET]))
    for version in versions:
        kind = draw(st.sampled_from(["same", "changed", "changed", "dropped"]))
        if kind == "changed" or (kind == "same" and target is None):
            target = draw(draw_target(base.targets[TARGET]))
        elif kind == "dropped":
            target = None
        others = {name: each for name, each in base.targets.items() if name != TARGET}
        targets = others if target is None else {TARGET: target, **others}
        registers[version.number] = replace(base, targets=targets)
    return versions, registers


def find_judge(versions: Sequence[VersionDays], periods: Mapping[int, Period], day: date) -> int:
    """Return the version that judges a period on a day: each later one in force takes it over, unless it was due."""
    judge = versions[0].number
    for version in versions[1:]:
        start = version.in_force_from
        if start is None or start > day:
            break
        period = periods.get(judge) or periods.get(version.number)
        if period is not None:
            was_due = period.due_on < max(version.accepted_on, start)
            is_dropped = judge in periods and version.number not in periods
            if was_due and period.end.year not in version.judges_again:
                continue
            if is_dropped and period.due_on < start:
                continue
        judge = version.number
    return judge


def list_expected(versions: Sequence[VersionDays], registers: Mapping[int, Register], day: date) -> dict[Key, int]:
    """Return each period that is judged on a day, with the version that judges it."""
    keys: dict[Key, dict[int, Period]] = {}
    for number, register in registers.items():
        if TARGET in register.targets:
            for period in list_own_periods(register, register.targets[TARGET]):
                keys.setdefault((period.start, period.end, period.span), {})[number] = period
    judges = {key: find_judge(versions, periods, day) for key, periods in keys.items()}
    return {key: number for key, number in judges.items() if number in keys[key]}


def list_judged(register: Register, day: date) -> list[tuple[Key, int | None, Decimal | None]]:
    copies = [target for target in register.all_targets.values() if (target.version_of or target.id) == TARGET]
    return [
        ((period.start, period.end, period.span), copy.version, period.floor)
        for copy in copies
        for period in list_periods(register, copy)
        if (period.judged_from is None or period.judged_from <= day)
        and (period.judged_until is None or period.judged_until > day)
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draw_versions(), DAYS)
def test_each_period_is_judged_by_one_version(drawn: tuple[list[VersionDays], dict[int, Register]], day: date) -> None:
    versions, registers = drawn
    register = merge_versions(registers[versions[-1].number], "p", versions, registers)
    judged = list_judged(register, day)
    assert max(Counter(key for key, _, _ in judged).values(), default=0) <= 1
    expected = list_expected(versions, registers, day)
    assert {key for key, _, _ in judged} == expected.keys()
    for key, number, floor in judged:
        target = registers[expected[key]].targets[TARGET]
        assert floor == target.floor
        assert number in (None, expected[key])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draw_versions(), DAYS, st.integers(0, 900))
def test_a_row_is_checked_by_the_version_that_judges_its_period(
    drawn: tuple[list[VersionDays], dict[int, Register]], today: date, days_ago: int
) -> None:
    versions, registers = drawn
    register = merge_versions(registers[versions[-1].number], "p", versions, registers)
    if TARGET not in register.targets:
        return
    day = max(today - timedelta(days=days_ago), date(2025, 1, 1))
    expected = list_expected(versions, registers, today)
    lengths = {key: key[1] - key[0] for key in expected if key[0] <= day <= key[1]}
    target = JudgedTargets(register, today).find(TARGET, day)
    if lengths:
        shortest = [key for key, length in lengths.items() if length == min(lengths.values())]
        floors = {registers[expected[key]].targets[TARGET].floor for key in shortest}
        assert target.floor in floors
    assert target.id == TARGET
