"""Orders of pages: on a lake the leader reads and accepts what a page asks for, whichever machine it is on.

An order is carried out once, also where the leader dies in the middle. Reading again changes nothing more, and a loss
is accepted only while the figures are those about which the order was given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kpis.access.enforcement import require_standing_right
from kpis.access.rights import Action
from kpis.errors import KpisError, StoreError
from kpis.services.reading_outcome import describe_acceptance, describe_outcome
from kpis.settings import Settings
from kpis.store.lake.shared_orders import place_order
from kpis.store.opening import find_lake
from kpis.store.orders import PLAN_ACTIONS, Order, OrderAction, read_orders
from kpis.store.paths import DatabasePaths
from kpis.store.version_store import VersionStore
from kpis.sync.result import Message, SyncResult
from kpis.sync.state import SourceState, read_states

_CONTENT = "content_hash"
TOO_OLD = "Nothing read the sheets for a day after this was asked for, so it was not carried out. Ask again."
NOT_DONE = "This could not be done: {reason}"
_REPLACED = (
    "The figures of “{source}” have been replaced since this was asked for, so no loss was accepted. Look at the "
    "source: if it is held back again, ask again."
)
_NO_SOURCE = "No source is called “{source}”."
FOREIGN = "The machine that reads the sheets has another release and does not know what was asked for."


def ask_leader(settings: Settings, action: OrderAction, subject: str, person: str, **details: object) -> str | None:
    """Ask the leader of the lake for something; return the id of the order, None where there is no lake.

    StoreError if PostgreSQL does not answer. The caller has asked for the person's right, and recorded the action.
    """
    address = find_lake(settings)
    if address is None:
        return None
    paths = DatabasePaths(settings.pointer)
    return place_order(address, paths, action, subject, person, json.dumps(details, ensure_ascii=False))


def build_right_check(
    settings: Settings, environ: Mapping[str, str], plans_by_source: Mapping[str, str]
) -> Callable[[Order], None]:
    """Return what asks whether who gave an order may do so by the rights of now."""

    def require_right(order: Order) -> None:
        action: Action = "read_again" if order.action == "read_again" else "accept_shrink"
        require_standing_right(settings, environ, order.person, action, plans_by_source.get(order.subject))

    return require_right


def describe_loss(state: SourceState | None) -> dict[str, object]:
    """Return the details of an order to accept a loss: the figures of the source that would be lost."""
    return {} if state is None else {_CONTENT: state.content_hash}


def list_waiting_ids(pointer: Path, actions: Container[str] | None = None) -> frozenset[str]:
    """Return the orders that wait, of some actions or of all, as this machine knows; none if that cannot be read."""
    with suppress(StoreError):
        waiting = [order for order in read_orders(pointer) if order.is_waiting]
        return frozenset(order.id for order in waiting if actions is None or order.action in actions)
    return frozenset()


class SyncOrders:
    """The orders that one sync carries out, for the holder of the lock."""

    def __init__(
        self,
        store: VersionStore,
        source_ids: Iterable[str],
        require_right: Callable[[Order], None] = lambda _order: None,
    ) -> None:
        """Take what waits, and answer at once what cannot be done.

        `require_right` raises KpisError where who asked may not ask for it any more.
        """
        self._store, self._require_right = store, require_right
        self._readings: list[Order] = []
        self._losses: list[Order] = []
        orders = [order for order in store.list_waiting_orders() if order.action not in PLAN_ACTIONS]
        states: Mapping[str, SourceState] = {}
        if any(order.action == "accept_shrink" for order in orders):
            states = _read_current_states(store)
        self._answer({order.id: reason for order in orders if (reason := self._take(order, source_ids, states))})

    def _take(self, order: Order, source_ids: Iterable[str], states: Mapping[str, SourceState]) -> Message | None:
        """Take an order, or return why it is not carried out."""
        if order.is_too_old:
            return Message(TOO_OLD)
        if order.action not in {"read_again", "accept_shrink"}:
            return Message(FOREIGN)
        if order.action == "accept_shrink" and order.subject not in source_ids:
            return Message(_NO_SOURCE, {"source": order.subject})
        try:
            self._require_right(order)
        except KpisError as error:
            return Message(NOT_DONE, {"reason": Message.from_error(error)})
        if order.action == "read_again":
            self._readings.append(order)
            return None
        if describe_loss(states.get(order.subject)) != order.read_details():
            return Message(_REPLACED, {"source": order.subject})
        self._losses.append(order)
        return None

    @property
    def wants_reading(self) -> bool:
        """True if somebody waits for this sync: it reads every sheet now."""
        return bool(self._readings or self._losses)

    @property
    def persons_by_source(self) -> Mapping[str, str]:
        """The sources whose loss somebody accepts, with who does."""
        return {order.subject: order.person for order in self._losses}

    def answer(self, result: SyncResult) -> None:
        """Say what came of it."""
        self._answer(
            {order.id: describe_outcome(result) for order in self._readings}
            | {order.id: describe_acceptance(result, order.subject) for order in self._losses}
        )

    @contextmanager
    def answer_failure(self) -> Iterator[None]:
        """Say what failed inside, where that can be said: without the lock the next leader carries it out."""
        try:
            yield
        except KpisError as error:
            with suppress(StoreError):
                if self._store.is_leading():
                    reason = Message(NOT_DONE, {"reason": Message.from_error(error)})
                    self._answer({order.id: reason for order in (*self._readings, *self._losses)})
            raise

    def _answer(self, messages: Mapping[str, Message]) -> None:
        if messages:
            answers = {order: json.dumps(each.to_json(), ensure_ascii=False) for order, each in messages.items()}
            self._store.answer_orders(answers)


def _read_current_states(store: VersionStore) -> Mapping[str, SourceState]:
    current = store.open_current(accept_older=True)
    if current is None:
        return {}
    try:
        return read_states(current)
    finally:
        current.close()
