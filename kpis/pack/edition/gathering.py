"""What an edition asks of the figures, and against what it is held: asked anew, or as it was once sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from kpis.measures.changes import Lowered, lowered_since
from kpis.pack.edition import comparison
from kpis.pack.edition.folders import Edition, earlier, folder_of, revisions
from kpis.pack.figures.gather import Asked, Figures, gather
from kpis.pack.figures.previous_edition import Before, Revised
from kpis.pack.figures.weeks import Week
from kpis.store.database import Database


@dataclass(frozen=True)
class Question:
    """What is asked, and the edition of the week before that it is held against, if any.

    `shown`: how its targets stood there (target -> status); None where it cannot be read, or there is none.
    `revised`: the revisions of the same week that this one stands beside, the latest first.
    """

    asked: Asked
    before: Before | None = None
    shown: Mapping[str, str] | None = None
    revised: tuple[Revised, ...] = ()


def anew(out: Path, week: Week, first: Asked) -> Question:
    """What would be sealed now; `first` is what is asked where nothing has been sealed before."""
    there = revisions(folder_of(out, week, first.plan, first.lang))
    former = earlier(out, week, first.plan, first.lang)
    if former is None:
        return Question(first, revised=_revised(there))
    asked = replace(first, since=former.as_of, known_then=former.sealed_at)
    return Question(asked, former.before, comparison.shown(former), _revised(there))


def again(edition: Edition) -> Question:
    """What a sealed edition was asked, from the figures that it keeps: whatever became of the others."""
    asked = Asked(edition.as_of, edition.plan, edition.since, edition.known_then, edition.lang)
    shown, revised = comparison.held_against(edition)
    return Question(asked, shown=shown, revised=revised)


def answered(db: Database, pointer: Path, question: Question, now: datetime) -> Figures:
    """The figures asked for; `now` (naive UTC) is the moment of sealing, for the age of the sources."""
    figures = gather(db, pointer, question.asked, now)
    rows = [row for place in figures.places for row in place.targets]
    as_of, plan = question.asked.as_of, question.asked.plan
    also = [lowered_since(db, as_of, one.as_of, one.sealed_at, plan, now=rows) for one in question.revised]
    lowered = _together([*also, figures.changes.lowered]) if also else figures.changes.lowered
    return replace(
        figures,
        before=figures.before if question.shown is None else dict(question.shown),
        changes=replace(figures.changes, lowered=lowered),
        revised=question.revised,
    )


def _revised(there: list[Edition]) -> tuple[Revised, ...]:
    """The last revision; where its files were altered, nobody can tell what it showed: the one before too."""
    found = []
    for one in reversed(there):
        found.append(Revised(f"r{one.revision}", one.as_of, one.sealed_at))
        if not one.altered():
            break
    return tuple(found)


def _together(lowered: Iterable[Iterable[Lowered]]) -> list[Lowered]:
    """Each target once, against what was shown last; what is no longer attained first, then by plan."""
    found: dict[tuple[str, date], Lowered] = {}
    for pairs in lowered:
        for pair in pairs:
            found.setdefault((pair.then["target"], pair.then["period_start"]), pair)
    return sorted(found.values(), key=_most_pressing_first)


def _most_pressing_first(pair: Lowered) -> tuple[bool, int, int]:
    return not pair.lost, pair.now["plan_position"], pair.now["position"]
