"""Which request of the ledger a row of the tab of explanations repeats or answers (design.md §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from kpis.checks.cell_readings import FindingDetail
from kpis.checks.row_findings import CellRejection
from kpis.language.normalization import fold


@dataclass(frozen=True)
class KnownRequest:
    """A request as the check of a row needs it. `agencies` may answer it: the agency, and its successors."""

    id: str
    entry: str | None
    agency: str
    agencies: frozenset[str]
    asked_on: date


class PlanRequests:
    """The requests of one plan: all by id, and those that are open before the new rows of a sheet are counted."""

    def __init__(self, requests: Collection[KnownRequest] = (), open_ids: Collection[str] = ()) -> None:
        self._by_id = {fold(request.id): request for request in requests}
        self._open = [request for request in requests if request.id in open_ids]

    def find(self, text: str) -> KnownRequest | None:
        """Return the request with an id, whatever its case; None if the plan has none."""
        return self._by_id.get(fold(text))

    def list_open(self, entry: str | None, agency: str, answered: Collection[str]) -> list[KnownRequest]:
        """Return the open requests on a target, task or agency; `answered`: those that other new rows name."""
        return [
            request
            for request in self._open
            if request.entry == entry and agency in request.agencies and request.id not in answered
        ]


def check_binding(request: KnownRequest, entry: str | None, agency: str) -> CellRejection | None:
    """Return the rejection of a row that names a request on something else, or of another agency; else None."""
    if request.entry == entry and agency in request.agencies:
        return None
    detail: FindingDetail = {"request": request.id, "agency": request.agency, "subject": request.entry or ""}
    reason: Mapping[str, str] = {} if request.entry else {"reason": "agency"}
    return CellRejection("request", "request_mismatch", {**detail, **reason})
