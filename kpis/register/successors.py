"""Agencies that were merged or renamed: who stands for whom, from which day on (design.md §4, §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kpis.register.model import Agency


@dataclass(frozen=True)
class Succession:
    """An agency that has ended, and one that stands for it from `from_day` until before `until_day` (None: still).

    Of a chain each agency has one for every later one: what A became, and what that became.
    """

    plan: str
    agency: str
    successor: str
    from_day: date
    until_day: date | None


def list_successions(agencies: Iterable[Agency]) -> list[Succession]:
    """Return who stands for each agency that has ended, its chain followed in order; no agency is in a circle."""
    by_name = {(agency.plan, agency.name): agency for agency in agencies}
    return [
        Succession(agency.plan, agency.name, successor, from_day, until_day)
        for agency in by_name.values()
        if agency.successor is not None
        for successor, from_day, until_day in _follow(agency, by_name)
    ]


def _follow(agency: Agency, by_name: Mapping[tuple[str, str], Agency]) -> Iterator[tuple[str, date, date | None]]:
    """Yield each agency of a chain with the days on which it stands for the first; one of no day is left out."""
    heirs: list[tuple[str, date]] = []
    current: Agency | None = agency
    while current is not None and current.successor is not None and current.successor_from is not None:
        # An agency that joins one which had ended by then goes on to that one's successor at once.
        from_day = max(current.successor_from, heirs[-1][1]) if heirs else current.successor_from
        if heirs and heirs[-1][1] == from_day:
            heirs.pop()
        heirs.append((current.successor, from_day))
        current = by_name.get((agency.plan, current.successor))
    for number, (successor, from_day) in enumerate(heirs):
        yield successor, from_day, heirs[number + 1][1] if number + 1 < len(heirs) else None


class Successors:
    """Who stands for the agencies of one plan."""

    def __init__(self, agencies: Iterable[Agency], plan: str) -> None:
        self._by_agency: dict[str, list[Succession]] = {}
        for succession in list_successions(agency for agency in agencies if agency.plan == plan):
            self._by_agency.setdefault(succession.agency, []).append(succession)

    def __bool__(self) -> bool:
        return bool(self._by_agency)

    @property
    def days(self) -> list[date]:
        """The days from which another agency stands for one, in order."""
        return sorted({each.from_day for successions in self._by_agency.values() for each in successions})

    def list_agencies(self) -> list[str]:
        """Return the agencies for which another one stands at some time."""
        return list(self._by_agency)

    def list_successions(self, agency: str) -> list[Succession]:
        """Return who stands for an agency, in order; none if it has not ended."""
        return self._by_agency.get(agency, [])

    def find(self, agency: str, day: date) -> str:
        """Return the agency that stands for one on a day: itself, unless it has ended."""
        names = [each.successor for each in self.list_successions(agency) if each.from_day <= day]
        return names[-1] if names else agency

    def list_chain(self, agency: str) -> list[str]:
        """Return an agency and those that stand for it later, in order."""
        return [agency, *(each.successor for each in self.list_successions(agency))]

    def list_predecessors(self, agency: str, day: date) -> list[str]:
        """Return the agencies for which one stands on a day."""
        return [name for name in self._by_agency if name != agency and self.find(name, day) == agency]
