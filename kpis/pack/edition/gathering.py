"""The baseline that an edition is compared with: for a new edition, or as stored in a sealed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kpis.measures.changes import LoweredFigure, list_lowered_figures
from kpis.measures.doubtful_entries import PeriodKey, get_period_key
from kpis.pack.edition import comparison
from kpis.pack.edition.folders import FORMAT, Edition, find_earlier_edition, get_folder, list_revisions
from kpis.pack.figures.edition_figures import EditionFigures, FiguresQuery
from kpis.pack.figures.gather import gather_figures
from kpis.pack.figures.previous_edition import EarlierRevision, PreviousEdition
from kpis.pack.figures.weeks import Week
from kpis.store.database import Database


@dataclass(frozen=True)
class Baseline:
    """The query of an edition, and the edition of an earlier week that it is compared with, if any.

    `previous_statuses`: target -> status in that edition; None if there is none or it cannot be read.
    `earlier_revisions`: the revisions of the same week to compare with as well, the latest first.
    """

    query: FiguresQuery
    previous: PreviousEdition | None = None
    previous_statuses: Mapping[str, str] | None = None
    earlier_revisions: tuple[EarlierRevision, ...] = ()


def new_baseline(out: Path, week: Week, first_query: FiguresQuery) -> Baseline:
    """Return the baseline of an edition sealed now; `first_query` is the query if none was sealed before."""
    revisions = list_revisions(get_folder(out, week, first_query.plan, first_query.lang))
    earlier_revisions = _list_earlier_revisions(revisions)
    previous = find_earlier_edition(out, week, first_query.plan, first_query.lang)
    if previous is None:
        return Baseline(first_query, earlier_revisions=earlier_revisions)
    query = replace(first_query, since=previous.as_of, since_known_at=previous.sealed_at)
    return Baseline(query, previous.as_previous, comparison.read_statuses(previous), earlier_revisions)


def sealed_baseline(edition: Edition) -> Baseline:
    """Return the baseline of a sealed edition from its own stored figures, not from the other editions.

    Raises EditionError if those figures are lost or damaged.
    """
    query = FiguresQuery(
        edition.as_of, edition.plan, edition.since, edition.since_known_at, edition.lang, edition.format < FORMAT
    )
    statuses, revisions = comparison.read_compared_with(edition)
    return Baseline(query, previous_statuses=statuses, earlier_revisions=revisions)


def gather_against(db: Database, pointer: Path, baseline: Baseline, now: datetime) -> EditionFigures:
    """Gather the figures compared with a baseline; `now` (naive UTC) gives the age of the sources."""
    figures = gather_figures(db, pointer, baseline.query, now)
    rows = [row for place in figures.places for row in place.targets]
    question = baseline.query.question
    lowered = figures.changes.lowered_figures
    if baseline.earlier_revisions:
        since_revisions = [
            list_lowered_figures(
                db,
                question,
                replace(question, as_of=revision.as_of, known_at=revision.sealed_at),
                current_rows=rows,
            )
            for revision in baseline.earlier_revisions
        ]
        lowered = _merge_lowered([*since_revisions, lowered])
    statuses = baseline.previous_statuses
    return replace(
        figures,
        previous_statuses=figures.previous_statuses if statuses is None else dict(statuses),
        changes=replace(figures.changes, lowered_figures=lowered),
        earlier_revisions=baseline.earlier_revisions,
    )


def _list_earlier_revisions(revisions: list[Edition]) -> tuple[EarlierRevision, ...]:
    """Return the last revision; if its files were altered, also the one before, and so on."""
    earlier = []
    for edition in reversed(revisions):
        earlier.append(EarlierRevision(f"r{edition.revision}", edition.as_of, edition.sealed_at))
        if not edition.list_altered_files():
            break
    return tuple(earlier)


def _merge_lowered(lowered: Iterable[Iterable[LoweredFigure]]) -> list[LoweredFigure]:
    """Return each target once, compared with its latest edition; targets no longer attained come first."""
    latest: dict[PeriodKey, LoweredFigure] = {}
    for pairs in lowered:
        for pair in pairs:
            latest.setdefault(get_period_key(pair.known_row), pair)
    return sorted(latest.values(), key=_rank_by_urgency)


def _rank_by_urgency(pair: LoweredFigure) -> tuple[bool, int, int]:
    return not pair.lost_attainment, pair.current_row["plan_position"], pair.current_row["position"]
