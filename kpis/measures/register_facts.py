"""The plans, indicators and agencies of the register inside the published version, and names of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NotRequired, TypedDict, cast

from kpis.language.normalization import to_sort_key
from kpis.measures.query import DatabaseReader, fetch_current_rows
from kpis.register import reporting_days
from kpis.register.model import ReportingDay


class PlanFacts(TypedDict):
    """One plan. `last_year` is `end_year`, or the last year shown without one.

    `targets` and `tasks` are counts; the text of a plan may state no number, day or end.
    """

    plan: str
    place: str
    province: str
    kind: str
    number: str | None
    issued_on: date | None
    title_vi: str
    title_en: str
    start_year: int
    end_year: int | None
    last_year: int
    reporting_days: tuple[ReportingDay, ...]
    focal_agency: str
    place_suffix: NotRequired[str | None]
    targets: int
    tasks: int


def list_plans(db: DatabaseReader, plan: str | None = None) -> list[PlanFacts]:
    """Return every plan in the register's order, or only `plan`."""
    rows = fetch_current_rows(db, "kpis.measures", "plans", {"plan": plan})
    plans = [{**row, "reporting_days": reporting_days.deserialize(row["reporting_days"])} for row in rows]
    return cast("list[PlanFacts]", plans)


def load_indicator_names(db: DatabaseReader) -> dict[str, tuple[str, str]]:
    """Return indicator -> name in Vietnamese and English, in the register's order."""
    rows = fetch_current_rows(db, "kpis.measures", "indicators", {})
    return {str(row["indicator"]): (str(row["name_vi"]), str(row["name_en"])) for row in rows}


def list_agency_names(db: DatabaseReader, plan: str) -> tuple[str, ...]:
    """Return the agencies of a plan that can report, in Vietnamese alphabetical order."""
    rows = fetch_current_rows(db, "kpis.measures", "agencies", {"plan": plan})
    return tuple(sorted((str(row["agency"]) for row in rows), key=to_sort_key))


def list_ended_agencies(db: DatabaseReader, plan: str) -> tuple[tuple[str, date], ...]:
    """Return the agencies of a plan that were merged or renamed, each with the day from which another stands for it."""
    rows = fetch_current_rows(db, "kpis.measures", "agencies", {"plan": plan})
    return tuple((str(row["agency"]), cast(date, row["successor_from"])) for row in rows if row["successor_from"])


def list_successors(db: DatabaseReader, day: date) -> tuple[tuple[str, str, str], ...]:
    """Return (plan, agency, agency that stands for it on a day); of a chain the later ones too."""
    rows = fetch_current_rows(db, "kpis.measures", "agency_successors", {"as_of": day})
    return tuple((str(row["plan"]), str(row["agency"]), str(row["successor"])) for row in rows)


def load_agencies_by_plan(db: DatabaseReader, rows: Iterable[Mapping[str, object]]) -> dict[str, frozenset[str]]:
    """Return plan -> its agencies that can report, for the plans of these rows."""
    plans = {str(row["plan"]) for row in rows}
    return {plan: frozenset(list_agency_names(db, plan)) for plan in plans}


def format_place_name(plan: Mapping[str, object]) -> str:
    """Return the short name of a plan's place: "Đồng Tháp", but a ward with its rank: "Phường Bắc Kạn".

    Where the place has several plans, it says which: "Đồng Tháp 2026–2030".
    """
    return _add_suffix(str(plan["province"]), plan) if plan["kind"] == "province" else format_full_place_name(plan)


def format_full_place_name(plan: Mapping[str, object]) -> str:
    """Return the name of a plan's place with its rank: "Tỉnh Đồng Tháp", "Phường Bắc Kạn"."""
    place = str(plan["place"])
    return _add_suffix(place[:1].upper() + place[1:], plan)


def _add_suffix(place: str, plan: Mapping[str, object]) -> str:
    suffix = plan.get("place_suffix")
    return f"{place} {suffix}" if suffix else place
