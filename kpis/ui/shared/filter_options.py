"""What the shared filters offer, from the register inside the published version."""

from __future__ import annotations

from datetime import date

from kpis.measures.register_facts import format_place_name, list_agency_names, list_ended_agencies, list_plans
from kpis.store.database import Database
from kpis.ui.shared import data
from kpis.ui.shared.filters import FilterOptions, PlanChoice, sort_plan_choices


def load_plan_choices(db: Database) -> tuple[PlanChoice, ...]:
    """Return every plan: provinces, then wards, in Vietnamese alphabetical order; asked once per version."""
    return data.call_cached(db, _list_plan_choices)


def _list_plan_choices(db: Database) -> tuple[PlanChoice, ...]:
    return sort_plan_choices(
        [
            PlanChoice(
                plan=plan["plan"],
                name=format_place_name(plan),
                province=plan["province"],
                is_ward=plan["kind"] == "ward",
                first_year=plan["start_year"],
                last_year=plan["last_year"],
                has_tasks=plan["tasks"] > 0,
                number=plan["number"],
            )
            for plan in list_plans(db)
        ]
    )


def load_filter_options(db: Database, today: date, plan: str | None) -> FilterOptions:
    """Return everything the shared filters can offer, with the agencies of `plan`."""
    if not plan:
        return FilterOptions(today, load_plan_choices(db))
    return FilterOptions(today, load_plan_choices(db), list_agency_names(db, plan), list_ended_agencies(db, plan))
