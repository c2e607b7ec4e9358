"""Reads one source of any kind into raw tabs (design.md §4)."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from kpis.sheet.model import RawSheet, Source
from kpis.sources.csv_folder import read_folder
from kpis.sources.xlsx.read_workbook import read_workbook


def read_source(source: Source, now: datetime) -> RawSheet:
    """Read a whole source at `now` (naive UTC). Raises SourceError if it cannot be read.

    A Google Sheet is read alone, with the configured key; a sync reads all of them in one pass
    (`kpis.sources.google.poll`).
    """
    match source.kind:
        case "workbook":
            return read_workbook(Path(source.location), now, source.ignored_tabs)
        case "folder":
            return read_folder(Path(source.location), now, source.ignored_tabs)
        case "google":
            return _read_google(source, now)


def _read_google(source: Source, now: datetime) -> RawSheet:
    # gspread is slow to import, and many installations have no Google Sheet.
    from kpis.sources.google.client import open_client
    from kpis.sources.google.credentials import require_key
    from kpis.sources.google.sheet_reader import read_google_sheet

    with open_client(require_key(os.environ), base_url=os.environ.get("KPIS_GOOGLE_BASE", "")) as client:
        return read_google_sheet(source, client, now, find_unread=True).sheet
