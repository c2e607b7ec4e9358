"""The agencies of every plan: listed ones and the communes' committees; every name is unique in its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kpis.language.normalization import fold
from kpis.register import builders
from kpis.register.communes import Commune, list_communes, list_provinces
from kpis.register.gather import RegisterRecords
from kpis.register.model import MEMBER_KINDS, Agency, Collective, Plan
from kpis.register.names import to_agency_key
from kpis.register.record import Record, find_nearest
from kpis.register.successor_names import SuccessorNames


@dataclass
class PlanAgencies:
    """The agencies and collectives of one plan, and the owner of each name or alias (by `to_agency_key`).

    `lacks_communes`: the plan's province is unknown, so its communes' committees are not among them.
    """

    agencies: dict[str, Agency] = field(default_factory=dict)
    collectives: dict[str, Collective] = field(default_factory=dict)
    owners: dict[str, Agency | Collective] = field(default_factory=dict)
    lacks_communes: bool = False

    def find_agency(self, name: str) -> str | None:
        """Return the canonical name of a single agency, by name or alias; None if there is none."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if isinstance(owner, Agency) else None

    def list_names(self) -> list[str]:
        """Return every name and alias of the plan."""
        bodies = {id(body): body for body in self.owners.values()}.values()
        return [text for body in bodies for text in (body.name, *body.aliases)]

    def find(self, name: str) -> str | None:
        """Return the canonical name of an agency or a collective; None if there is none."""
        owner = self.owners.get(to_agency_key(name))
        return owner.name if owner else None


def build_plan_agencies(records: RegisterRecords, plans: Mapping[str, Plan]) -> dict[str, PlanAgencies]:
    """Return, by plan, the listed agencies, then "UBND <commune>" for every commune of a province's plan."""
    plan_agencies = {plan: PlanAgencies() for plan in plans}
    communes = {plan: _list_communes(records.plan[plan], plans[plan], plan_agencies[plan]) for plan in plans}
    places = {plan: _list_place_names(plans[plan], communes[plan]) for plan in plans}
    committees = {plan: {to_agency_key(c.agency): c.agency for c in communes[plan]} for plan in plans}
    listed = [(record, _build_agency(record, committees)) for record in records.agency.values()]
    names = SuccessorNames(listed, communes)
    agencies = [(record, names.resolve(agency)) for record, agency in listed]
    collectives = [(record, builders.build_collective(record)) for record in records.collective.values()]
    # The overlay's names last: if two clash, the error names the overlay.
    claims: list[tuple[Record, Agency | Collective]] = [*agencies, *collectives]
    for record, body in sorted(claims, key=lambda claim: claim[0].has_overlay):
        _claim(plan_agencies[body.plan], record, body, places[body.plan], committees[body.plan], names)
    for _, agency in agencies:
        plan_agencies[agency.plan].agencies[agency.name] = agency
    for plan in plans:
        if plans[plan].kind == "province":
            _add_communes(plan_agencies[plan], plan, communes[plan])
    for record, agency in agencies:
        _check_successor(record, agency, plan_agencies[agency.plan], names)
    for record, collective in collectives:
        group = _resolve_members(record, collective, plan_agencies[collective.plan])
        plan_agencies[collective.plan].collectives[collective.name] = group
    return plan_agencies


def _resolve_members(record: Record, collective: Collective, plan_agencies: PlanAgencies) -> Collective:
    """Return a collective with the canonical names of the members that it names."""
    members = [
        text if text in MEMBER_KINDS else resolve_name(record, "members", text, plan_agencies, single=True)
        for text in collective.members
    ]
    return replace(collective, members=tuple(members))


def resolve_name(record: Record, key: str, name: str, plan_agencies: PlanAgencies, *, single: bool) -> str:
    """Return the canonical name of an agency, or of a collective unless `single`; a fault if no list has it."""
    canonical_name = plan_agencies.find_agency(name) if single else plan_agencies.find(name)
    if canonical_name is not None:
        return canonical_name
    if plan_agencies.find(name) is not None:
        record.add_fault(key, "“{name}” is a group of agencies; name each agency instead", name=name)
    elif not record.faults.is_lost(name) and not (plan_agencies.lacks_communes and _is_committee(name)):
        nearest = find_nearest(name, plan_agencies.list_names())
        text = "no agency list contains “{name}”; add it to agencies/, or correct the name"
        if nearest is not None:
            text = "no agency list contains “{name}”; “{nearest}” is probably meant, else add it to agencies/"
        record.add_fault(key, text, name=name, nearest=nearest)
    return name


def _check_successor(record: Record, agency: Agency, plan_agencies: PlanAgencies, names: SuccessorNames) -> None:
    """Add the fault of a successor that no list has, that is a group, or that leads back to the agency."""
    if agency.successor is not None:
        names.check(record, agency)
        if not record.is_faulty("successor"):
            resolve_name(record, "successor", agency.successor, plan_agencies, single=True)


def _is_committee(name: str) -> bool:
    return to_agency_key(name).startswith("ubnd ")


def _build_agency(record: Record, committees: Mapping[str, Mapping[str, str]]) -> Agency:
    """Return a listed agency; a commune's committee gets its canonical name, however the list spells it."""
    agency = builders.build_agency(record)
    return replace(agency, name=committees[agency.plan].get(to_agency_key(agency.name), agency.name))


def _list_communes(record: Record, plan: Plan, plan_agencies: PlanAgencies) -> tuple[Commune, ...]:
    communes = list_communes(plan.province)
    if communes is None:
        plan_agencies.lacks_communes = True
        nearest = find_nearest(plan.province, list_provinces())
        text = "there is no province “{name}”; write its name without “Tỉnh”, “Thành phố”, like “Hà Nội”"
        if nearest is not None:
            text = "there is no province “{name}”; “{nearest}” is probably meant"
        record.add_fault("province", text, name=plan.province, nearest=nearest)
    return communes or ()


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
    names: SuccessorNames,
) -> None:
    for key, text in [("name", body.name), *(("aliases", alias) for alias in body.aliases)]:
        if fold(text) in places:
            record.add_fault(key, "“{text}” is the bare name of a place; write “UBND …” before it", text=text)
            continue
        owner = plan_agencies.owners.setdefault(to_agency_key(text), body)
        committee = committees.get(to_agency_key(text), body.name)
        if former := names.find_former(body.plan, body.name, committee if owner is body else owner.name):
            # rows under a name that two agencies of a chain have are told apart by their day
            plan_agencies.owners[to_agency_key(text)] = body if former == body.name else owner
            continue
        if owner is not body or committee != body.name:
            name = committee if owner is body else owner.name
            record.add_fault(key, "“{text}” already names “{owner}”", text=text, owner=name)


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
