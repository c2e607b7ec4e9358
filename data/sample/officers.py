"""Officers trained, as agencies report them: a level that rises through the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.sample.phrases import TRAINING
from data.sample.plan_sheet import PlanSheet


@dataclass(frozen=True)
class Headcount:
    """The number of an agency's officers in charge of consumer protection."""

    agency: str
    officers: int


def add_training_reports(
    sheet: PlanSheet,
    target: str,
    agencies: Sequence[str],
    *,
    silent_count: int,
    report_range: tuple[int, int],
) -> tuple[Headcount, ...]:
    """Add `report_range` (fewest, most) reports of all but the last `silent_count` agencies; returns all."""
    heads = tuple(
        Headcount(agency, sheet.rng.randint(4, 9) if agency.startswith("UBND") else sheet.rng.randint(12, 60))
        for agency in agencies
    )
    for head in heads[: len(heads) - silent_count]:
        _add_rising_reports(sheet, target, head, sheet.rng.randint(*report_range))
    return heads


def _add_rising_reports(sheet: PlanSheet, target: str, headcount: Headcount, report_count: int) -> None:
    """Add reports spread over the year; about three in five agencies end with all officers trained."""
    goal = headcount.officers if sheet.rng.random() < 0.6 else sheet.rng.randint(1, headcount.officers)
    trained = 0
    day = date(2026, 1, 12)
    step = (sheet.last_typed_on - day).days // (report_count + 1)
    for number in range(1, report_count + 1):
        trained = (
            goal if number == report_count else min(goal, trained + sheet.rng.randint(0, 1 + goal // report_count))
        )
        day += timedelta(days=step + sheet.rng.randint(-6, 3))
        occurred_on = sheet.pick_working_day(day, day + timedelta(days=2))
        sheet.add_progress(
            occurred_on,
            headcount.agency,
            target,
            trained,
            sheet.rng.choice(TRAINING),
            total=headcount.officers,
        )
