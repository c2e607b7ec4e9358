"""Reads one source, of whatever kind, into raw tabs (design.md §4)."""

from __future__ import annotations

import os
from datetime import datetime

from kpis.sheet.model import RawSheet, Source
from kpis.sources.file_parser import FileParser


def read_source(source: Source, now: datetime) -> RawSheet:
    """Read the whole source at `now` (naive UTC). Raises SourceError, with the next step, if that fails.

    A file is parsed in a process of its own. A Google Sheet is read alone, with the configured key; a sync
    reads all sources in one pass (`kpis.sources.source_reader`).
    """
    if source.kind == "google":
        return _read_google(source, now)
    with FileParser() as parser:
        return parser.parse(source, now).sheet


def _read_google(source: Source, now: datetime) -> RawSheet:
    # gspread is slow to import, and many installations have no Google Sheet.
    from kpis.sources.google.client import open_client
    from kpis.sources.google.credentials import require_key
    from kpis.sources.google.sheet_reader import read_google_sheet

    with open_client(require_key(os.environ), base_url=os.environ.get("KPIS_GOOGLE_BASE", "")) as client:
        return read_google_sheet(source, client, now, find_unread=True).sheet
