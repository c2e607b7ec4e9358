"""The requests of one plan as the check of a tab of explanations needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from kpis.checks.explanation_requests import KnownRequest, PlanRequests
from kpis.register.model import Register
from kpis.requests.model import LedgerRequest
from kpis.requests.successors import list_answering_agencies
from kpis.sheet.model import Source
from kpis.store import sql
from kpis.store.version_store import RowReader


def build_plan_requests(
    ledger: Mapping[str, LedgerRequest],
    reader: RowReader | None,
    source: Source,
    register: Register,
    today: date,
    hashes: Collection[int],
) -> PlanRequests:
    """Return the requests of a source's plan; one that an answer which stays has closed is not open.

    Answers of the source itself stay if its sheet still has them (`hashes`), those of other sources do.
    """
    plan = source.plan
    answered_at: dict[str, list[datetime]] = defaultdict(list)
    if reader is not None:
        columns = reader.fetch_table(sql.load("kpis.sync", "current_answers"), {"plan": plan}).to_pydict()
        for row_source, row_hash, request, at in zip(*columns.values(), strict=True):
            if row_source != source.id or row_hash in hashes:
                answered_at[request].append(at)
    requests = [request for request in ledger.values() if request.plan == plan]
    return PlanRequests(
        [
            KnownRequest(
                request.id,
                request.entry,
                request.agency,
                list_answering_agencies(register, plan, request.agency, today),
                request.opened_on,
            )
            for request in requests
        ],
        {request.id for request in requests if _is_open(request, answered_at[request.id], register, today)},
    )


def _is_open(request: LedgerRequest, answered_at: Collection[datetime], register: Register, today: date) -> bool:
    standing = request.find_standing()
    if standing is None or standing.withdrawn_on is not None or standing.accepted_on is not None:
        return False
    entry = register.targets.get(request.entry or "") or register.tasks.get(request.entry or "")
    if request.entry is not None and (entry is None or (entry.ended_on is not None and entry.ended_on <= today)):
        return False
    return not any(standing.returned_at is None or at > standing.returned_at for at in answered_at)
