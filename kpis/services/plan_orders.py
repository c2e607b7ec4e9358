"""Accepting a plan or discarding a draft on a page of a lake: orders to the leader, who holds the lock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import Any

from kpis.access.enforcement import require_standing_right
from kpis.errors import KpisError
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.outdated import build_outdated_error
from kpis.plan_import.review.versions.discarding import discard_held_draft
from kpis.services.orders import FOREIGN, NOT_DONE, TOO_OLD, ask_leader, list_waiting_ids
from kpis.services.plan_acceptance import (
    AcceptanceChoices,
    RequireRight,
    SeenRevision,
    accept_revision,
    find_accepted_number,
)
from kpis.settings import Settings, get_register_folder
from kpis.store.orders import PLAN_ACTIONS, Order
from kpis.store.version_store import VersionStore
from kpis.sync.result import Message


def order_acceptance(settings: Settings, seen: Draft, reviewer: str, choices: AcceptanceChoices) -> str | None:
    """Ask the leader to accept a draft as the reviewer saw it; return the id of the order."""
    day = choices.in_force_from
    details = asdict(choices) | {"in_force_from": None if day is None else day.isoformat()}
    return ask_leader(
        settings, "accept_plan", seen.plan, reviewer, draft=seen.id, revision=seen.revision, choices=details
    )


def order_discarding(settings: Settings, seen: Draft, person: str) -> str | None:
    """Ask the leader to discard a draft as it was seen; return the id of the order, None where there is no lake."""
    return ask_leader(settings, "discard_draft", seen.plan, person, draft=seen.id, revision=seen.revision)


def carry_out_plan_orders(store: VersionStore, settings: Settings, environ: Mapping[str, str], now: datetime) -> bool:
    """Do to plans what pages have asked for, if this process gets the lock; return whether anything was asked for.

    What was done already is not done for a second time.
    """
    if not list_waiting_ids(settings.pointer, PLAN_ACTIONS):
        return False
    with store.try_lock() as is_acquired:
        for order in store.list_waiting_orders() if is_acquired else ():
            if order.action in PLAN_ACTIONS:
                message = _carry_out(order, settings, environ, now, store.is_leading)
                store.answer_orders({order.id: json.dumps(message.to_json(), ensure_ascii=False)})
    return True


def _carry_out(
    order: Order, settings: Settings, environ: Mapping[str, str], now: datetime, is_leading: Callable[[], bool]
) -> Message:
    if order.is_too_old:
        return Message(TOO_OLD)
    details = order.read_details()
    try:
        seen = SeenRevision(order.subject, str(details["draft"]), int(details["revision"]))
        choices = _parse_choices(details["choices"]) if order.action == "accept_plan" else None
    except (KeyError, ValueError, TypeError):
        return Message(FOREIGN)
    require_right = partial(require_standing_right, settings, environ, order.person, "import_plan", seen.plan)
    try:
        require_right()
        if choices is None:
            return _discard(seen, order.person, settings, environ, now)
        return _accept(seen, choices, order.person, environ, now, is_leading, require_right)
    except KpisError as error:
        return Message(NOT_DONE, {"reason": Message.from_error(error)})


def _accept(
    seen: SeenRevision,
    choices: AcceptanceChoices,
    reviewer: str,
    environ: Mapping[str, str],
    now: datetime,
    is_leading: Callable[[], bool],
    require_right: RequireRight,
) -> Message:
    number = find_accepted_number(seen, environ, choices)
    if number is None:
        accepted = accept_revision(seen, reviewer, environ, now, choices, is_leading, require_right)
        if accepted.facts is None:
            text = "The plan “{plan}” was not accepted: something stands in the way of it. The page names it."
            return Message(text, {"plan": seen.plan})
        number = accepted.facts.number
    return Message("The plan “{plan}” is accepted as version {number}.", {"plan": seen.plan, "number": number})


def _discard(seen: SeenRevision, person: str, settings: Settings, environ: Mapping[str, str], now: datetime) -> Message:
    register = get_register_folder(environ)
    folder = DraftFolder(register, seen.plan)
    if not folder.has_set_aside(seen.draft):
        draft = folder.read()
        if (draft.id, draft.revision) != (seen.draft, seen.revision):
            raise build_outdated_error(seen.plan, seen.revision, draft)
        discard_held_draft(register, draft, settings, person, now)
    return Message("The draft of “{plan}” is discarded. No plan was changed.", {"plan": seen.plan})


def _parse_choices(values: Mapping[str, Any]) -> AcceptanceChoices:
    day = values["in_force_from"]
    return AcceptanceChoices(
        may_lack_targets=bool(values["may_lack_targets"]),
        in_force_from=None if day is None else date.fromisoformat(day),
        judges_again=tuple(int(year) for year in values["judges_again"]),
        corrects=None if values["corrects"] is None else int(values["corrects"]),
        why=None if values["why"] is None else str(values["why"]),
    )
