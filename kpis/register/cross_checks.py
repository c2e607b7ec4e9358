"""What the tables of a register must agree on: every name they use is listed, every period can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kpis.language.normalization import fold
from kpis.register.agencies import Bodies
from kpis.register.model import Collective, Plan, Section, Target, Task
from kpis.register.names import belongs
from kpis.register.record import Record


def plan(record: Record, value: Plan, there: Bodies) -> Plan:
    """A plan with its focal agency by canonical name."""
    return replace(value, focal_agency=_agency(record, "focal_agency", value.focal_agency, there))


def target(record: Record, value: Target, of: Plan, there: Bodies) -> Target:
    """A target with its agencies by canonical name; a collective in a roster stands for its members."""
    if value.recurrence == "once" and of.start_year != of.end_year:
        raise record.refusal("recurrence", "“once” needs a plan of one year; use by_end or yearly")
    shares = {_agency(record, "shares", name, there): share for name, share in value.shares.items()}
    if len(shares) < len(value.shares):
        raise record.refusal("shares", "one agency stands twice")
    roster = [agency for name in value.roster for agency in _roster_entry(record, name, there)]
    if len(set(roster)) < len(roster):
        raise record.refusal("roster", "one agency stands twice")
    return replace(value, lead=_body(record, "lead", value.lead, there), roster=tuple(roster), shares=shares)


def titles(records: Iterable[Record]) -> None:
    """No title of a plan's target is the id or a title of another: a sheet may name a target by each (§4)."""
    texts = [(record, key) for record in records for key in ("title_vi", "title_en")]
    taken = {(record.plan, fold(record.text("id"))): record.text("id") for record, _ in texts}
    # The overlay's titles last: where two clash, the refusal names the overlay.
    for record, key in sorted(texts, key=lambda title: title[0].is_overlaid(title[1])):
        text, target_id = record.text(key), record.text("id")
        owner = taken.setdefault((record.plan, fold(text)), target_id)
        if owner != target_id:
            raise record.refusal(key, "“{text}” already names “{owner}”", text=text, owner=owner)


def section(record: Record, value: Section, sections: Mapping[tuple[str, str], Section]) -> None:
    """A section stands under a section that is there."""
    if value.parent is not None and (value.plan, value.parent) not in sections:
        raise record.refusal("parent", "the plan has no section “{name}”", name=value.parent)


def task(
    record: Record, value: Task, of: Plan, there: Bodies, sections: Mapping[tuple[str, str], Section]
) -> Task:
    """A task with its agencies and collectives by canonical name."""
    if (value.plan, value.section) not in sections:
        raise record.refusal("section", "the plan has no section “{name}”", name=value.section)
    if value.first_year > of.shown_to:
        raise record.refusal("first_year", "lies after the plan's last year {year}", year=of.shown_to)
    leads = tuple(_body(record, "leads", name, there) for name in value.leads)
    coordinators = tuple(_body(record, "coordinators", name, there) for name in value.coordinators)
    for key, names in [("leads", leads), ("coordinators", coordinators)]:
        if len(set(names)) < len(names):
            raise record.refusal(key, "one agency stands twice")
    return replace(value, leads=leads, coordinators=coordinators)


def _agency(record: Record, key: str, name: str, there: Bodies) -> str:
    found = there.find_agency(name)
    if found is None:
        raise record.refusal(
            key, "no agency list knows “{name}”; add it to agencies/, or mend the name", name=name
        )
    return found


def _body(record: Record, key: str, name: str, there: Bodies) -> str:
    found = there.find(name)
    if found is None:
        raise record.refusal(
            key, "no agency list knows “{name}”; add it to agencies/, or mend the name", name=name
        )
    return found


def _roster_entry(record: Record, name: str, there: Bodies) -> list[str]:
    collective = there.collectives.get(there.find(name) or "")
    if not isinstance(collective, Collective):
        return [_agency(record, "roster", name, there)]
    found = [agency.name for agency in there.agencies.values() if belongs(agency, collective)]
    if not found:
        raise record.refusal(
            "roster", "“{name}” has no members that the register knows; name them", name=name
        )
    return found
