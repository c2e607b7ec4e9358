"""Whose pack is asked for: a province by its name, a ward or plan by its own; all without a name."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.store import sql
from kpis.store.database import Database

_PLACE_PREFIXES = ("Tỉnh ", "Thành phố ", "Phường ", "Xã ")


def list_scopes(db: Database) -> Mapping[str, str]:
    """Every plan by its id with the name of its place: a province's short one, a ward's with "Phường"."""
    rows = db.fetch_rows(sql.load("kpis.pack.figures", "plans"), {"plan": None})
    return {str(row["plan"]): format_place_name(row) for row in rows}


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


def format_place_name(row: Mapping[str, object]) -> str:
    """The name of a plan's place, of its row: a province's short one, a ward's with "Phường"."""
    place = str(row["place"])
    return place[:1].upper() + place[1:] if row["kind"] == "ward" else str(row["province"])


def _fold_place_name(text: str) -> str:
    folded = fold(text)
    for rank in map(fold, _PLACE_PREFIXES):
        folded = folded.removeprefix(rank + " ") if not rank.endswith(" ") else folded.removeprefix(rank)
    return folded.strip()
