"""The checks of `doctor`, one function each: the result is well, a note, or says what to fix."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from kpis.errors import KpisError
from kpis.language import formatting
from kpis.language.messages import Language
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.screenshot.capture import locate_browser
from kpis.services.health import check_health
from kpis.services.watcher_status import WatcherStatus
from kpis.settings import Settings, get_project_root
from kpis.store import versions
from kpis.store.database import Database
from kpis.store.move_marks import require_files_to_publish

CheckStatus = Literal["well", "note", "mend"]

MIN_FREE_BYTES = 500 * 2**20
"""Free disk space below which a sync may fail, bytes; twice the size of the newest version is needed too."""


@dataclass(frozen=True)
class DoctorCheck:
    """One result. `message_key`: a catalogue key, filled by `values`; `exit_code`: that of status "mend"."""

    subject: str
    status: CheckStatus
    message_key: str
    values: dict[str, object] = field(default_factory=dict)
    exit_code: int = 3


def check_python() -> DoctorCheck:
    """Check that the interpreter is new enough."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - it may be run on an older one
        return DoctorCheck(
            "Python", "mend", "{version} is too old. Install Python 3.11 or newer.", {"version": running}
        )
    return DoctorCheck("Python", "well", "{version}", {"version": running})


def check_packages() -> DoctorCheck:
    """Check that every pinned package is installed in exactly its version."""
    pins = [line.partition("#")[0].strip() for line in _read_lines(get_project_root() / "requirements.txt")]
    wrong = [text for pin in pins if pin and (text := _describe_mismatch(Requirement(pin)))]
    if wrong:
        return DoctorCheck(
            "packages", "mend", "{wrong}. Run: {python} -m pip install -r requirements.txt",
            {"wrong": "; ".join(wrong), "python": Path(sys.executable).name},
        )  # fmt: skip
    return DoctorCheck("packages", "well", "{n} pinned packages", {"n": sum(map(bool, pins))})


def check_register(settings: Settings) -> tuple[DoctorCheck, Register | None]:
    """Check that the register and its overlay load; also returns the register."""
    try:
        loaded = load_register(overlay=settings.overlay)
    except KpisError as error:
        return DoctorCheck("register", "mend", "{reason}", {"reason": error}), None
    values: dict[str, object] = {
        "plans": len(loaded.plans),
        "targets": len(loaded.targets),
        "tasks": len(loaded.tasks),
        "overlay": settings.overlay or formatting.NO_VALUE,
    }
    text = "{plans} plans, {targets} targets, {tasks} tasks; overlay: {overlay}"
    return DoctorCheck("register", "well", text, values), loaded


def check_database(settings: Settings) -> Iterator[DoctorCheck]:
    """Check that the folder is writable, has space, and its newest version opens; list quarantined files."""
    folder = settings.pointer.parent
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(existing, os.W_OK):
        yield DoctorCheck(
            "folder", "mend", "{path} is not writable. Give this user write permission.", {"path": existing}
        )
    yield _check_disk_space(existing, settings.pointer)
    try:
        require_files_to_publish(settings.pointer)
    except KpisError as error:
        yield DoctorCheck("database", "note", "{reason}", {"reason": error})
    try:
        yield _check_newest_version(settings.pointer)
    except KpisError as error:
        yield DoctorCheck("database", "mend", "{reason}", {"reason": error})
    for path in versions.list_quarantined_files(settings.pointer):
        text = "{path} was damaged and quarantined; an older version is used. Delete it when figures are right."
        yield DoctorCheck("database", "mend", text, {"path": path})


def check_age(settings: Settings, environ: Mapping[str, str], now: datetime, lang: Language) -> Iterator[DoctorCheck]:
    """Check that figures are not older than /health accepts; nothing before the first good reading."""
    if settings.sample:
        return
    health = check_health(environ, WatcherStatus(), now, settings)
    if health.read_at is None:
        return
    moment: dict[str, object] = {"moment": formatting.format_moment(health.read_at, lang)}
    if "old_figures" in health.problems:
        text = (
            "no sheet has been read since {moment}, so /health says “not ok” (KPIS_MAX_AGE). Run: python -m kpis sync"
        )
        yield DoctorCheck("age", "mend", text, moment, exit_code=1)
    else:
        yield DoctorCheck("age", "well", "last good reading {moment}", moment)


def check_browser() -> DoctorCheck:
    """Look for a Chromium for `screenshot` and the tests; the dashboard needs none."""
    path = locate_browser()
    if path is None:
        return DoctorCheck("Chromium", "note", "not found; only screenshots and tests need it: apt install chromium")
    return DoctorCheck("Chromium", "well", "{path}", {"path": path})


def check_clock(settings: Settings, now: datetime, lang: Language) -> DoctorCheck:
    """Check that the machine's clock is not behind the last recorded sync."""
    recorded = None if settings.sample else _read_recorded_at(settings.pointer)
    values: dict[str, object] = {"now": formatting.format_moment(now, lang)}
    if recorded and now < recorded - timedelta(minutes=5):
        values["recorded"] = formatting.format_moment(recorded, lang)
        return DoctorCheck(
            "clock",
            "mend",
            "{now} is before the last sync ({recorded}). Set the machine's clock; if it is right and was "
            "ahead then, run: python -m kpis doctor --mend-clock",
            values,
        )
    return DoctorCheck("clock", "well", "{now} in Việt Nam", values)


def _describe_mismatch(requirement: Requirement) -> str | None:
    if requirement.marker and not requirement.marker.evaluate():
        return None
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        installed = formatting.NO_VALUE
    if requirement.specifier.contains(installed if installed != formatting.NO_VALUE else "0"):
        return None
    return f"{requirement.name} {installed} ≠ {requirement.specifier}"


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _check_disk_space(folder: Path, pointer: Path) -> DoctorCheck:
    free = shutil.disk_usage(folder).free
    number = versions.find_current_version(pointer)
    file = pointer.with_name(f"{pointer.stem}-{number}.duckdb")
    needed = max(MIN_FREE_BYTES, 2 * file.stat().st_size if number and file.exists() else 0)
    values: dict[str, object] = {"free": free // 2**20, "needed": needed // 2**20, "path": folder}
    if free < needed:
        return DoctorCheck("disk", "mend", "{free} MB free at {path}, {needed} MB are needed. Free some space.", values)
    return DoctorCheck("disk", "well", "{free} MB free", values)


def _check_newest_version(pointer: Path) -> DoctorCheck:
    opened = Database.open(pointer)
    if opened is None:
        return DoctorCheck("database", "note", "{path} has no figures yet. Run: python -m kpis sync", {"path": pointer})
    number = opened.version
    opened.close()
    return DoctorCheck("database", "well", "{path}, version {number}", {"path": pointer, "number": number})


def _read_recorded_at(pointer: Path) -> datetime | None:
    try:
        opened = Database.open(pointer)
    except KpisError:  # check_database reports it
        return None
    if opened is None:
        return None
    opened.close()
    text = opened.meta.get("recorded_at")
    return datetime.fromisoformat(text) if text else None
