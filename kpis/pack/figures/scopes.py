"""The scope of a pack: all plans, or one, named by its province or ward or by the plan's id."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.store import sql
from kpis.store.database import Database

_PLACE_PREFIXES = ("Tỉnh", "Thành phố", "Phường", "Xã")


def list_scopes(db: Database) -> Mapping[str, str]:
    """Return plan id -> name of its place: a province's short name, a ward's with "Phường"."""
    rows = db.fetch_rows(sql.load("kpis.pack.figures", "plans"), {"plan": None})
    return {str(row["plan"]): format_place_name(row) for row in rows}


def find_plan(db: Database, text: str | None) -> str | None:
    """Return the plan named by its place (with or without "Tỉnh", "Phường" …) or its id; None for None.

    Raises UsageError, which lists the places, if there is no such plan.
    """
    if text is None:
        return None
    scopes = list_scopes(db)
    plans = {_fold_place_name(name): plan for plan, name in scopes.items()} | {
        fold(plan): plan for plan in scopes
    }
    plan = plans.get(_fold_place_name(text))
    if plan is None:
        raise UsageError(
            "“{province}” is not a known province or ward. Choose one of: {places}.",
            province=text,
            places=", ".join(scopes.values()),
        )
    return plan


def format_place_name(row: Mapping[str, object]) -> str:
    """Return the name of a plan's place from its row: a province's short name, a ward's with "Phường"."""
    place = str(row["place"])
    return place[:1].upper() + place[1:] if row["kind"] == "ward" else str(row["province"])


def _fold_place_name(text: str) -> str:
    folded = fold(text)
    for prefix in _PLACE_PREFIXES:
        folded = folded.removeprefix(f"{fold(prefix)} ")
    return folded.strip()
