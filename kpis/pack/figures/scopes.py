"""The scope of a pack: all plans, or one, named by its province or ward or by the plan's id."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.measures.register_facts import PlanFacts, format_place_name, list_plans
from kpis.store.database import Database

SEVERAL_PLANS = "“{place}” has several plans here. Name the one that is meant by its id: {plans}."
_PLACE_PREFIXES = ("Tỉnh", "Thành phố", "Phường", "Xã")


def list_scopes(db: Database) -> Mapping[str, str]:
    """Return plan id -> name of its place: a province's short name, a ward's with "Phường"."""
    return {plan["plan"]: format_place_name(plan) for plan in list_plans(db)}


def find_plan(db: Database, text: str | None) -> str | None:
    """Return the plan named by its place (with or without "Tỉnh", "Phường" …) or its id; None for None.

    Raises UsageError, which lists the places, if there is no such plan.
    """
    if text is None:
        return None
    scopes = list_scopes(db)
    rivals = [row["plan"] for row in list_plans(db) if row.get("place_suffix") and _is_place(row, text)]
    if rivals and fold(text) not in map(fold, scopes):
        raise UsageError(SEVERAL_PLANS, place=text, plans=", ".join(rivals))
    plans = {_fold_place_name(name): plan for plan, name in scopes.items()} | {fold(plan): plan for plan in scopes}
    plan = plans.get(_fold_place_name(text))
    if plan is None:
        raise UsageError(
            "“{province}” is not a known province or ward. Choose one of: {places}.",
            province=text,
            places=", ".join(scopes.values()),
        )
    return plan


def _is_place(plan: PlanFacts, text: str) -> bool:
    return _fold_place_name(text) == _fold_place_name(plan["province" if plan["kind"] == "province" else "place"])


def _fold_place_name(text: str) -> str:
    folded = fold(text)
    for prefix in _PLACE_PREFIXES:
        folded = folded.removeprefix(f"{fold(prefix)} ")
    return folded.strip()
