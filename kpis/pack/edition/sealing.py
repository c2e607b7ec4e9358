"""Sealing an edition: made in a folder aside, made durable, then named; never over an earlier one."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Literal

from kpis.errors import StoreError
from kpis.language import clock
from kpis.language.messages import Language
from kpis.pack.edition import comparison
from kpis.pack.edition.folders import FIGURES, RECORD, Edition, digest_of, folder_of, last_revision, revisions
from kpis.pack.edition.gathering import Question, again, anew, answered
from kpis.pack.edition.writers import writers
from kpis.pack.figures.cancellation import stoppable
from kpis.pack.figures.gather import Figures, compared_with_last_week
from kpis.pack.figures.weeks import Week
from kpis.pack.pages.bullet_images import warm
from kpis.pack.pages.compose import asked_for, contents, scope
from kpis.pack.pages.contents import Contents
from kpis.store.database import Database
from kpis.store.files import explained, sync_file, sync_folder
from kpis.store.lock import held

Outcome = Literal["made", "unchanged", "amended", "continued", "restored"]
"""`amended`: the data were; `continued`: the running week went on; `restored`: files had been altered.

The last three made a new revision beside the one there was.
"""

Progress = Callable[[int, int, str], None]
"""Called with the steps done, all steps, and the name of the one that begins."""

_LOCK, _MAKING = ".editions.lock", ".making"
_PATIENCE = 600.0  # seconds: another export of 34 provinces is over by then
SETTINGS = {"page": "1920x1080", "look": "light"}


@dataclass(frozen=True)
class Order:
    """What is to be sealed: a week and scope (`plan` None: all) in a language, by the clock `now` (UTC).

    `today` is the day up to which figures may be asked: a sample's own, else that of `now`.
    """

    week: Week
    plan: str | None
    lang: Language
    now: datetime
    today: date


@dataclass(frozen=True)
class Sealed:
    """An edition and what had to be done for it."""

    edition: Edition
    outcome: Outcome


def seal(db: Database, pointer: Path, order: Order, out: Path, progress: Progress | None = None) -> Sealed:
    """The edition of a week: the sealed one while its figures stand, else a new revision beside it.

    UsageError for a week that has not begun; StoreError for a full disk or a second export that does not
    end; RowsLostError where a file lacks rows. Nothing half-made is left then.
    """
    as_of = order.week.as_of(order.today)
    told = progress or (lambda _done, _whole, _step: None)
    whole = len(writers()) + 2
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        told(0, whole, "figures")
        _sweep(out)
        folder = folder_of(out, order.week, order.plan, order.lang)
        number, there = last_revision(folder), revisions(folder)
        outcome: Outcome = "restored" if number else "made"  # one that cannot be read counts as lost
        if there and there[-1].revision == number:
            outcome = _standing(db, pointer, order, as_of, there[-1])
            if outcome == "unchanged":
                return Sealed(there[-1], outcome)
        made = _make(db, pointer, order, out, number + 1, told)
        told(whole, whole, "")
        return Sealed(made, outcome)


def _standing(db: Database, pointer: Path, order: Order, as_of: date, last: Edition) -> Outcome:
    """Whether the sealed edition still says what the data say, held against what it was held against."""
    if last.altered():
        return "restored"
    if last.as_of != as_of:
        return "continued"
    same = answered(db, pointer, again(last), order.now).fingerprint() == last.figures_sha256
    return "unchanged" if same else "amended"


def _make(db: Database, pointer: Path, order: Order, out: Path, revision: int, told: Progress) -> Edition:
    asking = question(order, out)
    asked, before = asking.asked, asking.before
    sealed_at = order.now.replace(microsecond=0)
    figures = gathered(db, pointer, order, asking)
    folder = folder_of(out, order.week, order.plan, order.lang)
    making = out / f"{_MAKING}-{folder.name}"
    edition = Edition(
        week=str(order.week),
        scope=order.plan or "all",
        scope_name=scope(figures),
        lang=order.lang,
        revision=revision,
        as_of=asked.as_of,
        since=asked.since,
        known_then=asked.known_then,
        compared_with=before.name if before else None,
        data_version=figures.version,
        sample=figures.sample,
        settings=SETTINGS,
        sealed_at=sealed_at,
        figures_sha256=figures.fingerprint(),
        files={},
        asked=asked_for(figures),
        folder=making,
    )
    with explained(making), _emptied(making):
        files = _written(figures, contents(figures, sealed_at, before), making, sealed_at, told)
        kept = making / FIGURES
        kept.write_text(comparison.kept(figures, asking.shown), encoding="utf-8")
        files[kept.name] = digest_of(kept)
        edition = replace(edition, files=files)
        record = json.dumps(edition.record(), ensure_ascii=False, indent=1)
        (making / RECORD).write_text(record + "\n", encoding="utf-8")
        return replace(edition, folder=_named(making, folder / f"r{revision}"))


def question(order: Order, out: Path) -> Question:
    """What an order asks of the figures, and against what they are held."""
    first = compared_with_last_week(order.week.as_of(order.today), order.plan, order.lang)
    return anew(out, order.week, first)


def gathered(db: Database, pointer: Path, order: Order, asked: Question) -> Figures:
    """The figures of an order; the charts' engine starts while the database is asked."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(warm, order.lang)
        return answered(db, pointer, asked, _ages_at(order))


def _ages_at(order: Order) -> datetime:
    # A sample stands still: its sources are as old as they were on its own day.
    return min(order.now, clock.end_of_day(order.today))


def _written(
    figures: Figures, said: Contents, making: Path, sealed_at: datetime, told: Progress
) -> dict[str, str]:
    """Runs every writer, the first beside the others; the names of the files with their SHA-256."""
    paths: list[Path] = []
    (name, write), *others = writers().items()
    whole = len(others) + 3
    # Typst and Pillow leave Python alone while they work: the others are written meanwhile.
    stop = Event()
    with ThreadPoolExecutor(1) as beside:
        waiting = [
            (known, beside.submit(stoppable(other, stop), figures, said, making, sealed_at))
            for known, other in others
        ]
        try:
            told(1, whole, name)
            paths += write(figures, said, making, sealed_at)
            for done, (known, other) in enumerate(waiting, start=2):
                told(done, whole, known)
                paths += other.result()
        except BaseException:
            stop.set()
            beside.shutdown(wait=False, cancel_futures=True)
            raise
    told(whole - 1, whole, "seal")
    return {path.name: digest_of(path) for path in paths}


def _named(making: Path, target: Path) -> Path:
    """Makes the files durable, then gives the folder its name in one step."""
    for path in making.iterdir():
        sync_file(path)
    sync_folder(making)
    target.parent.mkdir(parents=True, exist_ok=True)
    making.rename(target)
    sync_folder(target.parent)
    sync_folder(target.parent.parent)
    return target


@contextmanager
def _emptied(making: Path) -> Iterator[None]:
    """A new folder to work in, that is gone afterwards unless it got its name."""
    making.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Removes what a killed export left; only the holder of the lock may."""
    for left in out.glob(f"{_MAKING}-*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Waits until no other export works here; StoreError when one does not end."""
    until = time.monotonic() + _PATIENCE
    while True:
        with held(out / _LOCK) as ours:
            if ours:
                yield
                return
        if time.monotonic() > until:
            raise StoreError(
                "Another export is under way in {path}. Run it again when it has ended.", path=out
            )
        time.sleep(0.2)
