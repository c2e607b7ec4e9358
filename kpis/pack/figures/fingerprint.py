"""The fingerprint of an edition's figures: equal figures give the same digest in every release.

The recipe has names of its own, apart from those of classes and fields, so that a renamed field or a new
column never makes a sealed edition look amended. What a later release adds to it is left out while empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256

from kpis.measures.amended import Amendment
from kpis.measures.changes import Changes, LoweredFigure
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.figures.json_values import to_json_value
from kpis.register.days import parse_year_day
from kpis.register.model import ReportingDay

_DECIDED_BY_SQL = {"is_proportion", "is_ceiling", "is_complete"}
"""Columns that follow from others and are not part of the recipe."""
_COUNTED_FROM_REPORTS = {"members_reported"}
"""Columns of tasks that were added later and follow from reports, whose number is part of the recipe."""
_ONLY_IN_DOUBT = {"doubts", "actual_weak", "numerator_weak", "denominator_weak"}
"""Columns that are part of it only where a row has an open doubt: without one they repeat the full reading."""

_ADDED_LATER: dict[str, object] = {
    "adds_up": True, "each": 1, "numerator_vi": None, "denominator_vi": None, "has_spans": False, "span_rows": [],
    "place_suffix": None, "is_plan_over": False, "span": None, "spans_met": None, "spans_due": None, "spans": None,
}  # fmt: skip
"""Columns that are part of it only where they differ from what every row of the first recipe was."""

_RECIPE_NAMES: Mapping[type, Mapping[str, str]] = {
    Changes: {
        "baseline_day": "since",
        "baseline_known_at": "known_then",
        "unread_plans": "unread_then",
        "current_counts": "counts_now",
        "baseline_counts": "counts_then",
        "newly_late_unread_count": "late_unread",
        "lowered_figures": "lowered",
        "silent_agencies": "silent",
        "newly_silent_agencies": "newly_silent",
    },
    LoweredFigure: {"known_row": "then", "current_row": "now", "lost_attainment": "lost"},
    PlaceFigures: {"is_ward": "ward", "has_been_read": "read", "agency_rows": "agencies"},
}
"""Class -> field -> its name in the recipe, for fields whose names differ."""


_DERIVED_FIELDS = ("newly_overdue_tasks", "newly_done_tasks", "reporting_days", "start_year")
"""Not in the recipe, so that editions sealed before have the digest of today: the tasks themselves are, and the
reporting days as `_list_reporting_days` has them."""


def compute_fingerprint(figures: EditionFigures) -> str:
    """Return the SHA-256 of everything an edition states about the day; equal figures, equal digest.

    When the sources were read and how many rows they had is not part of it: new reads without new figures
    amend no past week.
    """
    common: dict[str, object] = {
        "as_of": figures.query.as_of,
        "plan": figures.query.plan,
        "lang": figures.query.lang,
        "sample": figures.sample,
        "shared": figures.shared_indicators,
        "owed": figures.owed,
        "before": figures.previous_statuses,
        "changes": figures.changes,
        "ended": figures.ended_targets,
        "caveats": replace(figures, last_read={}).build_caveats(figures.places),
    }
    if figures.words:
        common["words"] = figures.words
    if figures.amendments:
        common["amendments"] = [_list_amendment(each) for each in figures.amendments]
    digest = sha256()
    for part in (common, *figures.places):  # in memory, the JSON of one place at a time
        digest.update(format_recipe(part).encode())
    return digest.hexdigest()


def _list_amendment(amendment: Amendment) -> list[object]:
    fields = [[each.field, each.old, each.new] for each in amendment.fields]
    version = amendment.version
    return [version.plan, version.number, version.corrects, amendment.entry, amendment.change, fields]


def format_recipe(part: object) -> str:
    """Return a part of the figures as JSON with the names of the recipe."""
    return json.dumps(
        _to_recipe(part), ensure_ascii=False, sort_keys=True, default=to_json_value, separators=(",", ":")
    )


def _to_recipe(value: object) -> object:
    if isinstance(value, Mapping):
        left_out = _DECIDED_BY_SQL | _COUNTED_FROM_REPORTS | (set() if value.get("doubts") else _ONLY_IN_DOUBT)
        return {
            key: _to_number(item) if key == "number" else _to_recipe(item)
            for key, item in value.items()
            if key not in left_out and not (key in _ADDED_LATER and item == _ADDED_LATER[key])
        }
    if isinstance(value, list | tuple):
        return [_to_recipe(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        names = _RECIPE_NAMES.get(type(value), {})
        days = _list_reporting_days(value.reporting_days) if isinstance(value, PlaceFigures) else {}
        return days | {
            names.get(field.name, field.name): _to_recipe(getattr(value, field.name))
            for field in fields(value)
            if field.name not in _DERIVED_FIELDS
        }
    return value


def _to_number(number: object) -> object:
    """Return the number of a task as the first recipe had it: "12" is 12."""
    return int(number) if isinstance(number, str) and number.isascii() and number.isdecimal() else number


def _list_reporting_days(days: Sequence[ReportingDay]) -> dict[str, object]:
    """Return the yearly reporting day of the first recipe (MM-DD), and the others if there are any."""
    plain = next((day for day in days if day.of == "year" and not day.next_year), None)
    others = [_to_recipe(day) for day in days if day is not plain]
    first: dict[str, object] = {"reporting_day": None if plain is None else parse_year_day(plain.day)}
    return {**first, "other_reporting_days": others} if others else first
