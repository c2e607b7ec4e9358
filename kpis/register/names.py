"""Names as people type them: the agency or target a text means within one plan (design.md §3, §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kpis.language.normalization import fold
from kpis.register.model import Agency, Collective, Register

_COMMITTEE_KEY = fold("Ủy ban nhân dân")


@dataclass(frozen=True)
class AmbiguousTarget:
    """A text that means more than one target of the plan: their ids, in the plan's order."""

    candidates: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def to_agency_key(text: str) -> str:
    """Key under which two agency names are one: `fold`, with "Ủy ban nhân dân" as "UBND" (§3)."""
    return fold(text).replace(_COMMITTEE_KEY, "ubnd")


class AgencyNames:
    """The single agencies of one plan by name and alias; a collective is none of them: it cannot report."""

    def __init__(self, register: Register, plan: str) -> None:
        self._names = {
            to_agency_key(text): agency.name
            for agency in register.agencies
            if agency.plan == plan
            for text in (agency.name, *agency.aliases)
        }

    def find(self, text: str) -> str | None:
        """The canonical name of the agency that `text` names, None when it names none."""
        return self._names.get(to_agency_key(text))


class TargetNames:
    """The targets of one plan by id, title (vi, en), and indicator where the plan has one target on it."""

    def __init__(self, register: Register, plan: str) -> None:
        targets = [target for target in register.targets.values() if target.plan == plan]
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
        """The id of the target that `text` names, `Ambiguous` for several, None for none."""
        key = fold(text)
        if key in self._ids:
            return self._ids[key]
        # A title never takes over the name of an indicator that other targets stand on.
        named = {*self._titles.get(key, ()), *self._indicators.get(key, ())}
        candidates = tuple(target for target in self._ids.values() if target in named)
        if not candidates:
            return None
        return candidates[0] if len(candidates) == 1 else AmbiguousTarget(candidates)


def list_members(register: Register, collective: Collective) -> tuple[str, ...]:
    """The agencies of a collective, in the register's order; none where only the plan's text knows them."""
    return tuple(agency.name for agency in register.agencies if is_member(agency, collective))


def is_member(agency: Agency, collective: Collective) -> bool:
    """Whether an agency is a member of a collective of its plan."""
    if agency.plan != collective.plan:
        return False
    match collective.members:
        case "communes":
            return agency.kind == "commune"
        case "departments":
            return agency.kind == "department"
        case "all":
            return True
        case "other":
            return False


def _group_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for text, target in pairs:
        found.setdefault(fold(text), {})[target] = None
    return {key: tuple(targets) for key, targets in found.items()}
