"""The validation rule of each kind of column in a prepared Google Sheet (design.md §4)."""

from __future__ import annotations

from kpis.language.messages import translate
from kpis.sources.google.client import Json
from kpis.templates.google import batch_requests as request
from kpis.templates.plan_sheet import (
    INTEGER_MESSAGE,
    LIST_MESSAGE,
    LISTS_TAB,
    STRICT_KINDS,
    SheetTemplate,
    TemplateColumnKind,
    format_day_message,
)


def build_column_rule(kind: TemplateColumnKind, template: SheetTemplate, row: int, column: int) -> Json | None:
    """Return the rule of a column from `row` (from 0) down, None for a kind that is not checked."""
    strict = kind in STRICT_KINDS
    if (items := template.choices.get(kind)) is not None:
        list_column = list(template.choices).index(kind)
        message = translate("vi", LIST_MESSAGE)
        return request.build_list_rule(LISTS_TAB, list_column, len(items), message, strict=strict)
    if kind == "day":
        return request.build_date_rule(template.first_day, template.last_day, format_day_message(template))
    if kind == "count" and template.has_decimals:
        return None
    if kind in {"count", "total"}:
        return request.build_integer_rule(row, column, translate("vi", INTEGER_MESSAGE), strict=strict)
    return None
