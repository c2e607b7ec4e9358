"""Names as people type them: which agency or target of a plan a text means (design.md §3, §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kpis.language.normalization import fold
from kpis.register.model import Agency, Collective, Register, Target
from kpis.register.successors import Successors

_COMMITTEE_KEY = fold("Ủy ban nhân dân")
_STATE_BODIES = frozenset(("department", "office", "police", "inspectorate", "tax", "customs", "military"))
_COMMITTEE_PREFIXES = {
    "wards": fold("UBND phường "),
    "rural_communes": fold("UBND xã "),
    "special_zones": fold("UBND đặc khu "),
}


@dataclass(frozen=True)
class AmbiguousTarget:
    """A text that means more than one target of the plan: their ids, in the plan's order."""

    candidates: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def to_agency_key(text: str) -> str:
    """Return a key that is equal for equivalent agency names: `fold`, "Ủy ban nhân dân" as "UBND" (§3)."""
    return fold(text).replace(_COMMITTEE_KEY, "ubnd")


class AgencyNames:
    """The single agencies of one plan by name and alias; no collectives, which cannot report.

    A name that an agency which has ended shares with its successor is the former's; `find_on` tells them apart.
    """

    def __init__(self, register: Register, plan: str) -> None:
        self.successors = Successors(register.agencies, plan)
        self._names: dict[str, str] = {}
        for agency in register.agencies:
            if agency.plan == plan:
                for text in (agency.name, *agency.aliases):
                    owner = self._names.setdefault(to_agency_key(text), agency.name)
                    if owner in self.successors.list_chain(agency.name):
                        self._names[to_agency_key(text)] = agency.name

    def find(self, text: str) -> str | None:
        """Return the canonical name of the agency that `text` names; None if it names none."""
        return self._names.get(to_agency_key(text))

    def find_on(self, text: str, day: date) -> str | None:
        """Return the agency that a name means on a day: the one that then stands for it."""
        name = self.find(text)
        return None if name is None else self.successors.find(name, day)


class TargetNames:
    """The targets of one plan by id, title (vi, en), and by indicator if the plan has one target on it."""

    def __init__(self, register: Register, plan: str, targets: Iterable[Target] | None = None) -> None:
        """`targets`: those of one version of the plan; by default those that it has, or had at last."""
        if targets is None:
            targets = register.targets.values()
        targets = [target for target in targets if target.plan == plan]
        self._ids = {fold(target.id): target.id for target in targets}
        self._titles = _group_by_name(
            (text, target.id) for target in targets for text in (target.title_vi, target.title_en)
        )
        indicators = register.indicators
        self._indicators = _group_by_name(
            (text, target.id)
            for target in targets
            for indicator in [indicators[target.indicator]]
            for text in (indicator.id, indicator.name_vi, indicator.name_en)
        )

    def find(self, text: str) -> str | AmbiguousTarget | None:
        """Return the id of the target that `text` names, AmbiguousTarget for several, None for none."""
        key = fold(text)
        if key in self._ids:
            return self._ids[key]
        # A title that equals the name of an indicator does not hide the other targets of that indicator.
        matches = {*self._titles.get(key, ()), *self._indicators.get(key, ())}
        candidates = tuple(target for target in self._ids.values() if target in matches)
        if not candidates:
            return None
        return candidates[0] if len(candidates) == 1 else AmbiguousTarget(candidates)


def is_member(agency: Agency, collective: Collective) -> bool:
    """True if an agency is a member of a collective of its plan, by its name or its kind."""
    if agency.plan != collective.plan:
        return False
    return agency.name in collective.members or any(_is_of_kind(agency, kind) for kind in collective.members)


def _is_of_kind(agency: Agency, member_kind: str) -> bool:
    match member_kind:
        case "communes":
            return agency.kind == "commune"
        case "departments":
            return agency.kind in _STATE_BODIES
        case "all":
            return agency.kind == "commune" or agency.kind in _STATE_BODIES
        case _:
            prefix = _COMMITTEE_PREFIXES.get(member_kind)
            return prefix is not None and agency.kind == "commune" and to_agency_key(agency.name).startswith(prefix)


def _group_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, dict[str, None]] = {}
    for text, target in pairs:
        groups.setdefault(fold(text), {})[target] = None
    return {key: tuple(targets) for key, targets in groups.items()}
