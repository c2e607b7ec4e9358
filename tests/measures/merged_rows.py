"""The rows of a tiny register with mergers: as the product writes them, from what the plan names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kpis.register.judged import Period
from kpis.register.merged_targets import add_merged_targets
from kpis.register.model import Agency, Register, Target
from kpis.register.successors import list_successions

if TYPE_CHECKING:
    from tests.measures.tiny_database import TinyMerger, TinyTarget

Rows = list[dict[str, object]]


def add_merged_rows(
    tables: Mapping[str, Rows], targets: Sequence[TinyTarget], mergers: Sequence[TinyMerger]
) -> dict[str, Rows]:
    """Return the rows of a register with those of its targets on each day from which other agencies answer for them."""
    if not mergers:
        return dict(tables)
    names = {name: None for merger in mergers for name in (merger.agency, merger.successor)}
    ended = {merger.agency: (merger.successor, merger.from_day) for merger in mergers}
    agencies = tuple(
        Agency("p", name, "department", (), "named", None, *ended.get(name, (None, None))) for name in names
    )
    periods: dict[str, list[Period]] = {}
    for row in tables.get("periods", ()):
        periods.setdefault(str(row["target"]), []).append(_build_period(row))
    register = Register(
        indicators={}, plans={}, targets={target.id: _build_target(target) for target in targets}, sections=(),
        tasks={}, agencies=agencies, collectives=(), hash="",
        judged_periods={name: tuple(rows) for name, rows in periods.items()},
    )  # fmt: skip
    merged = add_merged_targets(register)
    named_rows = {str(row["target"]): row for row in tables.get("targets", ())}
    result = {table: rows for table, rows in tables.items() if table not in ("targets", "periods", "rosters", "shares")}
    result["agency_successors"] = [asdict(succession) for succession in list_successions(agencies)]
    result |= {"targets": [], "periods": [], "rosters": [], "shares": []}
    for target in merged.all_targets.values():
        more = {
            "target": target.id,
            "lead": target.lead,
            "named_lead": target.named_lead,
            "version_of": target.version_of,
        }
        roster_size = len(target.reporters)
        result["targets"].append({**named_rows[target.version_of or target.id], **more, "roster_size": roster_size})
        result["rosters"] += [{"target": target.id, "agency": agency} for agency in target.reporters]
        result["shares"] += [{"target": target.id, "agency": a, "share": share} for a, share in target.shares.items()]
        for period in merged.judged_periods[target.id]:
            row = asdict(period)
            days = {"period_start": row.pop("start"), "period_end": row.pop("end")}
            result["periods"].append({**row, **days})
    return result


def _build_period(row: Mapping[str, Any]) -> Period:
    names = [name for name in Period.__annotations__ if name in row]
    return Period(**{"start": row["period_start"], "end": row["period_end"], **{name: row[name] for name in names}})


def _build_target(target: TinyTarget) -> Target:
    """Return a target with what its agencies are decided by."""
    values = dict.fromkeys(Target.__dataclass_fields__)
    texts = {name: "" for name, field in Target.__dataclass_fields__.items() if field.type == "str"}
    named: dict[str, Any] = {"id": target.id, "plan": target.plan, "measure": target.measure, "lead": target.lead}
    return Target(**{**values, **texts, **named, "roster": target.roster, "shares": target.shares, "stages": ()})
