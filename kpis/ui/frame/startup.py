"""Which database is shown: the one of the settings, or the made-up year, which is read on the first visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import streamlit as st

from kpis.language import clock
from kpis.language.messages import Language, translate
from kpis.settings import Settings, settings
from kpis.store import versions
from kpis.store.database import Database
from kpis.ui.frame import sample
from kpis.ui.shared import data


@dataclass(frozen=True)
class Opened:
    """An open version. `today` is the day to show when none is asked for; the sample's is its own.

    `number` is the version that the pointer names: above the open one's where that one would not open.
    """

    pointer: Path
    number: int
    database: Database
    today: date
    sample: bool


def opened(environ: Mapping[str, str]) -> Opened | None:
    """The database that the settings name; None before the first sync. StoreError where nothing opens."""
    return _opened(settings(environ, to_read=True).pointer)


def _opened(pointer: Path) -> Opened | None:
    number = versions.current(pointer)
    db = None if number is None else data.database(pointer, number)
    if number is None or db is None:
        return None
    made_up = db.meta.get("sample") == "yes"
    now = datetime.fromisoformat(db.meta["recorded_at"]) if made_up else clock.utc_now()
    return Opened(pointer, number, db, clock.today(now), made_up)


def opened_or_read(environ: Mapping[str, str], lang: Language) -> Opened | None:
    """The same for a visitor: the sample is read first, with a bar, where it is what is to be shown."""
    used = settings(environ, to_read=True)
    found = _opened(used.pointer)
    if found is not None or not used.sample:
        return found
    _read_sample(used, environ, translate(lang, "Reading the sample figures, once…"))
    return opened(environ)


def _read_sample(used: Settings, environ: Mapping[str, str], text: str) -> None:
    bar = st.progress(0.0, text=text)

    def told(done: float) -> None:
        bar.progress(done, text=text)

    sample.read_once(used, environ, told)
    bar.empty()
