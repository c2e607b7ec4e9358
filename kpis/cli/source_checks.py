"""The checks of `doctor` on the sources: the sources file, every sheet, and Google's listing of changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from kpis.checks.source_check import check_source
from kpis.cli.doctor_checks import DoctorCheck
from kpis.errors import KpisError
from kpis.language import clock
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheet.model import RawSheet, SheetNote, Source
from kpis.sources.config import load_sources
from kpis.sources.faults import build_fault_error
from kpis.sources.file_parser import FileParser
from kpis.store.opening import find_lake
from kpis.sync.attempts import read_attempts
from kpis.sync.note_messages import list_note_messages
from kpis.sync.result import Message


def check_sources(
    settings: Settings, register: Register | None, now: datetime, environ: Mapping[str, str]
) -> Iterator[DoctorCheck]:
    """Check the sources file, every sheet with its tabs and columns, held sources, and Google's listing of changes."""
    try:
        listed = load_sources(settings.sources, register.plans if register else None)
    except KpisError as error:
        yield DoctorCheck("sources", "mend", "{reason}", {"reason": error})
        return
    text = "{file}, made-up sample" if listed.sample else "{file}"
    yield DoctorCheck("sources", "note" if listed.sample else "well", text, {"file": settings.sources})
    with FileParser() as parser:
        for source in listed.sources:
            if source.kind != "google":
                yield from _check_source(source, lambda source: parser.parse(source, now).sheet, register, now)
    if sheets := [source for source in listed.sources if source.kind == "google"]:
        yield from _check_google(sheets, settings, register, now, environ)
    yield from _list_held_sources(settings.pointer, {source.id for source in listed.sources})


def _list_held_sources(pointer: Path, source_ids: Collection[str]) -> Iterator[DoctorCheck]:
    """Yield the sources that the last sync held: they can be read, but their figures are those of an earlier read."""
    for attempt in (read_attempts(pointer) or [[]])[-1]:
        if attempt.result.outcome == "held" and attempt.result.id in source_ids:
            for message in attempt.result.messages:
                yield DoctorCheck(attempt.result.id, "mend", message.key, dict(message.values), exit_code=1)


def _check_google(
    sheets: Sequence[Source], settings: Settings, register: Register | None, now: datetime, environ: Mapping[str, str]
) -> Iterator[DoctorCheck]:
    # Imported here: gspread is slow to import, and many installations have no Google Sheet.
    from kpis.sources.google.client import open_client
    from kpis.sources.google.credentials import require_key
    from kpis.sources.google.failures import GoogleError
    from kpis.sources.google.sheet_reader import read_google_sheet
    from kpis.sources.google.transport import RequestPolicy

    try:
        key = require_key(environ)
        base = environ.get("KPIS_GOOGLE_BASE", "")
        policy = RequestPolicy.create_shared(settings.pointer, key.account, find_lake(settings))
        client = open_client(key, base_url=base, policy=policy)
    except KpisError as error:
        yield DoctorCheck("Google", "mend", "{reason}", {"reason": error}, exit_code=1)
        return
    with client:
        try:
            shared = len(client.list_modified_times())
        except GoogleError as failure:
            yield DoctorCheck("Google", "mend", "{reason}", {"reason": failure}, exit_code=1)
            if failure.is_global:  # every sheet would fail alike
                return
        else:
            values: dict[str, object] = {"n": shared, "account": client.account}
            yield DoctorCheck("Google", "well", "{n} sheets are shared with {account}", values)
        for source in sheets:
            yield from _check_source(
                source, lambda source: read_google_sheet(source, client, now, find_unread=True).sheet, register, now
            )


def _check_source(
    source: Source, read_sheet: Callable[[Source], RawSheet], register: Register | None, now: datetime
) -> Iterator[DoctorCheck]:
    """Check that a source can be read, and say how many of its rows are no data; without a register, nothing."""
    try:
        raw = read_sheet(source)
        today = clock.to_local_day(now)
        checked = check_source(raw, source.plan, register, today) if register else None
    except KpisError as error:
        yield DoctorCheck(source.id, "mend", "{reason}", {"reason": error}, exit_code=1)
        return
    except Exception as error:  # noqa: BLE001 - whatever one source provokes is its own failure
        reason = build_fault_error(source, error)
        yield DoctorCheck(source.id, "mend", "{reason}", {"reason": reason}, exit_code=1)
        return
    rows = sum(len(tab.rows) for tab in raw.tabs)
    values: dict[str, object] = {"rows": rows, "tabs": len(raw.tabs)}
    yield DoctorCheck(source.id, "well", "{rows} lines in {tabs} tabs", values)
    if checked and checked.set_aside:
        text = "{n} rows are no data (titles, repeated headers, totals, signatures): not counted, nothing to correct"
        yield DoctorCheck(source.id, "note", text, {"n": len(checked.set_aside)})
    notes: list[Message | SheetNote] = [*list_note_messages(raw), *(checked.notes if checked else ())]
    for note in notes:
        yield DoctorCheck(source.id, "note", note.key, dict(note.values))
