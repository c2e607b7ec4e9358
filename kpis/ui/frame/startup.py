"""Which database is shown: the one of the settings, or the made-up year, which is read on the first visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import streamlit as st

from kpis.language import clock
from kpis.language.messages import Language, translate
from kpis.settings import Settings, load_settings
from kpis.store import versions
from kpis.store.database import Database
from kpis.ui.frame import sample
from kpis.ui.shared import data


@dataclass(frozen=True)
class OpenVersion:
    """An open version. `today` is the day to show when none is asked for; the sample's is its own.

    `number` is the version that the pointer names: above the open one's where that one would not open.
    """

    pointer: Path
    number: int
    database: Database
    today: date
    sample: bool


def open_version(environ: Mapping[str, str]) -> OpenVersion | None:
    """The database that the settings name; None before the first sync. StoreError where nothing opens."""
    return _open_current_version(load_settings(environ, read_only=True).pointer)


def _open_current_version(pointer: Path) -> OpenVersion | None:
    number = versions.find_current_version(pointer)
    db = None if number is None else data.open_database(pointer, number)
    if number is None or db is None:
        return None
    made_up = db.meta.get("sample") == "yes"
    now = datetime.fromisoformat(db.meta["recorded_at"]) if made_up else clock.get_utc_now()
    return OpenVersion(pointer, number, db, clock.to_local_day(now), made_up)


def open_version_or_sample(environ: Mapping[str, str], lang: Language) -> OpenVersion | None:
    """The same for a visitor: the sample is read first, with a bar, where it is what is to be shown."""
    used = load_settings(environ, read_only=True)
    found = _open_current_version(used.pointer)
    if found is not None or not used.sample:
        return found
    _read_sample_with_progress(used, environ, translate(lang, "Reading the sample figures, once…"))
    return open_version(environ)


def _read_sample_with_progress(sample_settings: Settings, environ: Mapping[str, str], text: str) -> None:
    bar = st.progress(0.0, text=text)

    def report_fraction(fraction: float) -> None:
        bar.progress(fraction, text=text)

    sample.read_sample_once(sample_settings, environ, report_fraction)
    bar.empty()
