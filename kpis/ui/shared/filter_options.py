"""What can be asked about, from the register inside the published version."""

from __future__ import annotations

from datetime import date

from kpis.language.normalization import sort_key
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.shared.filters import PlanChoice, Scope, ordered


def plan_choices(db: Database) -> tuple[PlanChoice, ...]:
    """Every plan: provinces, then wards, in Vietnamese alphabetical order."""
    rows = db.rows(sql.load("kpis.ui.shared", "plans"))
    return ordered(
        [
            PlanChoice(
                plan=str(row["plan"]),
                place=str(row["place"]),
                province=str(row["province"]),
                ward=row["kind"] == "ward",
                first_year=int(str(row["start_year"])),
                last_year=int(str(row["last_year"])),
                has_tasks=bool(row["has_tasks"]),
            )
            for row in rows
        ]
    )


def agency_names(db: Database, plan: str) -> tuple[str, ...]:
    """The agencies of a plan, in Vietnamese alphabetical order."""
    rows = db.rows(sql.load("kpis.ui.shared", "agencies"), {"plan": plan})
    return tuple(sorted((str(row["agency"]) for row in rows), key=sort_key))


def indicator_names(db: Database) -> dict[str, tuple[str, str]]:
    """Every indicator's name in Vietnamese and English, in the register's order."""
    rows = db.rows(sql.load("kpis.ui.shared", "indicators"))
    return {str(row["indicator"]): (str(row["name_vi"]), str(row["name_en"])) for row in rows}


def scope(db: Database, today: date, plan: str | None) -> Scope:
    """Everything the shared filters can offer, with the agencies of `plan`."""
    return Scope(today, plan_choices(db), agency_names(db, plan) if plan else ())
