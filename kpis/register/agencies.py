"""The agencies of every plan: listed ones and the communes' committees; every name is unique in its plan."""

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
    """The agencies and collectives of one plan, and the owner of each name or alias (by `to_agency_key`)."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    collectives: dict[str, Collective] = field(default_factory=dict)
    owners: dict[str, Agency | Collective] = field(default_factory=dict)

    def find_agency(self, name: str) -> str | None:
        """Return the canonical name of a single agency, by name or alias; None if there is none."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if isinstance(owner, Agency) else None

    def find(self, name: str) -> str | None:
        """Return the canonical name of an agency or a collective; None if there is none."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if owner else None


def build_plan_agencies(records: RegisterRecords, plans: Mapping[str, Plan]) -> dict[str, PlanAgencies]:
    """Return, by plan, the listed agencies, then "UBND <commune>" for every commune of a province's plan."""
    plan_agencies = {plan: PlanAgencies() for plan in plans}
    communes = {plan: _list_communes(records.plan[plan], plans[plan]) for plan in plans}
    places = {plan: _list_place_names(plans[plan], communes[plan]) for plan in plans}
    committees = {plan: {to_agency_key(c.agency): c.agency for c in communes[plan]} for plan in plans}
    agencies = [(record, _build_agency(record, committees)) for record in records.agency.values()]
    collectives = [(record, builders.build_collective(record)) for record in records.collective.values()]
    # The overlay's names last: if two clash, the error names the overlay.
    claims: list[tuple[Record, Agency | Collective]] = [*agencies, *collectives]
    for record, body in sorted(claims, key=lambda claim: claim[0].has_overlay):
        _claim(plan_agencies[body.plan], record, body, places[body.plan], committees[body.plan])
    for _, agency in agencies:
        plan_agencies[agency.plan].agencies[agency.name] = agency
    for _, collective in collectives:
        plan_agencies[collective.plan].collectives[collective.name] = collective
    for plan in plans:
        if plans[plan].kind == "province":
            _add_communes(plan_agencies[plan], plan, communes[plan])
    return plan_agencies


def _build_agency(record: Record, committees: Mapping[str, Mapping[str, str]]) -> Agency:
    """Return a listed agency; a commune's committee gets its canonical name, however the list spells it."""
    agency = builders.build_agency(record)
    return replace(agency, name=committees[agency.plan].get(to_agency_key(agency.name), agency.name))


def _list_communes(record: Record, plan: Plan) -> tuple[Commune, ...]:
    communes = list_communes(plan.province)
    if communes is None:
        raise record.build_error("province", "there is no province “{name}”", name=plan.province)
    return communes


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
        agency = plan_agencies.agencies.get(commune.agency, Agency(plan, commune.agency, "commune", (), "inferred"))
        owner = plan_agencies.owners.setdefault(to_agency_key(commune.agency), agency)
        # The register may use the short form as a name of another body.
        short_names = [
            name for name in commune.aliases if plan_agencies.owners.setdefault(to_agency_key(name), owner) is owner
        ]
        aliases = (*agency.aliases, *short_names)
        plan_agencies.agencies[agency.name] = replace(agency, kind="commune", aliases=aliases)
