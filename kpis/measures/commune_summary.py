"""The communes of a plan in one line: how many lack a part of their own, and which are the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpis.language.normalization import to_sort_key
from kpis.measures.agency_lines import AgencyLine
from kpis.measures.attainment_rows import LATE_STATUSES

_LACKING_STATUSES = (*LATE_STATUSES, "no_data")


@dataclass(frozen=True)
class LackingCommune:
    """A commune with targets of its own that are late or without a report."""

    line: AgencyLine
    targets: int


@dataclass(frozen=True)
class CommuneSummary:
    """`communes` of the plan, of which `with_parts` have a part of their own; `lacking` are the worst first."""

    communes: int
    with_parts: int
    lacking: Sequence[LackingCommune]


def build_commune_summary(communes: int, lines: Sequence[AgencyLine], as_of: date) -> CommuneSummary:
    """Return the summary of a plan's communes.

    Only a commune that owes something of its own can be lacking. Most targets late or without a report come first, then
    the longest silence, then Vietnamese order.
    """
    with_parts = [line for line in lines if line.is_commune and any(row["status"] for row in line.parts.values())]
    lacking = [LackingCommune(line, number) for line in with_parts if (number := count_lacking_parts(line))]
    lacking.sort(
        key=lambda commune: (
            -commune.targets, commune.line.get_silence_key(as_of), to_sort_key(commune.line.agency)
        )
    )  # fmt: skip
    return CommuneSummary(communes, len(with_parts), lacking)


def count_lacking_parts(line: AgencyLine) -> int:
    """Return how many parts of its own of an agency are late or without a report."""
    return sum(row["status"] in _LACKING_STATUSES for row in line.parts.values())
