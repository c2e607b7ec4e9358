"""The kinds of agencies: communes are listed after departments, and counted where many owe the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kpis.language.normalization import to_sort_key
from kpis.measures.query import DatabaseReader, fetch_current_rows

COMMUNE = "commune"


@dataclass(frozen=True)
class AgencyKinds:
    """The kind of each agency that can report by itself, by plan and name; others (a collective) have none."""

    kinds: Mapping[tuple[str, str], str]

    def has_page(self, plan: str, agency: str) -> bool:
        """True if it is a single agency of the plan: a collective has no page of its own."""
        return (plan, agency) in self.kinds

    def is_commune(self, plan: str, agency: str) -> bool:
        """True for the committee of a commune, ward or special zone."""
        return self.kinds.get((plan, agency)) == COMMUNE

    def list_communes(self, plan: str) -> list[str]:
        """Return the communes of a plan in Vietnamese order."""
        names = (agency for (of, agency), kind in self.kinds.items() if of == plan and kind == COMMUNE)
        return sorted(names, key=to_sort_key)

    def get_order(self, plan: str, agency: str) -> tuple[bool, tuple[object, ...]]:
        """Return a key that sorts departments before communes, each in Vietnamese order."""
        return self.is_commune(plan, agency), (to_sort_key(agency),)


def load_agency_kinds(db: DatabaseReader, plans: Collection[str] | None) -> AgencyKinds:
    """Return the kinds of the agencies of some plans, or of all for None."""
    params = {"plans": None if plans is None else sorted(plans)}
    rows = fetch_current_rows(db, "kpis.measures", "agency_kinds", params)
    return AgencyKinds({(str(row["plan"]), str(row["agency"])): str(row["kind"]) for row in rows})
