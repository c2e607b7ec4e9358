"""Officers trained, as agencies report them: a level that climbs through the year, with the odd slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.sample.phrases import TRAINING
from data.sample.plan_sheet import Book


@dataclass(frozen=True)
class Headcount:
    """How many officers an agency has in charge of consumer protection."""

    agency: str
    officers: int


def train(
    book: Book, target: str, agencies: Sequence[str], *, silent: int, updates: tuple[int, int]
) -> tuple[Headcount, ...]:
    """Types `updates` (fewest, most) reports for each agency but the last `silent`; returns all."""
    heads = tuple(
        Headcount(
            agency, book.random.randint(4, 9) if agency.startswith("UBND") else book.random.randint(12, 60)
        )
        for agency in agencies
    )
    for head in heads[: len(heads) - silent]:
        _climb(book, target, head, book.random.randint(*updates))
    return heads


def _climb(book: Book, target: str, head: Headcount, reports: int) -> None:
    """Reports spread over the year; about three agencies in five end with all their officers trained."""
    goal = head.officers if book.random.random() < 0.6 else book.random.randint(1, head.officers)
    trained = 0
    day = date(2026, 1, 12)
    step = (book.last_typed - day).days // (reports + 1)
    for number in range(1, reports + 1):
        trained = (
            goal if number == reports else min(goal, trained + book.random.randint(0, 1 + goal // reports))
        )
        day += timedelta(days=step + book.random.randint(-6, 3))
        at = book.day(day, day + timedelta(days=2))
        book.report(at, head.agency, target, trained, book.random.choice(TRAINING), total=head.officers)
