"""What `doctor` asks of the sources: the file that names them, every sheet, and Google's listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from kpis.cli.doctor_checks import Check
from kpis.errors import KpisError
from kpis.register.model import Register
from kpis.settings import Settings
from kpis.sheet.model import RawSheet, Source
from kpis.sources.config import load_sources
from kpis.sources.read import read_source


def sources(
    settings: Settings, known: Register | None, now: datetime, environ: Mapping[str, str]
) -> Iterator[Check]:
    """The sources file is right, and every sheet in it can be read; Google can list those that changed."""
    try:
        listed = load_sources(settings.sources, known.plans if known else None)
    except KpisError as error:
        yield Check("sources", "mend", "{reason}", {"reason": error})
        return
    text = "{file}, made-up sample" if listed.sample else "{file}"
    yield Check("sources", "note" if listed.sample else "well", text, {"file": settings.sources})
    for source in listed.sources:
        if source.kind != "google":
            yield _read(source, lambda one: read_source(one, now))
    if sheets := [source for source in listed.sources if source.kind == "google"]:
        yield from _google(sheets, settings.pointer, now, environ)


def _google(
    sheets: Sequence[Source], pointer: Path, now: datetime, environ: Mapping[str, str]
) -> Iterator[Check]:
    # gspread is slow to import, and many have no Google Sheet at all.
    from kpis.sources.google.client import open_client
    from kpis.sources.google.credentials import need_key
    from kpis.sources.google.failures import GoogleError
    from kpis.sources.google.read import read_google
    from kpis.sources.google.transport import Patience

    try:
        key = need_key(environ)
        base = environ.get("KPIS_GOOGLE_BASE", "")
        client = open_client(key, base=base, patience=Patience.beside(pointer))
    except KpisError as error:
        yield Check("Google", "mend", "{reason}", {"reason": error}, exit_code=1)
        return
    with client:
        try:
            shared = len(client.list_modified())
        except GoogleError as failure:
            yield Check("Google", "mend", "{reason}", {"reason": failure}, exit_code=1)
            if failure.everywhere:  # each sheet would only say the same
                return
        else:
            values: dict[str, object] = {"n": shared, "account": client.account}
            yield Check("Google", "well", "{n} sheets are shared with {account}", values)
        for source in sheets:
            yield _read(source, lambda one: read_google(one, client, now).sheet)


def _read(source: Source, read: Callable[[Source], RawSheet]) -> Check:
    try:
        raw = read(source)
    except KpisError as error:
        return Check(source.id, "mend", "{reason}", {"reason": error}, exit_code=1)
    rows = sum(len(tab.rows) for tab in raw.tabs)
    return Check(source.id, "well", "{rows} lines in {tabs} tabs", {"rows": rows, "tabs": len(raw.tabs)})
