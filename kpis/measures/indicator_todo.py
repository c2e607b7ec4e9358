"""To do of many plans, one line an indicator: how many places are late with it, and the three that lag most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import LATE_STATUSES, Attainment

MAX_NAMED_PLANS = 3


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator on which plans are overdue or behind; `plans` begin with those of the least actual over expected."""

    indicator: str
    plans: Sequence[str]
    overdue: int
    """How many of the plans are overdue; the others are behind."""


def list_late_indicators(
    rows: Iterable[Attainment], names: Mapping[str, str], read_plans: Collection[str]
) -> list[IndicatorLine]:
    """Return a line for each indicator, most plans first; of the plans in `names` that were ever read."""
    late: dict[str, dict[str, list[Attainment]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["status"] in LATE_STATUSES and row["plan"] in names and row["plan"] in read_plans:
            late[row["indicator"]][row["plan"]].append(row)
    lines = [_build_line(indicator, plans, names) for indicator, plans in late.items()]
    return sorted(lines, key=lambda line: (-len(line.plans), -line.overdue))  # stable: the register's order


def _build_line(indicator: str, plans: Mapping[str, Sequence[Attainment]], names: Mapping[str, str]) -> IndicatorLine:
    ordered = sorted(plans, key=lambda plan: (min(map(compute_progress, plans[plan])), to_sort_key(names[plan])))
    overdue = sum(any(row["status"] == "overdue" for row in rows) for rows in plans.values())
    return IndicatorLine(indicator, ordered, overdue)


def compute_progress(row: Attainment) -> Fraction:
    """Return actual over expected, of a ceiling expected over actual; 0 without a figure or an expectation."""
    actual, expected = (Fraction(str(row[name] or 0)) for name in ("actual", "expected"))
    if row["has_spans"]:
        return Fraction(row["spans_met"] or 0, row["spans_due"] or 1)
    reached, required = (expected, actual) if row["is_ceiling"] else (actual, expected)
    return max(reached / required, Fraction(0)) if required > 0 else Fraction(0)
