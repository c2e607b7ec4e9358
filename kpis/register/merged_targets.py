"""The targets of plans whose agencies were merged or renamed: as they are from each such day on (design.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpis.register.judged import Period
from kpis.register.model import Register, Target
from kpis.register.periods import list_periods
from kpis.register.successors import Successors


def add_merged_targets(register: Register) -> Register:
    """Return the register with a copy of each target for each day from which other agencies answer for it.

    The target itself has the agencies that the plan names and judges the days before the first of these days; a copy is
    named `<id>@<day>`. A period that was due before such a day keeps the agencies of before.
    """
    copies, judged = dict(register.earlier_targets), dict(register.judged_periods)
    for plan in {agency.plan for agency in register.agencies if agency.successor is not None}:
        successors = Successors(register.agencies, plan)
        for target in [each for each in register.all_targets.values() if each.plan == plan]:
            periods = list_periods(register, target)
            judged[target.id] = tuple(_cut_periods(periods, None, successors.days))
            for day in successors.days:
                copy = _merge_agencies(target, day, successors)
                judged_by_copy = [
                    replace(period, target=copy.id) for period in _cut_periods(periods, day, successors.days)
                ]
                if judged_by_copy:
                    copies[copy.id], judged[copy.id] = copy, tuple(judged_by_copy)
    return replace(register, earlier_targets=copies, judged_periods=judged)


def _cut_periods(periods: Sequence[Period], day: date | None, days: Sequence[date]) -> Iterator[Period]:
    """Yield each period with the days on which it judges with the agencies of `day` (None: those that the plan names).

    These are the days until before the next one from which others answer, if the period is still running then.
    """
    for period in periods:
        running = [each for each in days if each <= period.due_on]
        if day is not None and day not in running:
            continue
        following = next((each for each in running if day is None or each > day), None)
        starts = [each for each in (period.judged_from, day) if each is not None]
        ends = [each for each in (period.judged_until, following) if each is not None]
        begins, until = max(starts, default=None), min(ends, default=None)
        if day is None and begins is not None and until is not None:
            until = max(begins, until)  # what the plan names judges no day then, and keeps its periods
        if day is None or begins is None or until is None or begins < until:
            yield replace(period, judged_from=begins, judged_until=until)


def _merge_agencies(target: Target, day: date, successors: Successors) -> Target:
    """Return a copy of a target as it is from a day on: with the agencies that stand for those it names."""
    return replace(
        target,
        id=f"{target.id}@{day.isoformat()}",
        version_of=target.version_of or target.id,
        lead=successors.find(target.lead, day),
        named_lead=target.lead,
        roster=tuple(dict.fromkeys(successors.find(agency, day) for agency in target.roster)),
        shares=_add_up_shares(target.shares, day, successors),
    )


def _add_up_shares(shares: Mapping[str, Decimal], day: date, successors: Successors) -> dict[str, Decimal]:
    """Return the shares with those of the predecessors of each agency added to its own."""
    merged: dict[str, Decimal] = {}
    for agency, share in shares.items():
        name = successors.find(agency, day)
        merged[name] = merged.get(name, Decimal(0)) + share
    return merged
