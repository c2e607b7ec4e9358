"""The checks of a new workbook: drop-downs of named ranges, days of the plan, whole numbers (§4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter.worksheet import Worksheet

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.templates.plan_sheet import SheetTemplate, TemplateColumn, TemplateColumnKind

RANGE_NAMES: Mapping[TemplateColumnKind, str] = {
    "agency": "ds_co_quan",
    "target": "ds_chi_tieu",
    "task": "ds_nhiem_vu",
    "status": "ds_trang_thai",
}
"""The named range that each kind of drop-down offers."""


def add_checks(
    sheet: Worksheet, columns: Sequence[TemplateColumn], template: SheetTemplate, last_row: int
) -> None:
    """Check every row from the second to `last_row`, by the kind of each column."""
    for position, column in enumerate(columns):
        if check := _build_check(column.kind, template):
            sheet.data_validation(1, position, last_row - 1, position, check)


def _build_check(kind: TemplateColumnKind, template: SheetTemplate) -> dict[str, object] | None:
    match kind:
        case "agency" | "target" | "status":
            # A warning only: more is read than is listed (aliases, indicators, other words for a status).
            return _build_list_check(kind, "warning")
        case "task":
            return _build_list_check(kind, "stop")
        case "day":
            return _build_day_check(template.first_day, template.last_day)
        case "count":
            # A warning only: a milestone takes the word Hoàn thành too.
            return _build_integer_check("warning")
        case "total":
            return _build_integer_check("stop")
        case _:
            return None


def _build_list_check(kind: TemplateColumnKind, error_type: str) -> dict[str, object]:
    text = "Choose from the list: press the arrow beside the cell."
    return {
        "validate": "list",
        "source": f"={RANGE_NAMES[kind]}",
        **_build_error_message("Not in the list", text, error_type),
    }


def _build_day_check(first: date, last: date | None) -> dict[str, object]:
    first_text = written.format_day(first, "vi")
    if last is None:
        text = translate("vi", "Type day/month/year, from {first} on.", first=first_text)
        bounds: dict[str, object] = {"criteria": ">=", "value": first}
    else:
        last_text = written.format_day(last, "vi")
        text = translate(
            "vi", "Type day/month/year, from {first} to {last}.", first=first_text, last=last_text
        )
        bounds = {"criteria": "between", "minimum": first, "maximum": last}
    refusal = _build_error_message("Not a day of the plan", "", "stop") | {"error_message": text}
    return {"validate": "date", **bounds, **refusal}


def _build_integer_check(error_type: str) -> dict[str, object]:
    text = "Type a whole number, 0 or more, without words. Only a milestone may say Hoàn thành."
    refusal = _build_error_message("Not a whole number", text, error_type)
    return {"validate": "integer", "criteria": ">=", "value": 0, **refusal}


def _build_error_message(title: str, message: str, error_type: str) -> dict[str, object]:
    return {
        "error_title": translate("vi", title),  # Excel shows 32 characters of a title, 255 of a message
        "error_message": translate("vi", message) if message else "",
        "error_type": error_type,
    }
