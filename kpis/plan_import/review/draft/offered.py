"""The names that a reviewer may choose from, in the workbook and on the page."""

from __future__ import annotations

from kpis.plan_import.agencies import list_standing_agencies
from kpis.plan_import.review.draft.model import Draft
from kpis.register.communes import list_communes


def list_offered_agencies(draft: Draft) -> list[str]:
    """Return the agencies of the document and of the plan in force, the standing ones, the communes; each once."""
    place = draft.get_row("header.place").get_value("value")
    province = draft.get_row("header.province").get_value("value")
    is_province = draft.get_row("header.kind").get_value("value") == "province"
    communes = [commune.agency for commune in list_communes(province) or ()] if is_province else []
    named = [row.get_value("name") for row in draft.list_rows("agency") if row.get_value("name")]
    return list(dict.fromkeys([*named, *draft.known_agencies, *list_standing_agencies(place), *communes]))
