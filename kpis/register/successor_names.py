"""Which agency each file means as a successor, and which agencies may share a name (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kpis.register.communes import Commune
from kpis.register.model import Agency
from kpis.register.names import to_agency_key
from kpis.register.record import Record

AgencyRecord = tuple[Record, Agency]


class SuccessorNames:
    """The successors of the agencies of all plans by canonical name, found before any name has an owner.

    An agency that has ended may share a name with the one that stands for it: a row under the name is the former's or
    the latter's by its day.
    """

    def __init__(self, agencies: Iterable[AgencyRecord], communes: Mapping[str, Iterable[Commune]]) -> None:
        listed = [agency for _, agency in agencies]
        self._names: dict[tuple[str, str], str] = {}
        self._aliases: dict[tuple[str, str], list[str]] = {}
        for plan, name, aliases in _list_bodies(listed, communes):
            self._names.setdefault((plan, to_agency_key(name)), name)
            for alias in aliases:
                self._aliases.setdefault((plan, to_agency_key(alias)), []).append(name)
        self._successors = {
            (agency.plan, agency.name): successor
            for agency in listed
            if agency.successor is not None and (successor := self._find(agency, agency.successor)) is not None
        }

    def resolve(self, agency: Agency) -> Agency:
        """Return an agency with the canonical name of its successor, as it is written if no other agency has it."""
        name = self._successors.get((agency.plan, agency.name))
        return agency if name is None else replace(agency, successor=name)

    def list_chain(self, plan: str, agency: str) -> list[str]:
        """Return the successors of an agency in order, up to the first one that comes twice."""
        chain: list[str] = []
        current = self._successors.get((plan, agency))
        while current is not None and current not in chain:
            chain.append(current)
            current = self._successors.get((plan, current))
        return chain

    def find_former(self, plan: str, first: str, second: str) -> str | None:
        """Return which of two agencies has ended, if the other one follows it."""
        if second in self.list_chain(plan, first):
            return first
        return second if first in self.list_chain(plan, second) else None

    def check(self, record: Record, agency: Agency) -> None:
        """Add the fault of an agency that would follow itself."""
        chain = self.list_chain(agency.plan, agency.name)
        is_own_name = agency.successor is not None and to_agency_key(agency.successor) == to_agency_key(agency.name)
        if agency.name in chain or is_own_name:
            path = " → ".join([agency.name, *(chain or [agency.name])])
            text = "the agency would be its own successor ({path}); correct or remove one of these successors"
            record.add_fault("successor", text, path=path)

    def _find(self, agency: Agency, text: str) -> str | None:
        """Return the other agency that a text names: by its name, else by an alias."""
        key = agency.plan, to_agency_key(text)
        names = [self._names.get(key), *self._aliases.get(key, ())]
        return next((name for name in names if name not in (None, agency.name)), None)


def _list_bodies(
    agencies: Iterable[Agency], communes: Mapping[str, Iterable[Commune]]
) -> Iterator[tuple[str, str, Iterable[str]]]:
    for agency in agencies:
        yield agency.plan, agency.name, agency.aliases
    for plan, communes_of_plan in communes.items():
        for commune in communes_of_plan:
            yield plan, commune.agency, commune.aliases
