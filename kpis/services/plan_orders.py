"""Accepting a plan on a page of a lake: an order to the leader, which holds the lock of the sync."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from kpis.errors import KpisError
from kpis.plan_import.review.draft.model import Draft
from kpis.services.orders import FOREIGN, NOT_DONE, TOO_OLD, ask_leader, list_waiting_ids
from kpis.services.plan_acceptance import AcceptanceChoices, SeenRevision, accept_revision, find_accepted_number
from kpis.settings import Settings
from kpis.store.orders import Order, OrderAction
from kpis.store.version_store import VersionStore
from kpis.sync.result import Message

_ACTION: OrderAction = "accept_plan"


def order_acceptance(settings: Settings, seen: Draft, reviewer: str, choices: AcceptanceChoices) -> str | None:
    """Ask the leader to accept a draft as the reviewer saw it; return the id of the order."""
    day = choices.in_force_from
    details = asdict(choices) | {"in_force_from": None if day is None else day.isoformat()}
    return ask_leader(settings, _ACTION, seen.plan, reviewer, draft=seen.id, revision=seen.revision, choices=details)


def carry_out_acceptances(store: VersionStore, settings: Settings, environ: Mapping[str, str], now: datetime) -> bool:
    """Accept the plans that pages have asked for, if this process gets the lock; return whether any was asked for.

    What was accepted already is not accepted for a second time.
    """
    if not list_waiting_ids(settings.pointer, _ACTION):
        return False
    with store.try_lock() as is_acquired:
        for order in store.list_waiting_orders() if is_acquired else ():
            if order.action == _ACTION:
                message = _carry_out(order, environ, now)
                store.answer_orders({order.id: json.dumps(message.to_json(), ensure_ascii=False)})
    return True


def _carry_out(order: Order, environ: Mapping[str, str], now: datetime) -> Message:
    if order.is_too_old:
        return Message(TOO_OLD)
    try:
        seen, choices = _parse(order.subject, order.read_details())
    except (KeyError, ValueError, TypeError):
        return Message(FOREIGN)
    try:
        number = find_accepted_number(seen, environ, choices)
        if number is None:
            accepted = accept_revision(seen, order.person, environ, now, choices)
            if accepted.facts is None:
                text = "The plan “{plan}” was not accepted: something stands in the way of it. The page names it."
                return Message(text, {"plan": seen.plan})
            number = accepted.facts.number
    except KpisError as error:
        return Message(NOT_DONE, {"reason": Message.from_error(error)})
    return Message("The plan “{plan}” is accepted as version {number}.", {"plan": seen.plan, "number": number})


def _parse(plan: str, details: Mapping[str, Any]) -> tuple[SeenRevision, AcceptanceChoices]:
    values = details["choices"]
    day = values["in_force_from"]
    return SeenRevision(plan, str(details["draft"]), int(details["revision"])), AcceptanceChoices(
        may_lack_targets=bool(values["may_lack_targets"]),
        in_force_from=None if day is None else date.fromisoformat(day),
        judges_again=tuple(int(year) for year in values["judges_again"]),
        corrects=None if values["corrects"] is None else int(values["corrects"]),
        why=None if values["why"] is None else str(values["why"]),
    )
