"""The checks of a new workbook: lists in named ranges, days of the plan, whole numbers (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter.worksheet import Worksheet

from kpis.language.messages import translate
from kpis.templates.plan_sheet import (
    INTEGER_MESSAGE,
    LIST_MESSAGE,
    STRICT_KINDS,
    SheetTemplate,
    TemplateColumn,
    TemplateColumnKind,
    format_day_message,
)

RANGE_NAMES: Mapping[TemplateColumnKind, str] = {
    "agency": "ds_co_quan",
    "target": "ds_chi_tieu",
    "task": "ds_nhiem_vu",
    "status": "ds_trang_thai",
    "confirmation": "ds_xac_nhan",
}
"""The named range with the items of each kind of drop-down."""


def add_checks(sheet: Worksheet, columns: Sequence[TemplateColumn], template: SheetTemplate, last_row: int) -> None:
    """Add the check of each column's kind to every row from the second to `last_row`."""
    for position, column in enumerate(columns):
        if check := _build_check(column.kind, template):
            sheet.data_validation(1, position, last_row - 1, position, check)


def _build_check(kind: TemplateColumnKind, template: SheetTemplate) -> dict[str, object] | None:
    error_type = "stop" if kind in STRICT_KINDS else "warning"
    if kind in RANGE_NAMES:
        error = _build_error("Not in the list", translate("vi", LIST_MESSAGE), error_type)
        return {"validate": "list", "source": f"={RANGE_NAMES[kind]}", **error}
    if kind == "day":
        error = _build_error("Not a day of the plan", format_day_message(template), error_type)
        return {"validate": "date", **_build_day_bounds(template.first_day, template.last_day), **error}
    if kind == "count" and template.has_decimals:
        return None
    if kind in {"count", "total"}:
        error = _build_error("Not a whole number", translate("vi", INTEGER_MESSAGE), error_type)
        return {"validate": "integer", "criteria": ">=", "value": 0, **error}
    return None


def _build_day_bounds(first: date, last: date | None) -> dict[str, object]:
    if last is None:
        return {"criteria": ">=", "value": first}
    return {"criteria": "between", "minimum": first, "maximum": last}


def _build_error(title: str, message: str, error_type: str) -> dict[str, object]:
    # Excel shows 32 characters of a title, 255 of a message.
    return {"error_title": translate("vi", title), "error_message": message, "error_type": error_type}
