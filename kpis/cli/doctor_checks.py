"""What `doctor` looks at, one function each: it is well, or it is said what to mend."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from kpis.errors import KpisError
from kpis.language import formatting as written
from kpis.language.messages import Language
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.settings import Settings, get_project_root
from kpis.store import versions
from kpis.store.database import Database

CheckStatus = Literal["well", "note", "mend"]

MIN_FREE_BYTES = 500 * 2**20
"""Bytes of disk below which a sync may fail; a version and its staging file need twice their size as well."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@dataclass(frozen=True)
class DoctorCheck:
    """One line of the doctor. `text` is a catalogue key, `values` fill it; a value may be an error."""

    subject: str
    status: CheckStatus
    message_key: str
    values: dict[str, object] = field(default_factory=dict)
    exit_code: int = 3


def check_python() -> DoctorCheck:
    """The interpreter is new enough."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may run it on an older one
        return DoctorCheck(
            "Python", "mend", "{version} is too old. Install Python 3.11 or newer.", {"version": running}
        )
    return DoctorCheck("Python", "well", "{version}", {"version": running})


def check_packages() -> DoctorCheck:
    """Every pinned package is installed in exactly its version."""
    pins = [line.partition("#")[0].strip() for line in _read_lines(get_project_root() / "requirements.txt")]
    wrong = [said for pin in pins if pin and (said := _describe_mismatch(Requirement(pin)))]
    if wrong:
        return DoctorCheck(
            "packages", "mend", "{wrong}. Run: {python} -m pip install -r requirements.txt",
            {"wrong": "; ".join(wrong), "python": Path(sys.executable).name},
        )  # fmt: skip
    return DoctorCheck("packages", "well", "{n} pinned packages", {"n": sum(map(bool, pins))})


def check_register(settings: Settings) -> tuple[DoctorCheck, Register | None]:
    """The register and its overlay load."""
    try:
        loaded = load_register(overlay=settings.overlay)
    except KpisError as error:
        return DoctorCheck("register", "mend", "{reason}", {"reason": error}), None
    values: dict[str, object] = {
        "plans": len(loaded.plans),
        "targets": len(loaded.targets),
        "tasks": len(loaded.tasks),
        "overlay": settings.overlay or written.NO_VALUE,
    }
    text = "{plans} plans, {targets} targets, {tasks} tasks; overlay: {overlay}"
    return DoctorCheck("register", "well", text, values), loaded


def check_database(settings: Settings) -> Iterator[DoctorCheck]:
    """The folder can be written, has room, and its newest version opens; a version set aside is named."""
    folder = settings.pointer.parent
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not os.access(there, os.W_OK):
        yield DoctorCheck(
            "folder", "mend", "{path} may not be written. Give this user the right to it.", {"path": there}
        )
    yield _check_disk_space(there, settings.pointer)
    try:
        yield _check_newest_version(settings.pointer)
    except KpisError as error:
        yield DoctorCheck("database", "mend", "{reason}", {"reason": error})
    for path in versions.list_quarantined_files(settings.pointer):
        text = (
            "{path} was damaged and set aside; an older version served. Remove it when the figures are right."
        )
        yield DoctorCheck("database", "mend", text, {"path": path})


def check_browser() -> DoctorCheck:
    """A Chromium for `screenshot` and the tests; the dashboard needs none."""
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if found is None:
        return DoctorCheck(
            "Chromium", "note", "not found; only screenshots and tests need it: apt install chromium"
        )
    return DoctorCheck("Chromium", "well", "{path}", {"path": found})


def check_clock(settings: Settings, now: datetime, lang: Language) -> DoctorCheck:
    """The machine's clock does not run behind what was already recorded."""
    recorded = None if settings.sample else _read_recorded_at(settings.pointer)
    values: dict[str, object] = {"now": written.format_moment(now, lang)}
    if recorded and now < recorded - timedelta(minutes=5):
        values["recorded"] = written.format_moment(recorded, lang)
        return DoctorCheck(
            "clock", "mend", "{now} is before the last sync ({recorded}). Set the machine's clock.", values
        )
    return DoctorCheck("clock", "well", "{now} in Việt Nam", values)


def _describe_mismatch(requirement: Requirement) -> str | None:
    if requirement.marker and not requirement.marker.evaluate():
        return None
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        installed = written.NO_VALUE
    if requirement.specifier.contains(installed if installed != written.NO_VALUE else "0"):
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
        return DoctorCheck(
            "disk", "mend", "{free} MB free at {path}, {needed} MB are needed. Free some space.", values
        )
    return DoctorCheck("disk", "well", "{free} MB free", values)


def _check_newest_version(pointer: Path) -> DoctorCheck:
    opened = Database.open(pointer)
    if opened is None:
        return DoctorCheck(
            "database", "note", "{path} has no figures yet. Run: python -m kpis sync", {"path": pointer}
        )
    number = opened.version
    opened.close()
    return DoctorCheck("database", "well", "{path}, version {number}", {"path": pointer, "number": number})


def _read_recorded_at(pointer: Path) -> datetime | None:
    try:
        opened = Database.open(pointer)
    except KpisError:  # what is wrong with it has a line of its own
        return None
    if opened is None:
        return None
    opened.close()
    text = opened.meta.get("recorded_at")
    return datetime.fromisoformat(text) if text else None
