"""Which database is shown: the one of the settings, or the made-up year, which is read on the first visit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import streamlit as st

from kpis.language import clock
from kpis.language.messages import Language, translate
from kpis.settings import settings
from kpis.store import versions
from kpis.store.database import Database
from kpis.ui import data, sample


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


def database(lang: Language) -> Opened | None:
    """The database that the settings name; the sample is read on the first visit. None before a sync."""
    used = settings(os.environ, to_read=True)
    number = versions.current(used.pointer)
    if number is None and used.sample:
        text = translate(lang, "Reading the sample figures, once…")
        bar = st.progress(0.0, text=text)

        def told(done: float) -> None:
            bar.progress(done, text=text)

        sample.read_once(used, told)
        bar.empty()
        number = versions.current(used.pointer)
    db = None if number is None else data.database(used.pointer, number)
    if number is None or db is None:
        return None
    made_up = db.meta.get("sample") == "yes"
    now = datetime.fromisoformat(db.meta["recorded_at"]) if made_up else clock.utc_now()
    return Opened(used.pointer, number, db, clock.today(now), made_up)
