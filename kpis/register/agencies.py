"""The agencies of every plan: listed ones and the communes' committees; no name means two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kpis.language.normalization import fold
from kpis.register import builders
from kpis.register.communes import Commune, list_communes
from kpis.register.gather import RegisterRecords
from kpis.register.model import Agency, Collective, Plan
from kpis.register.names import to_agency_key
from kpis.register.record import Record


@dataclass
class PlanAgencies:
    """The agencies and collectives of one plan, and who claims each name or alias (by `agency_key`)."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    collectives: dict[str, Collective] = field(default_factory=dict)
    owners: dict[str, Agency | Collective] = field(default_factory=dict)

    def find_agency(self, name: str) -> str | None:
        """The canonical name of a single agency, by name or alias."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if isinstance(owner, Agency) else None

    def find(self, name: str) -> str | None:
        """The canonical name of an agency or a collective."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if owner else None


def build_plan_agencies(records: RegisterRecords, plans: Mapping[str, Plan]) -> dict[str, PlanAgencies]:
    """By plan: what the lists hold, then "UBND <commune>" for every commune of a province's plan."""
    found = {plan: PlanAgencies() for plan in plans}
    listed = {plan: _list_communes(records.plan[plan], plans[plan]) for plan in plans}
    places = {plan: _list_place_names(plans[plan], listed[plan]) for plan in plans}
    committees = {plan: {to_agency_key(c.agency): c.agency for c in listed[plan]} for plan in plans}
    agencies = [(record, _build_agency(record, committees)) for record in records.agency.values()]
    collectives = [(record, builders.build_collective(record)) for record in records.collective.values()]
    # The overlay's names last: where two clash, the refusal names the overlay.
    claims: list[tuple[Record, Agency | Collective]] = [*agencies, *collectives]
    for record, body in sorted(claims, key=lambda claim: claim[0].has_overlay):
        _claim(found[body.plan], record, body, places[body.plan], committees[body.plan])
    for _, agency in agencies:
        found[agency.plan].agencies[agency.name] = agency
    for _, collective in collectives:
        found[collective.plan].collectives[collective.name] = collective
    for plan in plans:
        if plans[plan].kind == "province":
            _add_communes(found[plan], plan, listed[plan])
    return found


def _build_agency(record: Record, committees: Mapping[str, Mapping[str, str]]) -> Agency:
    """An agency as listed; a commune's committee, however the list spells it, by the name made for it."""
    made = builders.build_agency(record)
    return replace(made, name=committees[made.plan].get(to_agency_key(made.name), made.name))


def _list_communes(record: Record, plan: Plan) -> tuple[Commune, ...]:
    found = list_communes(plan.province)
    if found is None:
        raise record.build_error("province", "no province is called “{name}”", name=plan.province)
    return found


def _list_place_names(plan: Plan, communes_of_plan: Iterable[Commune]) -> frozenset[str]:
    texts = [
        plan.province,
        plan.place,
        *(text for commune in communes_of_plan for text in (commune.official_name, commune.short_name)),
    ]
    return frozenset(fold(text) for text in texts)


def _claim(
    plan_agencies: PlanAgencies,
    record: Record,
    body: Agency | Collective,
    places: frozenset[str],
    committees: Mapping[str, str],
) -> None:
    for key, text in [("name", body.name), *(("aliases", alias) for alias in body.aliases)]:
        if fold(text) in places:
            raise record.build_error(key, "“{text}” is the bare name of a place, not of an agency", text=text)
        owner = plan_agencies.owners.setdefault(to_agency_key(text), body)
        committee = committees.get(to_agency_key(text), body.name)
        if owner is not body or committee != body.name:
            name = committee if owner is body else owner.name
            raise record.build_error(key, "“{text}” already names “{owner}”", text=text, owner=name)


def _add_communes(plan_agencies: PlanAgencies, plan: str, communes_of_plan: Iterable[Commune]) -> None:
    for commune in communes_of_plan:
        made = plan_agencies.agencies.get(
            commune.agency, Agency(plan, commune.agency, "commune", (), "inferred")
        )
        owner = plan_agencies.owners.setdefault(to_agency_key(commune.agency), made)
        # The short form gives way where the register has given it to another body.
        short = [
            name
            for name in commune.aliases
            if plan_agencies.owners.setdefault(to_agency_key(name), owner) is owner
        ]
        plan_agencies.agencies[made.name] = replace(made, kind="commune", aliases=(*made.aliases, *short))
