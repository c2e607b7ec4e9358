"""The shape that a decided target gets in the register; what the register cannot judge is carried in the plan's words.

Values of one promise for several years become one target with stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from kpis.plan_import.review.draft.model import DraftRow
from kpis.plan_import.review.draft.values import to_number

CARRIED_MENDS: Mapping[str, str] = {
    "“exactly” and “about” have no floor to judge by": (
        "choose “at least” or “at most” as the comparison, if that is what the plan means"
    ),
    "growth and reduction have no baseline and its year": "fill in the baseline and its year",
    "“each …” is judged for a coverage only": "choose coverage as the measure, or leave “each” empty",
    "a value of one year with a stretch is not judged yet": "leave the stretch empty",
    "a value of one year with this recurrence is not judged yet": (
        "choose “every year” or “by the end of the plan” as the recurrence"
    ),
}
"""Why a target is kept in words -> what to change in its row so that it is judged."""

_SAME_IN_STAGES = ("measure", "comparator", "recurrence", "unit", "lead", "force", "each", "indicator", "accumulation")


class PlanYears(NamedTuple):
    """The years of a plan; `last` is None for a plan without an end."""

    first: int
    last: int | None


@dataclass(frozen=True)
class Shape:
    """The fields of a target that say what is judged. `carried_because`: a catalogue key, why nothing is judged."""

    rows: tuple[DraftRow, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    carried_because: str | None = None

    @property
    def first_row(self) -> DraftRow:
        """The row that gives title, lead and citation."""
        return self.rows[0]


def list_shapes(rows: Iterable[DraftRow], years: PlanYears) -> list[Shape]:
    """Return one shape for each target of the used rows of targets and milestones, in their order."""
    return [_build_shape(group, years) for group in _group_stages([row for row in rows if row.is_used])]


def list_carried_rows(rows: Iterable[DraftRow], years: PlanYears) -> Iterator[tuple[DraftRow, str]]:
    """Yield the first row of each target that is kept in words against its proposal, with the reason."""
    for group in _group_stages([row for row in rows if row.is_used]):
        reason = _find_reason_to_carry(group, years)
        if reason is not None:
            yield group[0], reason


def _group_stages(rows: Sequence[DraftRow]) -> Iterator[tuple[DraftRow, ...]]:
    """Join the values of one promise for different years, in order of year; every other row stands alone."""
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            continue
        group = [row]
        if name := row.get_value("group"):
            group = [other for other in rows if other.get_value("group") == name and _is_alike(row, other)]
        years = [other.get_value("by_year") for other in group]
        if not all(years) or len(set(years)) < len(years):
            group = [row]
        seen.update(other.id for other in group)
        yield tuple(sorted(group, key=lambda other: other.get_value("by_year")))


def _is_alike(row: DraftRow, other: DraftRow) -> bool:
    is_same = all(row.get_value(name) == other.get_value(name) for name in _SAME_IN_STAGES)
    return is_same and not other.get_value("stretch") and row.kind == other.kind


def _build_shape(rows: tuple[DraftRow, ...], years: PlanYears) -> Shape:
    row = rows[0]
    reason = _find_reason_to_carry(rows, years)
    if reason is not None or row.get_value("measure") == "carried":
        return Shape(rows, {"measure": "carried"}, reason)
    fields: dict[str, object] = {"measure": "milestone", "comparator": ">="}
    if row.kind == "target":
        fields = {"measure": row.get_value("measure"), "comparator": row.get_value("comparator")}
    if _needs_stages(rows, years):
        fields["stages"] = [{"year": int(each.get_value("by_year")), "floor": get_floor(each)} for each in rows]
    else:
        fields["floor"] = get_floor(row)
        if stretch := row.get_value("stretch"):
            fields["stretch"] = to_number(stretch)
    if fields["measure"] == "change" or _starts_at_baseline(rows, years):
        baseline = to_number(row.get_value("baseline"))
        fields["baseline"] = {"value": baseline, "year": int(row.get_value("baseline_year"))}
    if each := row.get_value("each"):
        fields["each"] = int(each)
    return Shape(rows, fields)


def _starts_at_baseline(rows: Sequence[DraftRow], years: PlanYears) -> bool:
    """Tell whether a ratio, or an amount that is a level, has a figure of the past that leads to its floors.

    A growth needs its baseline; for other measures it only says where the pace begins, so that one which cannot is
    left out.
    """
    row = rows[0]
    is_level = row.get_value("measure") == "amount" and row.get_value("accumulation") in {"level", "rate"}
    value, year = row.get_value("baseline"), row.get_value("baseline_year")
    if not (value and year) or not (is_level or row.get_value("measure") == "ratio"):
        return False
    recurrence, last = row.get_value("recurrence"), row.get_value("by_year") or years.last
    is_in_time = int(year) == years.first - 1 if recurrence == "yearly" else last is not None and int(year) < int(last)
    start = to_number(value)
    is_way = all(
        start < get_floor(each) if row.get_value("comparator").startswith(">") else start > get_floor(each)
        for each in rows
    )
    is_share = is_level or (value.endswith("%") and start <= 1)
    return is_way and is_in_time and is_share and recurrence in {"yearly", "by_end", "once"}


def get_floor(row: DraftRow) -> Decimal:
    """Return the floor of a target; a milestone's is 1: done."""
    return to_number(row.get_value("floor")) if row.kind == "target" else Decimal(1)


def _find_reason_to_carry(rows: Sequence[DraftRow], years: PlanYears) -> str | None:
    row = rows[0]
    if row.get_value("measure") == "carried":
        return None  # as the reviewer decided
    if row.get_value("comparator") in {"=", "~"}:
        return "“exactly” and “about” have no floor to judge by"
    if row.get_value("measure") == "change" and not (row.get_value("baseline") and row.get_value("baseline_year")):
        return "growth and reduction have no baseline and its year"
    if row.get_value("each") not in {"", "1"} and row.get_value("measure") != "coverage":
        return "“each …” is judged for a coverage only"
    if _needs_stages(rows, years) and row.get_value("stretch"):
        return "a value of one year with a stretch is not judged yet"
    if _needs_stages(rows, years) and row.get_value("recurrence") not in {"yearly", "by_end"}:
        return "a value of one year with this recurrence is not judged yet"
    return None


def _needs_stages(rows: Sequence[DraftRow], years: PlanYears) -> bool:
    """True unless the value holds for every year of the plan, or for its end."""
    by_year = rows[0].get_value("by_year")
    if len(rows) > 1:
        return True
    if not by_year or int(by_year) == years.first == years.last:
        return False
    return rows[0].get_value("recurrence") != "by_end" or int(by_year) != years.last
