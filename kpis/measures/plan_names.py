"""The plans that a person names: by id, or by province."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.measures.question import as_plan_set
from kpis.measures.register_facts import list_plans
from kpis.store.database import Database


def find_plans(database: Database, *, plan: str | None, province: str | None) -> frozenset[str] | None:
    """Return the plans that an id or a province names, None for all; UsageError lists those that exist.

    A ward inside a province has a plan of its own, which the province leaves out.
    """
    refuse_plan_and_province(plan, province)
    plans = list_plans(database)
    if province is None:
        return as_plan_set(None if plan is None else match_plan(plan, [entry["plan"] for entry in plans]))
    name = match_province(province, [entry["province"] for entry in plans])
    return frozenset(entry["plan"] for entry in plans if entry["kind"] == "province" and entry["province"] == name)


def refuse_plan_and_province(plan: str | None, province: str | None) -> None:
    """Raise UsageError if both a plan and a province were given."""
    if plan is not None and province is not None:
        raise UsageError("Give either --province or --plan, not both.")


def match_plan(text: str, plans: Iterable[str]) -> str:
    """Return the plan that a text names, compared by `fold`; UsageError lists the plans."""
    ids = {fold(plan): plan for plan in plans}
    if fold(text) not in ids:
        raise UsageError("Unknown plan “{plan}”. The plans are {known}.", plan=text, known=", ".join(ids.values()))
    return ids[fold(text)]


def match_province(text: str, provinces: Iterable[str]) -> str:
    """Return the province that a text names, with or without "Tỉnh" or "Thành phố"; UsageError lists them."""
    names = {fold(province): province for province in provinces}
    short = fold(text).removeprefix(fold("Tỉnh ")).removeprefix(fold("Thành phố ")).strip()
    if short not in names:
        raise UsageError(
            "Unknown province “{province}”. The provinces are {known}.",
            province=text, known=", ".join(names.values()),
        )  # fmt: skip
    return names[short]
