"""The checks of a new workbook: drop-downs of named ranges, days of the plan, whole numbers (§4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter.worksheet import Worksheet

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.templates.plan_sheet import Column, Kind, Template

NAMES: Mapping[Kind, str] = {
    "agency": "ds_co_quan",
    "target": "ds_chi_tieu",
    "task": "ds_nhiem_vu",
    "status": "ds_trang_thai",
}
"""The named range that each kind of drop-down offers."""


def add_checks(sheet: Worksheet, columns: Sequence[Column], filled: Template, last_row: int) -> None:
    """Check every row from the second to `last_row`, by the kind of each column."""
    for position, column in enumerate(columns):
        if check := _check(column.kind, filled):
            sheet.data_validation(1, position, last_row - 1, position, check)


def _check(kind: Kind, filled: Template) -> dict[str, object] | None:
    match kind:
        case "agency" | "target" | "status":
            # A warning only: more is read than is listed (aliases, indicators, other words for a status).
            return _chosen(kind, "warning")
        case "task":
            return _chosen(kind, "stop")
        case "day":
            return _day(filled.first_day, filled.last_day)
        case "count":
            # A warning only: a milestone takes the word Hoàn thành too.
            return _whole("warning")
        case "total":
            return _whole("stop")
        case _:
            return None


def _chosen(kind: Kind, error_type: str) -> dict[str, object]:
    text = "Choose from the list: press the arrow beside the cell."
    return {"validate": "list", "source": f"={NAMES[kind]}", **_refusal("Not in the list", text, error_type)}


def _day(first: date, last: date | None) -> dict[str, object]:
    first_text = written.day(first, "vi")
    if last is None:
        text = translate("vi", "Type day/month/year, from {first} on.", first=first_text)
        bounds: dict[str, object] = {"criteria": ">=", "value": first}
    else:
        last_text = written.day(last, "vi")
        text = translate(
            "vi", "Type day/month/year, from {first} to {last}.", first=first_text, last=last_text
        )
        bounds = {"criteria": "between", "minimum": first, "maximum": last}
    refusal = _refusal("Not a day of the plan", "", "stop") | {"error_message": text}
    return {"validate": "date", **bounds, **refusal}


def _whole(error_type: str) -> dict[str, object]:
    text = "Type a whole number, 0 or more, without words. Only a milestone may say Hoàn thành."
    refusal = _refusal("Not a whole number", text, error_type)
    return {"validate": "integer", "criteria": ">=", "value": 0, **refusal}


def _refusal(title: str, message: str, error_type: str) -> dict[str, object]:
    return {
        "error_title": translate("vi", title),  # Excel shows 32 characters of a title, 255 of a message
        "error_message": translate("vi", message) if message else "",
        "error_type": error_type,
    }
