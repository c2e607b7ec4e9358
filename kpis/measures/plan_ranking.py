"""Plans by how their targets stand, the worst first (design.md §5, The overview of many plans)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import MET_STATUSES, STATUSES, Attainment, TargetStatus
from kpis.measures.status_overview import StatusCounts, count_statuses, group_by_plan, select_judged

_RANKING_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind", "no_data")
"""By the share of these, one after another, plans are ranked."""


@dataclass(frozen=True)
class Standing:
    """How the targets stand that are judged this year, of a plan or of several; `is_read`: figures were ever read."""

    plan: str
    counts: StatusCounts
    is_read: bool

    @property
    def judged(self) -> int:
        """How many targets are judged."""
        return sum(self.counts.values())

    @property
    def met(self) -> int:
        """How many are attained, late or not."""
        return sum(self.counts[status] for status in MET_STATUSES)

    @property
    def worst(self) -> TargetStatus | None:
        """The worst status that any target has; None without a judged target."""
        return next((status for status in STATUSES if self.counts.get(status)), None)

    def compute_share(self, status: TargetStatus) -> Fraction:
        """Return the share of the judged targets with this status; 0 without a judged target."""
        return Fraction(self.counts[status], self.judged) if self.judged else Fraction(0)


def rank_plans(rows: Iterable[Attainment], names: Mapping[str, str], read_plans: Collection[str]) -> list[Standing]:
    """Return the standing of each of the plans in `names`, the worst first."""
    by_plan = group_by_plan(select_judged(rows))
    standings = [Standing(plan, count_statuses(by_plan.get(plan, ())), plan in read_plans) for plan in names]
    return sort_standings(standings, names)


def sort_standings(standings: Iterable[Standing], names: Mapping[str, str]) -> list[Standing]:
    """Return standings, the worst first; `names`: plan -> its name.

    First the greatest share overdue, then behind, then without data; ties in Vietnamese order of the names. Plans that
    were never read come last: their statuses are no results.
    """
    return sorted(standings, key=lambda standing: _get_order(standing, names[standing.plan]))


def add_standings(standings: Sequence[Standing]) -> Standing:
    """Return the standing of all targets of several plans of one place; of those that were read, if any was."""
    chosen = [standing for standing in standings if standing.is_read] or standings
    counts = {status: sum(standing.counts[status] for standing in chosen) for status in standings[0].counts}
    return Standing(standings[0].plan, counts, chosen[0].is_read)


def _get_order(standing: Standing, name: str) -> tuple[object, ...]:
    shares = [-standing.compute_share(status) for status in _RANKING_STATUSES]
    if not standing.is_read:
        return True, to_sort_key(name)
    return False, *shares, to_sort_key(name)
