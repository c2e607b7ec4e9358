"""The rule that each column of a prepared sheet is checked by (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.sources.google.client import Json
from kpis.templates.google import batch_requests as request
from kpis.templates.plan_sheet import LISTS_TAB, STATUS_CHOICES, SheetTemplate, TemplateColumnKind


def build_column_rule(
    kind: TemplateColumnKind, template: SheetTemplate, row: int, column: int
) -> Json | None:
    """The rule of a column whose first row below the header is `row`, both from 0; None for free text."""
    lists: dict[TemplateColumnKind, tuple[int, Sequence[str]]] = {
        "agency": (0, template.agencies),
        "target": (1, template.target_names),
        "task": (2, template.tasks),
        "status": (3, STATUS_CHOICES),
    }
    if kind in lists:
        at, items = lists[kind]
        message = translate("vi", "Choose from the list: press the arrow beside the cell.")
        # Only a warning where more is read than is listed: aliases, indicators, other words for a status.
        return request.build_list_rule(LISTS_TAB, at, len(items), message, strict=kind == "task")
    if kind == "day":
        return request.build_date_rule(template.first_day, template.last_day, _format_date_message(template))
    if kind in {"count", "total"}:
        key = "Type a whole number, 0 or more, without words. Only a milestone may say Hoàn thành."
        return request.build_integer_rule(row, column, translate("vi", key), strict=kind == "total")
    return None


def _format_date_message(template: SheetTemplate) -> str:
    first = written.format_day(template.first_day, "vi")
    if template.last_day is None:
        return translate("vi", "Type day/month/year, from {first} on.", first=first)
    last = written.format_day(template.last_day, "vi")
    return translate("vi", "Type day/month/year, from {first} to {last}.", first=first, last=last)
