"""The rule that each column of a prepared sheet is checked by (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.sources.google.client import Json
from kpis.templates.google import requests as request
from kpis.templates.plan_sheet import LISTS, STATUSES, Kind, Template


def rule_of(kind: Kind, filled: Template, row: int, column: int) -> Json | None:
    """The rule of a column whose first row below the header is `row`, both from 0; None for free text."""
    lists: dict[Kind, tuple[int, Sequence[str]]] = {
        "agency": (0, filled.agencies),
        "target": (1, filled.target_names),
        "task": (2, filled.tasks),
        "status": (3, STATUSES),
    }
    if kind in lists:
        at, items = lists[kind]
        message = translate("vi", "Choose from the list: press the arrow beside the cell.")
        # Only a warning where more is read than is listed: aliases, indicators, other words for a status.
        return request.from_list(LISTS, at, len(items), message, strict=kind == "task")
    if kind == "day":
        return request.day(filled.first_day, filled.last_day, _day_message(filled))
    if kind in {"count", "total"}:
        key = "Type a whole number, 0 or more, without words. Only a milestone may say Hoàn thành."
        return request.whole_number(row, column, translate("vi", key), strict=kind == "total")
    return None


def _day_message(filled: Template) -> str:
    first = written.day(filled.first_day, "vi")
    if filled.last_day is None:
        return translate("vi", "Type day/month/year, from {first} on.", first=first)
    last = written.day(filled.last_day, "vi")
    return translate("vi", "Type day/month/year, from {first} to {last}.", first=first, last=last)
