"""After a sync, the questions of the ledger go into the sheets of their agencies, each once (design.md §5)."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kpis.errors import KpisError
from kpis.feedback.request_row import RequestRow
from kpis.language import clock
from kpis.measures.explanations import Explanation, fetch_explanations
from kpis.measures.question import Question
from kpis.requests.ledger import append_events, read_requests
from kpis.requests.lines import LedgerContent
from kpis.requests.model import LedgerRequest, RequestEvent
from kpis.sheet.model import Source
from kpis.store import sql
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.sync.result import Message

if TYPE_CHECKING:
    from kpis.sources.google.poll import GooglePass

FILE_SOURCE = (
    "The sheet “{source}” of this agency is a file. `kpis feedback` adds the question to the copy that goes back to it"
)
NO_SOURCE = "The plan has no sheet to write to"
UNREAD_SOURCE = "The sheet “{source}” could not be read at the last sync"
WRITING_FAULT = "An unforeseen fault ({fault}); the next sync tries once more"
REQUESTS_FAULT = "Open requests could not be written into the sheets, or noted as written. {reason}"

_log = logging.getLogger("kpis.services")
_Outcome = tuple[bool, str]
"""Whether a question stands in its sheet, and the id of the source; else the reason as JSON."""


def write_open_requests(
    pointer: Path,
    sources: Sequence[Source],
    good_ids: Collection[str],
    google: GooglePass | None,
    now: datetime,
    lake: LakeAddress | None = None,
) -> Message | None:
    """Write what is open and stands in no sheet, and note in the ledger what became of each.

    `sources` are all configured ones in their order, `good_ids` those that were read well, `google` None where nothing
    may be written. The figures are published already, so nothing is raised: what stopped the pass, such as a ledger
    that cannot be used, is returned. What stops the questions of one sheet stands in the ledger.
    """
    try:
        requests = read_requests(pointer, None)
        if any(not _is_written(request) for request in requests.values()):
            _write_open_requests(requests, pointer, sources, frozenset(good_ids), google, now, lake)
    except KpisError as error:
        return Message(REQUESTS_FAULT, {"reason": Message.from_error(error)})
    except Exception as error:  # noqa: BLE001 - the figures are published; the message names the fault
        _log.warning("fault while writing requests", exc_info=error)
        return Message(REQUESTS_FAULT, {"reason": Message(WRITING_FAULT, {"fault": type(error).__name__})})
    return None


def _is_written(request: LedgerRequest) -> bool:
    standing = request.find_standing()
    return standing is None or standing.is_written or standing.withdrawn_on is not None


def _write_open_requests(
    requests: Mapping[str, LedgerRequest],
    pointer: Path,
    sources: Sequence[Source],
    good_ids: frozenset[str],
    google: GooglePass | None,
    now: datetime,
    lake: LakeAddress | None,
) -> None:
    today = clock.to_local_day(now)
    database = Database.open(pointer)
    if database is None:
        return
    with closing(database):
        items = [
            item
            for item in fetch_explanations(database, Question(today), judges_promises=False)
            if item.origin == "ledger"
        ]
        last_sources = _find_last_sources(database)
    open_items = [item for item in items if item.is_open and not _is_written(requests[item.id])]
    outcomes: dict[str, _Outcome] = {item.id: (True, "") for item in open_items if item.sheet_state == "written"}
    by_source: dict[str, list[Explanation]] = defaultdict(list)
    by_id = {source.id: source for source in sources}
    for item in open_items:
        if item.id not in outcomes:
            source = _choose_source(item, sources, last_sources)
            if source is None:
                outcomes[item.id] = False, _to_json(Message(NO_SOURCE))
            else:
                by_source[source.id].append(item)
    for source_id, group in by_source.items():
        outcomes |= _write_to_source(by_id[source_id], group, source_id in good_ids, google, now)
    _note_outcomes(pointer, outcomes, now, lake)


def _choose_source(
    item: Explanation, sources: Sequence[Source], last_sources: Mapping[tuple[str, str], str]
) -> Source | None:
    """Return the source of the plan in which the agency last had an accepted row, else its first one."""
    of_plan = [source for source in sources if source.plan == item.plan]
    last = last_sources.get((item.plan, item.agency))
    return next((source for source in of_plan if source.id == last), of_plan[0] if of_plan else None)


def _find_last_sources(database: Database) -> dict[tuple[str, str], str]:
    rows = database.fetch_rows(sql.load("kpis.services", "last_sources"))
    return {(str(row["plan"]), str(row["agency"])): str(row["source"]) for row in rows}


def _write_to_source(
    source: Source, items: Sequence[Explanation], is_good: bool, google: GooglePass | None, now: datetime
) -> dict[str, _Outcome]:
    """Write the questions of one source; return what became of each."""
    if source.kind != "google":
        return _refuse(items, Message(FILE_SOURCE, {"source": source.id}))
    if google is None:
        return {}
    if not is_good:
        return _refuse(items, Message(UNREAD_SOURCE, {"source": source.id}))
    from kpis.feedback.google.request_rows import write_request_rows

    rows = build_request_rows(items)
    try:
        result = write_request_rows(source, google.client, now, rows, google.get_last_tabs(source))
    except KpisError as error:
        return _refuse(items, Message.from_error(error))
    except Exception as error:  # noqa: BLE001 - whatever one sheet provokes stops no other
        _log.info("fault while writing requests into %s", source.id, exc_info=error)
        return _refuse(items, Message(WRITING_FAULT, {"fault": type(error).__name__}))
    if result.has_written:
        google.record_write(source, None)
    missing = [item for item in items if item.id not in result.standing]
    outcomes: dict[str, _Outcome] = dict.fromkeys(result.standing, (True, source.id))
    if missing and result.problem is not None:
        outcomes |= _refuse(missing, Message.from_error(result.problem))
    return outcomes


def build_request_rows(items: Sequence[Explanation]) -> list[RequestRow]:
    """Return requests as the rows that are written into a sheet."""
    return [
        RequestRow(item.id, item.entry, item.agency, item.question or "", item.asked_on, item.due_on)
        for item in items
        if item.asked_on is not None and item.due_on is not None
    ]


def list_unsent_rows(pointer: Path, plan: str, today: date) -> list[RequestRow]:
    """Return the open requests of a plan that stand in no sheet; none before the first sync."""
    database = Database.open(pointer)
    if database is None:
        return []
    with closing(database):
        items = fetch_explanations(database, Question(today, plans=frozenset({plan})), judges_promises=False)
    unsent = [item for item in items if item.origin == "ledger" and item.is_open and item.sheet_state == "unsent"]
    return build_request_rows(unsent)


def _refuse(items: Sequence[Explanation], reason: Message) -> dict[str, _Outcome]:
    return {item.id: (False, _to_json(reason)) for item in items}


def _to_json(message: Message) -> str:
    return json.dumps(message.to_json(), ensure_ascii=False)


def _note_outcomes(pointer: Path, outcomes: Mapping[str, _Outcome], now: datetime, lake: LakeAddress | None) -> None:
    """Add what is new to the ledger: that a question is written, or another reason why not."""

    today = clock.to_local_day(now)

    def build(content: LedgerContent, at: datetime) -> list[RequestEvent]:
        events = []
        for name, (is_written, detail) in outcomes.items():
            request = content.requests[name]
            standing = request.find_standing()
            day = max(today, request.opened_on)
            if standing is None or standing.is_written:
                continue
            if is_written:
                events.append(RequestEvent(name, "written", at, day, "", {"source": detail}))
            elif standing.unsent_reason != detail:
                events.append(RequestEvent(name, "not_written", at, day, "", {"reason": detail}))
        return events

    append_events(pointer, now, build, lake)
