"""JSON as the product prints it: days as 2026-11-21, moments with their offset in Asia/Ho_Chi_Minh."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

from kpis.language import clock


def format_json(value: object) -> str:
    """Return one JSON document, indented, in readable Vietnamese."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_encode_value)


def _encode_value(value: object) -> object:
    if isinstance(value, datetime):
        return clock.to_local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} cannot be printed")
