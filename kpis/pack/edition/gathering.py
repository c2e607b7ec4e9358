"""What an edition asks of the figures, and against what it is held: asked anew, or as it was once sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from kpis.measures.changes import LoweredFigure, list_lowered_figures
from kpis.pack.edition import comparison
from kpis.pack.edition.folders import Edition, find_earlier_edition, get_folder, list_revisions
from kpis.pack.figures.gather import EditionFigures, FiguresQuery, gather_figures
from kpis.pack.figures.previous_edition import EarlierRevision, PreviousEdition
from kpis.pack.figures.weeks import Week
from kpis.store.database import Database


@dataclass(frozen=True)
class Baseline:
    """What is asked, and the edition of the week before that it is held against, if any.

    `shown`: how its targets stood there (target -> status); None where it cannot be read, or there is none.
    `revised`: the revisions of the same week that this one stands beside, the latest first.
    """

    query: FiguresQuery
    previous: PreviousEdition | None = None
    previous_statuses: Mapping[str, str] | None = None
    earlier_revisions: tuple[EarlierRevision, ...] = ()


def new_baseline(out: Path, week: Week, first_query: FiguresQuery) -> Baseline:
    """What would be sealed now; `first` is what is asked where nothing has been sealed before."""
    there = list_revisions(get_folder(out, week, first_query.plan, first_query.lang))
    former = find_earlier_edition(out, week, first_query.plan, first_query.lang)
    if former is None:
        return Baseline(first_query, earlier_revisions=_list_earlier_revisions(there))
    asked = replace(first_query, since=former.as_of, since_known_at=former.sealed_at)
    return Baseline(
        asked, former.as_previous, comparison.read_statuses(former), _list_earlier_revisions(there)
    )


def sealed_baseline(edition: Edition) -> Baseline:
    """What a sealed edition was asked, from the figures that it keeps: whatever became of the others."""
    asked = FiguresQuery(edition.as_of, edition.plan, edition.since, edition.known_then, edition.lang)
    shown, revised = comparison.read_compared_with(edition)
    return Baseline(asked, previous_statuses=shown, earlier_revisions=revised)


def gather_against(db: Database, pointer: Path, baseline: Baseline, now: datetime) -> EditionFigures:
    """The figures asked for; `now` (naive UTC) is the moment of sealing, for the age of the sources."""
    figures = gather_figures(db, pointer, baseline.query, now)
    rows = [row for place in figures.places for row in place.targets]
    as_of, plan = baseline.query.as_of, baseline.query.plan
    also = [
        list_lowered_figures(db, as_of, one.as_of, one.sealed_at, plan, current_rows=rows)
        for one in baseline.earlier_revisions
    ]
    lowered = (
        _merge_lowered([*also, figures.changes.lowered_figures]) if also else figures.changes.lowered_figures
    )
    return replace(
        figures,
        previous_statuses=figures.previous_statuses
        if baseline.previous_statuses is None
        else dict(baseline.previous_statuses),
        changes=replace(figures.changes, lowered_figures=lowered),
        earlier_revisions=baseline.earlier_revisions,
    )


def _list_earlier_revisions(revisions: list[Edition]) -> tuple[EarlierRevision, ...]:
    """The last revision; where its files were altered, nobody can tell what it showed: the one before too."""
    found = []
    for one in reversed(revisions):
        found.append(EarlierRevision(f"r{one.revision}", one.as_of, one.sealed_at))
        if not one.list_altered_files():
            break
    return tuple(found)


def _merge_lowered(lowered: Iterable[Iterable[LoweredFigure]]) -> list[LoweredFigure]:
    """Each target once, against what was shown last; what is no longer attained first, then by plan."""
    found: dict[tuple[str, date], LoweredFigure] = {}
    for pairs in lowered:
        for pair in pairs:
            found.setdefault((pair.known_row["target"], pair.known_row["period_start"]), pair)
    return sorted(found.values(), key=_rank_by_urgency)


def _rank_by_urgency(pair: LoweredFigure) -> tuple[bool, int, int]:
    return not pair.lost_attainment, pair.current_row["plan_position"], pair.current_row["position"]
