"""Fields of plans, targets and tasks as words, and their values as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from kpis.language.formatting import NO_VALUE, format_day, format_number
from kpis.language.messages import Language, translate
from kpis.plan_import.review.draft.fields import ACCUMULATIONS, COMPARATORS, FORCES, MEASURES, RECURRENCES, TIMINGS
from kpis.register.model import ReportingDay
from kpis.wording.reporting_days import format_reporting_days

_FRACTIONS: Final = frozenset(("ratio", "coverage", "change"))
_DECIMALS: Final = 6
_LABELS: Final[Mapping[str, str]] = {
    "title_vi": "Short title", "measure": "Measure", "comparator": "Comparison", "floor": "Floor",
    "stretch": "Stretch", "unit": "Unit", "recurrence": "Recurrence", "each": "Times each", "force": "Force",
    "indicator": "Indicator", "lead": "Lead agency", "accumulation": "How entries count", "stages": "Values by year",
    "roster": "Agencies that must do it", "population": "Total, once fixed", "section": "Section", "number": "No.",
    "leads": "Lead agencies", "coordinators": "Coordinating agencies", "output": "Output", "schedule": "Schedule",
    "timing": "Timing", "due_on": "Due on", "first_year": "From year", "last_year": "To year", "kind": "Kind",
    "members": "Members", "issued_on": "Day of issue", "reporting_days": "Reporting days", "start_year": "First year",
    "end_year": "Last year",
    "recurrence_reason_vi": "Why so (reading)", "aliases": "Other names",
}  # fmt: skip
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "measure": MEASURES | {"milestone": "milestone"}, "comparator": COMPARATORS, "recurrence": RECURRENCES,
    "force": FORCES, "accumulation": ACCUMULATIONS, "timing": TIMINGS,
}  # fmt: skip


def format_field(field: str, lang: Language) -> str:
    """Return the label of a field; its own name if it has none."""
    return translate(lang, _LABELS[field]) if field in _LABELS else field


def format_value(field: str, value: Any, measure: str | None, lang: Language) -> str:
    """Return a value of a field as in the plan's files. `measure`: of a target, for the form of its numbers."""
    if value is None:
        return NO_VALUE
    if isinstance(value, Mapping) and field == "reporting_days":
        return format_reporting_days([ReportingDay(**value)], lang)
    if isinstance(value, Mapping):
        parts = (value.get("year"), format_value("floor", value.get("floor"), measure, lang))
        return ": ".join(map(str, parts)) if "year" in value else ", ".join(f"{key}: {value[key]}" for key in value)
    if isinstance(value, list | tuple):
        return "; ".join(format_value(field, each, measure, lang) for each in value)
    if field in _CHOICES and value in _CHOICES[field]:
        return translate(lang, _CHOICES[field][value])
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and not field.endswith("year"):
        is_fraction = field in {"floor", "stretch"} and measure in _FRACTIONS
        number = format_number(Decimal(value) * (100 if is_fraction else 1), lang, _DECIMALS)
        return f"{number} %" if is_fraction else number
    return format_day(value, lang) if hasattr(value, "isoformat") else str(value)
