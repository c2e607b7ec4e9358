"""After any changes of register and sheets, every earlier moment answers as it did then (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.register.model import Register, Target
from tests.sync.conftest import World, make_entry, make_report, make_sheet, make_target

AGENCIES = ("Sở Công Thương", "Sở Tài chính", "Công an tỉnh")
DAYS = (date(2025, 12, 31), date(2026, 5, 31), date(2026, 12, 31))
STEPS = 4
Answers = list[object]


def change_target(register: Register, random: Random) -> Register:
    """Change what a target promises, who leads it, or who has to report."""
    target = random.choice([*register.targets.values()])
    agency, number = random.choice(AGENCIES), Decimal(random.randint(1, 12))
    change: Mapping[str, object]
    if target.measure == "count":
        change = random.choice(
            ({"floor": number}, {"lead": agency}, {"due": "06-30"}, {"comparator": "<="}, {"shares": {agency: number}},
             {"accumulation": "level"}, {"recurrence": "by_end"}, {"recurrence": "quarterly"})
        )  # fmt: skip
    else:
        change = random.choice(({"floor": Decimal("0.5")}, {"roster": (agency,)}, {"population": 9}))
        change = {"lead": agency} if target.measure == "milestone" else change
    targets = {**register.targets, target.id: _apply(target, change)}
    return replace(register, targets=targets)


def _apply(target: Target, change: Mapping[str, Any]) -> Target:
    return replace(target, **change)


def drop_target(register: Register, random: Random) -> Register:
    """Drop a target, or bring one that was dropped back."""
    targets = {name: target for name, target in register.targets.items() if name != "p.03"}
    return replace(register, targets={**targets, "p.04": make_target(4, "news_items", title_vi="Khác")})


def change_plan(register: Register, random: Random) -> Register:
    """Change who the focal agency is, and by which day everyone reports."""
    plan = replace(register.plans["p"], focal_agency=random.choice(AGENCIES))
    return replace(register, plans={"p": plan})


def change_task(register: Register, random: Random) -> Register:
    """Change who leads the task, and when it is due."""
    leads = tuple(random.sample(AGENCIES, random.randint(1, 2)))
    task = replace(register.tasks["p.I.1"], leads=leads, last_year=random.choice((2026, 2027)))
    return replace(register, tasks={"p.I.1": task})


def merge_agencies(register: Register, random: Random) -> Register:
    """Enter that an agency was merged into a later one on some day, another day for it, or that none was."""
    days = (None, date(2026, 2, 1), date(2026, 3, 15), date(2026, 5, 1), date(2027, 1, 1))
    first, second = random.choice(days), random.choice(days)
    ended = {AGENCIES[0]: (AGENCIES[random.randint(1, 2)], first), AGENCIES[1]: (AGENCIES[2], second)}
    agencies = tuple(
        replace(agency, successor=successor if day else None, successor_from=day)
        for agency in register.agencies
        for successor, day in [ended.get(agency.name, (None, None))]
    )
    return replace(register, agencies=agencies)


CHANGES: tuple[Callable[[Register, Random], Register], ...] = (
    change_target, change_target, change_target, drop_target, change_plan, change_task, merge_agencies, merge_agencies,
)  # fmt: skip


def ask(world: World, known_at: datetime | None) -> Answers:
    """Return everything that the measures answer about each day."""
    database = world.open_database()
    answers: Answers = []
    for day in DAYS:
        question = Question(day, known_at=known_at)
        tasks = compute_task_status(database, question)
        answers += [compute_attainment(database, question), compute_by_agency(database, question), tasks]
    database.close()
    return answers


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_earlier_moment_answers_as_it_did_then(world: World, seed: int) -> None:
    random = Random(seed)
    past: dict[datetime, Answers] = {}
    rows = []
    for step in range(STEPS):
        rows += [
            make_entry(
                date(2026, random.randint(1, 5), random.randint(1, 28)), random.randint(0, 4), random.choice(AGENCIES),
                content=f"tin {step} {number}",
            )
            for number in range(3)
        ]  # fmt: skip
        rows.append(make_entry(date(2026, 4, 1 + step), step, random.choice(AGENCIES), target="p.02", total=5))
        world.sheets["s"] = make_sheet(random.sample(rows, len(rows)), [make_report("Hoàn thành", date(2026, 3, 2))])
        world.sync()
        past[world.now] = ask(world, None)
        world.now += timedelta(days=1)
        register = world.register
        for _ in range(random.randint(0, 3)):
            register = random.choice(CHANGES)(register, random)
        world.register = replace(register, hash=f"{step}")
    world.sync()
    for moment, answers in past.items():
        assert ask(world, moment) == answers, moment
