"""The final figures of the year before, with which a yearly change is compared (design.md §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from kpis.measures.doubtful_entries import PeriodKey, get_period_key
from kpis.measures.query import DatabaseReader, QueryRow, QueryStep, build_statement, run_query
from kpis.measures.shared_events import load_event_changes
from kpis.measures.weak_reading import TARGET_TOTALS, FoundDoubt, WeakReader

PUBLISHED_TOTALS: tuple[QueryStep, ...] = (("totals", "totals_from_curve"),)
COUNTED_TARGET_TOTALS: tuple[QueryStep, ...] = ("known_entries", "agency_totals", TARGET_TOTALS)
_ANY_CHANGE_QUERY = build_statement(["any_change"])
_COMPARED_YEARS_QUERY = build_statement(["requested_periods", "compared_years"])


_COMPARED_FIELDS = ("measure", "indicator", "unit_vi", "accumulation")
"""What two years must have in common for one to be compared with the other."""


@dataclass
class PreviousFigures:
    """Rows of `previous_figures.sql`, and the open doubts about them by the period that is compared with them.

    `incomparable`: the periods whose year before was judged by a version of the plan that counted something else.
    """

    rows: list[QueryRow] = field(default_factory=list)
    doubts: dict[PeriodKey, list[FoundDoubt]] = field(default_factory=dict)
    incomparable: set[PeriodKey] = field(default_factory=set)

    @property
    def has_doubt(self) -> bool:
        """True if any of the figures is in doubt."""
        return any(row["has_doubt"] for row in self.rows)


def load_previous_figures(
    db: DatabaseReader, params: Mapping[str, object], totals: Sequence[QueryStep], *, as_published: bool
) -> PreviousFigures:
    """Return the complete final figures of the year before, of the requested periods that are compared with it.

    `totals` are the steps up to `totals`. A figure is complete once everyone who had to report has an entry in that
    year, and is above 0: there is no change of nothing. It is that of the version of the plan that judged the year, if
    that counted the same.
    """
    if not run_query(db, _ANY_CHANGE_QUERY, params):
        return PreviousFigures()
    compared = {str(row["entry_target"]): row for row in run_query(db, _COMPARED_YEARS_QUERY, params)}
    if not compared:
        return PreviousFigures()
    year = cast(int, params["year"]) - 1
    previous_params: dict[str, object] = {
        **params, "as_of": date(year, 12, 31), "year": year, "targets": sorted(compared),
        "is_previous_year": True, "previous_figures": [],
    }  # fmt: skip
    if "known_entries" in totals:
        previous_params["event_changes"] = load_event_changes(db, previous_params)
    doubted = WeakReader(db, previous_params, TARGET_TOTALS, as_published=as_published).compute()
    doubted_totals = {str(row["target"]): row for row in doubted.totals}
    result = PreviousFigures()
    for row in run_query(db, build_statement(["requested_periods", *totals, "previous_totals"]), previous_params):
        requested = compared[str(row["entry_target"])]
        key, previous = get_period_key(requested), get_period_key(row)
        if any(row[name] != requested[name] for name in _COMPARED_FIELDS):
            result.incomparable.add(key)
            continue
        figure = _read_figure(row, row)
        if figure is None:
            continue
        in_doubt = doubted_totals.get(str(row["target"]))
        result.rows.append(
            {
                **{name: requested[name] for name in ("target", "period_start", "period_end")},
                "figure": figure,
                "figure_in_doubt": figure if in_doubt is None else _read_figure(in_doubt, row),
                "has_doubt": in_doubt is not None,
            }
        )
        result.doubts[key] = [
            replace(doubt, is_of_previous_year=True) for doubt in doubted.doubts.get((*previous, None), ())
        ]
    return result


def _read_figure(totals: Mapping[str, Any], year: Mapping[str, object]) -> int | None:
    """Return the final figure of a year; None if it is not complete or nothing."""
    is_complete = totals["roster_reported"] == year["roster_size"]
    return int(totals["numerator"]) if is_complete and totals["numerator"] > 0 else None
