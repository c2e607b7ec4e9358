"""Whose pack is asked for: a province by its name, a ward or plan by its own; all without a name."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.measures.register_facts import format_place_name, list_plans
from kpis.store.database import Database

_PLACE_PREFIXES = ("Tỉnh ", "Thành phố ", "Phường ", "Xã ")


def list_scopes(db: Database) -> Mapping[str, str]:
    """Every plan by its id with the name of its place: a province's short one, a ward's with "Phường"."""
    return {plan["plan"]: format_place_name(plan) for plan in list_plans(db)}


def find_plan(db: Database, text: str | None) -> str | None:
    """The plan of a place, with or without its rank, or of a plan's id; UsageError names those there are."""
    if text is None:
        return None
    known = list_scopes(db)
    found = {_fold_place_name(name): plan for plan, name in known.items()} | {
        fold(plan): plan for plan in known
    }
    plan = found.get(_fold_place_name(text))
    if plan is None:
        raise UsageError(
            "No province or ward “{province}” is known. Known are {known}.",
            province=text,
            known=", ".join(known.values()),
        )
    return plan


def _fold_place_name(text: str) -> str:
    folded = fold(text)
    for rank in map(fold, _PLACE_PREFIXES):
        folded = folded.removeprefix(rank + " ") if not rank.endswith(" ") else folded.removeprefix(rank)
    return folded.strip()
