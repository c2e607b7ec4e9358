"""Checks the tab of explanations as a whole: rows are read first, then each finds its request (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from kpis.checks.explanation_checker import DraftRow, ExplanationChecker, build_accepted, build_rejected
from kpis.checks.explanation_requests import KnownRequest, PlanRequests, check_binding
from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.row_findings import CellRejection
from kpis.checks.row_identity import RowIdentities
from kpis.register.model import Register
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import CheckedExplanations, CheckedRow, SetAsideRow, SheetNote

FindRequests = Callable[[Collection[int]], PlanRequests]
"""Given the hashes of the rows of a sheet, return the requests of its plan: those that rows which stay have answered
are not open.
"""


def check_explanations(
    layouts: Iterable[TabLayout],
    plan_id: str,
    register: Register,
    today: date,
    find_requests: FindRequests,
    bindings: Mapping[int, str | None],
) -> CheckedExplanations:
    """Check every row against one plan on a day. `bindings`: by row hash, the request of each row that is current.

    A row keeps the request with which it was first recorded; a new answer without an id closes the agency's only open
    request on the same subject. Several rows that are new at once see the same open requests, in whatever order.
    """
    vocabulary = PlanVocabulary(register, plan_id, today)
    drafts: list[DraftRow] = []
    set_aside: list[SetAsideRow] = []
    future_days: set[date] = set()
    identities = RowIdentities("explanations")
    notes: list[SheetNote] = []
    for layout in layouts:
        checker = ExplanationChecker(layout, vocabulary, identities)
        for row in layout.iterate_rows():
            draft = checker.read_row(row)
            if isinstance(draft, SetAsideRow):
                set_aside.append(draft)
            elif draft is not None:
                drafts.append(draft)
        future_days |= checker.future_days
        notes += layout.list_notes()
    requests = find_requests([draft.identity.hash_accepted() for draft in drafts])
    named = {
        request.id
        for draft in drafts
        if draft.is_good and draft.content.answer and (request := _find_named(draft, requests)) is not None
    }
    rows = [_decide(draft, requests, named, bindings) for draft in drafts]
    return CheckedExplanations(tuple(rows), tuple(set_aside), min(future_days, default=None), tuple(notes))


def _find_named(draft: DraftRow, requests: PlanRequests) -> KnownRequest | None:
    """Return the request that a row names and may answer; None if there is none."""
    request = requests.find(draft.request_text) if draft.request_text else None
    if request is None or check_binding(request, draft.content.entry, draft.content.agency):
        return None
    return request


def _decide(
    draft: DraftRow, requests: PlanRequests, named: Collection[str], bindings: Mapping[int, str | None]
) -> CheckedRow:
    """Return a row with its request, or rejected."""
    content = draft.content
    if not draft.is_good:
        return build_rejected(draft, draft.rejections)
    if draft.request_text:
        request = requests.find(draft.request_text)
        if request is None:
            return build_rejected(draft, (CellRejection("request", "request_unknown"),))
        if mismatch := check_binding(request, content.entry, content.agency):
            return build_rejected(draft, (mismatch,))
        return build_accepted(draft, request.id, request.asked_on)
    row_hash = draft.identity.hash_accepted()
    if content.question or not content.answer:
        return build_accepted(draft, None, None)
    if row_hash in bindings:
        stored = requests.find(bindings[row_hash] or "")
        return build_accepted(draft, stored.id if stored else None, None)
    candidates = [
        request
        for request in requests.list_open(content.entry, content.agency, named)
        if content.answered_on is None or content.answered_on >= request.asked_on
    ]
    if len(candidates) > 1:
        detail = {"agency": content.agency, "candidates": ", ".join(request.id for request in candidates)}
        return build_rejected(draft, (CellRejection("request", "request_ambiguous", detail),))
    return build_accepted(draft, candidates[0].id if candidates else None, None)
