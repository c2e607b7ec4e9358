"""Which database is shown: that of the settings, or the sample, which is read on the first visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kpis.language import clock
from kpis.language.messages import Language, translate
from kpis.settings import Settings, load_settings
from kpis.store import versions
from kpis.store.database import Database
from kpis.ui.frame import sample
from kpis.ui.shared import data
from kpis.ui.shared.progress_bars import show_progress


@dataclass(frozen=True)
class OpenVersion:
    """An open database version. `today` is the default day; the sample has its own.

    `number` is the version that the pointer names; above the open one's if that one could not be opened.
    """

    pointer: Path
    number: int
    database: Database
    today: date
    sample: bool


def open_version(environ: Mapping[str, str]) -> OpenVersion | None:
    """Open the database that the settings name; None before the first sync.

    Raises StoreError if no version can be opened.
    """
    return _open_current_version(load_settings(environ, read_only=True).pointer)


def _open_current_version(pointer: Path) -> OpenVersion | None:
    number = versions.find_current_version(pointer)
    db = None if number is None else data.open_database(pointer, number)
    if number is None or db is None:
        return None
    is_sample = db.meta.get("sample") == "yes"
    now = datetime.fromisoformat(db.meta["recorded_at"]) if is_sample else clock.get_utc_now()
    return OpenVersion(pointer, number, db, clock.to_local_day(now), is_sample)


def open_version_or_sample(environ: Mapping[str, str], lang: Language) -> OpenVersion | None:
    """Open the current version; if it is the sample and not read yet, read it first with a progress bar."""
    settings = load_settings(environ, read_only=True)
    version = _open_current_version(settings.pointer)
    if version is not None or not settings.sample:
        return version
    _read_sample_with_progress(settings, environ, translate(lang, "Reading the sample figures, once…"))
    return open_version(environ)


def _read_sample_with_progress(sample_settings: Settings, environ: Mapping[str, str], text: str) -> None:
    with show_progress(text) as bar:

        def report_fraction(fraction: float) -> None:
            bar.progress(fraction, text=text)

        sample.read_sample_once(sample_settings, environ, report_fraction)
