"""Values of an edition's figures as JSON values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kpis.pack.figures.compressed_rows import CompressedRows

# The columns that differ between agencies of one target; the others are the target's own.
_AGENCY_COLUMNS = (
    "target", "period_start", "agency", "share", "floor", "expected", "numerator", "denominator", "actual",
    "status", "entries",
)  # fmt: skip


def to_json_value(value: object) -> object:
    """Convert a value for JSON: dates and times to ISO text, decimals to text, dataclasses to objects."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, CompressedRows):
        return [[row[name] for name in _AGENCY_COLUMNS] for row in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    raise TypeError(type(value))
