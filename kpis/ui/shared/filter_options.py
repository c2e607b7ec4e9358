"""What can be asked about, from the register inside the published version."""

from __future__ import annotations

from datetime import date

from kpis.language.normalization import to_sort_key
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.shared.filters import FilterOptions, PlanChoice, sort_plan_choices


def load_plan_choices(db: Database) -> tuple[PlanChoice, ...]:
    """Every plan: provinces, then wards, in Vietnamese alphabetical order."""
    rows = db.fetch_rows(sql.load("kpis.ui.shared", "plans"))
    return sort_plan_choices(
        [
            PlanChoice(
                plan=str(row["plan"]),
                place=str(row["place"]),
                province=str(row["province"]),
                is_ward=row["kind"] == "ward",
                first_year=int(str(row["start_year"])),
                last_year=int(str(row["last_year"])),
                has_tasks=bool(row["has_tasks"]),
            )
            for row in rows
        ]
    )


def load_agency_names(db: Database, plan: str) -> tuple[str, ...]:
    """The agencies of a plan, in Vietnamese alphabetical order."""
    rows = db.fetch_rows(sql.load("kpis.ui.shared", "agencies"), {"plan": plan})
    return tuple(sorted((str(row["agency"]) for row in rows), key=to_sort_key))


def load_indicator_names(db: Database) -> dict[str, tuple[str, str]]:
    """Every indicator's name in Vietnamese and English, in the register's order."""
    rows = db.fetch_rows(sql.load("kpis.ui.shared", "indicators"))
    return {str(row["indicator"]): (str(row["name_vi"]), str(row["name_en"])) for row in rows}


def load_filter_options(db: Database, today: date, plan: str | None) -> FilterOptions:
    """Everything the shared filters can offer, with the agencies of `plan`."""
    return FilterOptions(today, load_plan_choices(db), load_agency_names(db, plan) if plan else ())
