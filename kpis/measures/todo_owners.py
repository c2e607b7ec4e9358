"""What is to do now by who owes it: single agencies, and once a group of more than three that owe the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kpis.measures.agency_kinds import AgencyKinds
from kpis.measures.todo import TodoItem

MAX_SINGLE_AGENCIES = 3
"""So many agencies that owe the same part are named one by one; more stand as one group."""


@dataclass(frozen=True)
class TodoOwner:
    """Who owes some things: one agency, or the communes or other bodies that all owe them.

    `items` are in the order of all things to do; of a single agency they are its own part where it owes no more. A
    collective that leads a target is one agency without a page.
    """

    plan: str
    agencies: tuple[str, ...]
    are_communes: bool
    items: tuple[TodoItem, ...]

    @property
    def is_group(self) -> bool:
        """True for several agencies that owe the same."""
        return len(self.agencies) > 1


def group_by_owner(items: Iterable[TodoItem], kinds: AgencyKinds) -> list[TodoOwner]:
    """Return who owes what, first who owes the most pressing thing.

    Communes and other agencies that owe a part are grouped apart: "117 xã, phường" beside two departments. Groups of
    the same agencies are one.
    """
    owned: dict[tuple[str, tuple[str, ...]], list[TodoItem]] = {}
    for item in items:
        for agencies in _list_owners(item, kinds):
            part = item.select_agency(agencies[0]) if len(agencies) == 1 else item
            owned.setdefault((item.plan, agencies), []).append(part or item)
    return [
        TodoOwner(plan, agencies, kinds.is_commune(plan, agencies[0]), tuple(group))
        for (plan, agencies), group in owned.items()
    ]


def _list_owners(item: TodoItem, kinds: AgencyKinds) -> Iterator[tuple[str, ...]]:
    yield from ((agency,) for agency in item.answerable)
    names = [part.agency for part in item.parts]
    communes = [name for name in names if kinds.is_commune(item.plan, name)]
    others = [name for name in names if not kinds.is_commune(item.plan, name)]
    for group in (others, communes):
        yield from _split_group(group)


def _split_group(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if len(names) > MAX_SINGLE_AGENCIES:
        yield tuple(names)
    else:
        yield from ((name,) for name in names)
