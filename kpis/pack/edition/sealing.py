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
from kpis.pack.edition.folders import (
    FIGURES_FILE,
    RECORD_FILE,
    Edition,
    compute_digest,
    get_folder,
    get_last_revision,
    list_revisions,
)
from kpis.pack.edition.gathering import Baseline, gather_against, new_baseline, sealed_baseline
from kpis.pack.edition.writers import list_writers
from kpis.pack.figures.cancellation import make_cancellable
from kpis.pack.figures.gather import EditionFigures, build_last_week_query
from kpis.pack.figures.weeks import Week
from kpis.pack.pages.bullet_images import warm_up
from kpis.pack.pages.compose import build_contents, format_scope, list_follow_ups
from kpis.pack.pages.contents import Contents
from kpis.store.database import Database
from kpis.store.files import as_store_error, fsync_file, fsync_folder
from kpis.store.lock import try_lock

SealOutcome = Literal["made", "unchanged", "amended", "continued", "restored"]
"""`amended`: the data were; `continued`: the running week went on; `restored`: files had been altered.

The last three made a new revision beside the one there was.
"""

ProgressCallback = Callable[[int, int, str], None]
"""Called with the steps done, all steps, and the name of the one that begins."""

_LOCK_FILE, _WORK_PREFIX = ".editions.lock", ".making"
_LOCK_TIMEOUT = 600.0  # seconds: another export of 34 provinces is over by then
RENDER_SETTINGS = {"page": "1920x1080", "look": "light"}


@dataclass(frozen=True)
class EditionRequest:
    """What is to be sealed: a week and scope (`plan` None: all) in a language, by the clock `now` (UTC).

    `today` is the day up to which figures may be asked: a sample's own, else that of `now`.
    """

    week: Week
    plan: str | None
    lang: Language
    now: datetime
    today: date


@dataclass(frozen=True)
class SealResult:
    """An edition and what had to be done for it."""

    edition: Edition
    outcome: SealOutcome


def seal(
    db: Database, pointer: Path, request: EditionRequest, out: Path, progress: ProgressCallback | None = None
) -> SealResult:
    """The edition of a week: the sealed one while its figures stand, else a new revision beside it.

    UsageError for a week that has not begun; StoreError for a full disk or a second export that does not
    end; RowsLostError where a file lacks rows. Nothing half-made is left then.
    """
    as_of = request.week.get_as_of(request.today)
    told = progress or (lambda _done, _whole, _step: None)
    whole = len(list_writers()) + 2
    with as_store_error(out):
        out.mkdir(parents=True, exist_ok=True)
    with _acquire_lock(out):
        told(0, whole, "figures")
        _remove_leftovers(out)
        folder = get_folder(out, request.week, request.plan, request.lang)
        number, there = get_last_revision(folder), list_revisions(folder)
        outcome: SealOutcome = "restored" if number else "made"  # one that cannot be read counts as lost
        if there and there[-1].revision == number:
            outcome = _compare_with_sealed(db, pointer, request, as_of, there[-1])
            if outcome == "unchanged":
                return SealResult(there[-1], outcome)
        made = _make_edition(db, pointer, request, out, number + 1, told)
        told(whole, whole, "")
        return SealResult(made, outcome)


def _compare_with_sealed(
    db: Database, pointer: Path, request: EditionRequest, as_of: date, last_edition: Edition
) -> SealOutcome:
    """Whether the sealed edition still says what the data say, held against what it was held against."""
    if last_edition.list_altered_files():
        return "restored"
    if last_edition.as_of != as_of:
        return "continued"
    same = (
        gather_against(db, pointer, sealed_baseline(last_edition), request.now).compute_fingerprint()
        == last_edition.figures_sha256
    )
    return "unchanged" if same else "amended"


def _make_edition(
    db: Database,
    pointer: Path,
    request: EditionRequest,
    out: Path,
    revision: int,
    report_progress: ProgressCallback,
) -> Edition:
    asking = find_baseline(request, out)
    asked, before = asking.query, asking.previous
    sealed_at = request.now.replace(microsecond=0)
    figures = gather_for_request(db, pointer, request, asking)
    folder = get_folder(out, request.week, request.plan, request.lang)
    making = out / f"{_WORK_PREFIX}-{folder.name}"
    edition = Edition(
        week=str(request.week),
        scope=request.plan or "all",
        scope_name=format_scope(figures),
        lang=request.lang,
        revision=revision,
        as_of=asked.as_of,
        since=asked.since,
        known_then=asked.since_known_at,
        compared_with=before.name if before else None,
        data_version=figures.version,
        sample=figures.sample,
        settings=RENDER_SETTINGS,
        sealed_at=sealed_at,
        figures_sha256=figures.compute_fingerprint(),
        files={},
        asked=list_follow_ups(figures),
        folder=making,
    )
    with as_store_error(making), _open_work_folder(making):
        files = _run_writers(
            figures, build_contents(figures, sealed_at, before), making, sealed_at, report_progress
        )
        kept = making / FIGURES_FILE
        kept.write_text(comparison.dump_figures(figures, asking.previous_statuses), encoding="utf-8")
        files[kept.name] = compute_digest(kept)
        edition = replace(edition, files=files)
        record = json.dumps(edition.to_record(), ensure_ascii=False, indent=1)
        (making / RECORD_FILE).write_text(record + "\n", encoding="utf-8")
        return replace(edition, folder=_publish_folder(making, folder / f"r{revision}"))


def find_baseline(request: EditionRequest, out: Path) -> Baseline:
    """What an order asks of the figures, and against what they are held."""
    first = build_last_week_query(request.week.get_as_of(request.today), request.plan, request.lang)
    return new_baseline(out, request.week, first)


def gather_for_request(
    db: Database, pointer: Path, request: EditionRequest, baseline: Baseline
) -> EditionFigures:
    """The figures of an order; the charts' engine starts while the database is asked."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(warm_up, request.lang)
        return gather_against(db, pointer, baseline, _get_age_reference(request))


def _get_age_reference(request: EditionRequest) -> datetime:
    # A sample stands still: its sources are as old as they were on its own day.
    return min(request.now, clock.get_end_of_day(request.today))


def _run_writers(
    figures: EditionFigures,
    contents: Contents,
    work_folder: Path,
    sealed_at: datetime,
    report_progress: ProgressCallback,
) -> dict[str, str]:
    """Runs every writer, the first beside the others; the names of the files with their SHA-256."""
    paths: list[Path] = []
    (name, write), *others = list_writers().items()
    whole = len(others) + 3
    # Typst and Pillow leave Python alone while they work: the others are written meanwhile.
    stop = Event()
    with ThreadPoolExecutor(1) as beside:
        waiting = [
            (known, beside.submit(make_cancellable(other, stop), figures, contents, work_folder, sealed_at))
            for known, other in others
        ]
        try:
            report_progress(1, whole, name)
            paths += write(figures, contents, work_folder, sealed_at)
            for done, (known, other) in enumerate(waiting, start=2):
                report_progress(done, whole, known)
                paths += other.result()
        except BaseException:
            stop.set()
            beside.shutdown(wait=False, cancel_futures=True)
            raise
    report_progress(whole - 1, whole, "seal")
    return {path.name: compute_digest(path) for path in paths}


def _publish_folder(work_folder: Path, target: Path) -> Path:
    """Makes the files durable, then gives the folder its name in one step."""
    for path in work_folder.iterdir():
        fsync_file(path)
    fsync_folder(work_folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    work_folder.rename(target)
    fsync_folder(target.parent)
    fsync_folder(target.parent.parent)
    return target


@contextmanager
def _open_work_folder(work_folder: Path) -> Iterator[None]:
    """A new folder to work in, that is gone afterwards unless it got its name."""
    work_folder.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(work_folder, ignore_errors=True)


def _remove_leftovers(out: Path) -> None:
    """Removes what a killed export left; only the holder of the lock may."""
    for left in out.glob(f"{_WORK_PREFIX}-*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _acquire_lock(out: Path) -> Iterator[None]:
    """Waits until no other export works here; StoreError when one does not end."""
    until = time.monotonic() + _LOCK_TIMEOUT
    while True:
        with try_lock(out / _LOCK_FILE) as ours:
            if ours:
                yield
                return
        if time.monotonic() > until:
            raise StoreError(
                "Another export is under way in {path}. Run it again when it has ended.", path=out
            )
        time.sleep(0.2)
