"""Sealing an edition: written to a work folder, made durable, then renamed; never over an earlier one."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Literal

from kpis.errors import StoreError
from kpis.language import clock
from kpis.language.messages import Language
from kpis.pack.edition import comparison
from kpis.pack.edition.claims import EditionClaims, FileClaims, wait_for_turn, wait_until_visible
from kpis.pack.edition.folders import (
    ALL_PLANS,
    FIGURES_FILE,
    RECORD_FILE,
    Edition,
    compute_digest,
    count_revisions,
    get_folder,
    get_last_revision,
    is_edition_folder,
    list_revisions,
)
from kpis.pack.edition.gathering import Baseline, gather_against, new_baseline, sealed_baseline
from kpis.pack.edition.writers import list_writers
from kpis.pack.figures.cancellation import make_cancellable
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.gather import build_last_week_query
from kpis.pack.figures.weeks import Week
from kpis.pack.meeting.parts import EditionParts, open_parts
from kpis.pack.pages.bullet_images import warm_up
from kpis.pack.pages.compose import build_contents, format_scope, list_follow_ups
from kpis.store.database import Database
from kpis.store.files import as_store_error, fsync_file, fsync_folder, require_free_space
from kpis.store.move_marks import require_files_to_publish
from kpis.store.work_folders import open_work_folder, remove_leftover_folders

SealOutcome = Literal["made", "unchanged", "amended", "continued", "restored"]
"""`amended`: the figures changed; `continued`: the running week moved on; `restored`: files were altered.

The last three made a new revision; the earlier ones stay.
"""

ProgressCallback = Callable[[int, int, str], None]
"""Called with the number of finished steps, the number of all steps, and the name of the step that begins."""

_WORK_PREFIX = ".making"
MAX_REVISIONS = 60
"""Of one week, scope and language: a new one is refused then, and none is deleted."""
FREE_SPACE = 300 << 20
"""Bytes; ten times the edition of 34 provinces."""
RENDER_SETTINGS = {"page": "1920x1080", "look": "light"}


@dataclass(frozen=True)
class EditionRequest:
    """What to seal: a week and scope (`plan` None: all plans) in a language; `now` is naive UTC.

    `today` is the last day that figures may be as of: the sample's own day, else the day of `now`.
    """

    week: Week
    plan: str | None
    lang: Language
    now: datetime
    today: date
    sealed_by: str | None = None


@dataclass(frozen=True)
class SealResult:
    """An edition and whether it was made or existed."""

    edition: Edition
    outcome: SealOutcome


RecordSealing = Callable[[Edition], None]
"""Called when an edition is complete, just before it gets its name; an error keeps it from being sealed."""


def seal(
    db: Database,
    pointer: Path,
    request: EditionRequest,
    out: Path,
    progress: ProgressCallback | None = None,
    record_sealing: RecordSealing | None = None,
    claims: EditionClaims | None = None,
) -> SealResult:
    """Return the edition of a week: the sealed one if its figures are unchanged, else a new revision.

    Raises UsageError for a week that has not begun, StoreError for a disk without room, for a week with
    `MAX_REVISIONS`, where the database was moved, or if another export does not end, RowsLostError if a file lacks
    rows. No partial output is left then. `claims`: by default those of the folder `out` alone.
    """
    claims = claims or FileClaims(out)
    as_of = request.week.get_as_of(request.today)
    report_progress = progress or (lambda _done, _total, _step: None)
    total = sum(map(len, list_writers())) + 2
    with as_store_error(out):
        out.mkdir(parents=True, exist_ok=True)
    require_free_space(out, FREE_SPACE)
    with wait_for_turn(claims, out):
        require_files_to_publish(pointer)
        report_progress(0, total, "figures")
        _remove_leftovers(out)
        remove_leftover_folders()
        folder = get_folder(out, request.week, request.plan, request.lang)
        sealed = claims.find_last_sealed(folder.name)
        wait_until_visible(folder, sealed)
        number, editions = max(get_last_revision(folder), sealed), list_revisions(folder)
        outcome: SealOutcome = "restored" if number else "made"  # one that cannot be read counts as lost
        if editions and editions[-1].revision == number:
            outcome = _compare_with_sealed(db, pointer, request, as_of, editions[-1])
            if outcome == "unchanged":
                return SealResult(editions[-1], outcome)
        _refuse_more_revisions(folder, request)
        claims.claim(folder.name, number + 1)

        def record(edition: Edition) -> None:
            claims.confirm()
            if record_sealing is not None:
                record_sealing(edition)

        edition = _make_edition(db, pointer, request, out, number + 1, report_progress, record)
        claims.complete(folder.name, number + 1)
        report_progress(total, total, "")
        return SealResult(edition, outcome)


def _refuse_more_revisions(folder: Path, request: EditionRequest) -> None:
    if count_revisions(folder) >= MAX_REVISIONS:
        text = (
            "{week} has {n} revisions already, the most that one week may have; none was deleted. Move those that "
            "nobody needs out of {folder}."
        )
        raise StoreError(text, week=request.week, n=MAX_REVISIONS, folder=folder.name)


def _compare_with_sealed(
    db: Database, pointer: Path, request: EditionRequest, as_of: date, last_edition: Edition
) -> SealOutcome:
    """Return the outcome for an existing edition: whether today's figures equal it on its own baseline."""
    if last_edition.list_altered_files():
        return "restored"
    if last_edition.as_of != as_of:
        return "continued"
    figures = gather_against(db, pointer, sealed_baseline(last_edition), request.now)
    return "unchanged" if compute_fingerprint(figures) == last_edition.figures_sha256 else "amended"


def _make_edition(
    db: Database,
    pointer: Path,
    request: EditionRequest,
    out: Path,
    revision: int,
    report_progress: ProgressCallback,
    record_sealing: RecordSealing,
) -> Edition:
    baseline = find_baseline(request, out)
    query, previous = baseline.query, baseline.previous
    sealed_at = request.now.replace(microsecond=0)
    figures = gather_for_request(db, pointer, request, baseline)
    folder = get_folder(out, request.week, request.plan, request.lang)
    # A unique name: a later run may remove what a killed export left while another one works here.
    work_folder = out / f"{_WORK_PREFIX}-{folder.name}-{uuid.uuid4().hex[:8]}"
    edition = Edition(
        week=str(request.week),
        scope=request.plan or ALL_PLANS,
        scope_name=format_scope(figures),
        lang=request.lang,
        revision=revision,
        as_of=query.as_of,
        since=query.since,
        since_known_at=query.since_known_at,
        compared_with=previous.name if previous else None,
        data_version=figures.version,
        sample=figures.sample,
        settings=RENDER_SETTINGS,
        sealed_at=sealed_at,
        figures_sha256=compute_fingerprint(figures),
        files={},
        follow_ups=list_follow_ups(figures),
        folder=work_folder,
        sealed_by=request.sealed_by,
    )
    with as_store_error(work_folder), open_work_folder("pack", work_folder):
        contents = build_contents(figures, sealed_at, previous)
        with open_parts(figures, contents, sealed_at, work_folder) as parts:
            files = _run_writers(figures, parts, work_folder, sealed_at, report_progress)
        figures_file = work_folder / FIGURES_FILE
        figures_text = comparison.dump_figures(figures, baseline.previous_statuses)
        figures_file.write_text(figures_text, encoding="utf-8")
        files[FIGURES_FILE] = compute_digest(figures_file)
        edition = replace(edition, files=files)
        record = json.dumps(edition.to_record(), ensure_ascii=False, indent=1)
        (work_folder / RECORD_FILE).write_text(record + "\n", encoding="utf-8")
        require_files_to_publish(pointer)  # it may have been moved meanwhile
        record_sealing(edition)
        return replace(edition, folder=_publish_folder(work_folder, folder / f"r{revision}"))


def find_baseline(request: EditionRequest, out: Path) -> Baseline:
    """Return the baseline that a request's figures are compared with. Raises UsageError for a future week."""
    first = build_last_week_query(request.week.get_as_of(request.today), request.plan, request.lang)
    return new_baseline(out, request.week, first)


def gather_for_request(db: Database, pointer: Path, request: EditionRequest, baseline: Baseline) -> EditionFigures:
    """Gather the figures of a request; the chart engine is started in a thread meanwhile."""
    # The sources of a sample are as old as they were on the sample's own day.
    age_reference = min(request.now, clock.get_end_of_day(request.today))
    with ThreadPoolExecutor(1) as executor:
        executor.submit(warm_up, request.lang)
        return gather_against(db, pointer, baseline, age_reference)


def _run_writers(
    figures: EditionFigures,
    parts: EditionParts,
    work_folder: Path,
    sealed_at: datetime,
    report_progress: ProgressCallback,
) -> dict[str, str]:
    """Run every writer, the first ones in this thread, the others in one more; return file name -> SHA-256."""
    paths: list[Path] = []
    first, others = list_writers()
    total = len(first) + len(others) + 2
    # Typst and Pillow release the GIL while they work: the other writers run meanwhile.
    stop = Event()
    with ThreadPoolExecutor(1) as executor:
        futures = {
            name: executor.submit(make_cancellable(write, stop), figures, parts, work_folder, sealed_at)
            for name, write in others.items()
        }
        try:
            for done, (name, write) in enumerate(first.items(), start=1):
                report_progress(done, total, name)
                paths += write(figures, parts, work_folder, sealed_at)
            for done, (name, future) in enumerate(futures.items(), start=len(first) + 1):
                report_progress(done, total, name)
                paths += future.result()
        except BaseException:
            stop.set()
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    report_progress(total - 1, total, "seal")
    return {path.name: compute_digest(path) for path in paths}


def _publish_folder(work_folder: Path, target: Path) -> Path:
    """Make the files durable, then rename the folder to `target` in one step; return `target`."""
    for path in work_folder.iterdir():
        fsync_file(path)
    fsync_folder(work_folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    work_folder.rename(target)
    fsync_folder(target.parent)
    fsync_folder(target.parent.parent)
    return target


def _remove_leftovers(out: Path) -> None:
    """Remove the work folders of killed exports; the caller holds the lock."""
    for work_folder in out.glob(f"{_WORK_PREFIX}-*"):
        shutil.rmtree(work_folder, ignore_errors=True)
    for folder in out.iterdir():
        if is_edition_folder(folder):
            with suppress(OSError):  # it holds revisions, as it should
                folder.rmdir()
