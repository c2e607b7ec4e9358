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
from kpis.register.load import load
from kpis.register.model import Register
from kpis.settings import Settings, project_root
from kpis.store import versions
from kpis.store.database import Database

Verdict = Literal["well", "note", "mend"]

LEAST_FREE = 500 * 2**20
"""Bytes of disk below which a sync may fail; a version and its staging file need twice their size as well."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@dataclass(frozen=True)
class Check:
    """One line of the doctor. `text` is a catalogue key, `values` fill it; a value may be an error."""

    about: str
    verdict: Verdict
    text: str
    values: dict[str, object] = field(default_factory=dict)
    exit_code: int = 3


def python() -> Check:
    """The interpreter is new enough."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may run it on an older one
        return Check(
            "Python", "mend", "{version} is too old. Install Python 3.11 or newer.", {"version": running}
        )
    return Check("Python", "well", "{version}", {"version": running})


def packages() -> Check:
    """Every pinned package is installed in exactly its version."""
    pins = [line.partition("#")[0].strip() for line in _lines(project_root() / "requirements.txt")]
    wrong = [said for pin in pins if pin and (said := _unmet(Requirement(pin)))]
    if wrong:
        return Check(
            "packages", "mend", "{wrong}. Run: {python} -m pip install -r requirements.txt",
            {"wrong": "; ".join(wrong), "python": Path(sys.executable).name},
        )  # fmt: skip
    return Check("packages", "well", "{n} pinned packages", {"n": sum(map(bool, pins))})


def register(settings: Settings) -> tuple[Check, Register | None]:
    """The register and its overlay load."""
    try:
        loaded = load(overlay=settings.overlay)
    except KpisError as error:
        return Check("register", "mend", "{reason}", {"reason": error}), None
    values: dict[str, object] = {
        "plans": len(loaded.plans),
        "targets": len(loaded.targets),
        "tasks": len(loaded.tasks),
        "overlay": settings.overlay or written.NOTHING,
    }
    text = "{plans} plans, {targets} targets, {tasks} tasks; overlay: {overlay}"
    return Check("register", "well", text, values), loaded


def database(settings: Settings) -> Iterator[Check]:
    """The folder can be written, has room, and its newest version opens; a version set aside is named."""
    folder = settings.pointer.parent
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not os.access(there, os.W_OK):
        yield Check(
            "folder", "mend", "{path} may not be written. Give this user the right to it.", {"path": there}
        )
    yield _room(there, settings.pointer)
    try:
        yield _newest(settings.pointer)
    except KpisError as error:
        yield Check("database", "mend", "{reason}", {"reason": error})
    for path in versions.damaged_files(settings.pointer):
        text = (
            "{path} was damaged and set aside; an older version served. Remove it when the figures are right."
        )
        yield Check("database", "mend", text, {"path": path})


def browser() -> Check:
    """A Chromium for `screenshot` and the tests; the dashboard needs none."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        return Check(
            "Chromium", "note", "not found; only screenshots and tests need it: apt install chromium"
        )
    return Check("Chromium", "well", "{path}", {"path": found})


def time(settings: Settings, now: datetime, lang: Language) -> Check:
    """The machine's clock does not run behind what was already recorded."""
    recorded = None if settings.sample else _recorded_at(settings.pointer)
    values: dict[str, object] = {"now": written.moment(now, lang)}
    if recorded and now < recorded - timedelta(minutes=5):
        values["recorded"] = written.moment(recorded, lang)
        return Check(
            "clock", "mend", "{now} is before the last sync ({recorded}). Set the machine's clock.", values
        )
    return Check("clock", "well", "{now} in Việt Nam", values)


def _unmet(requirement: Requirement) -> str | None:
    if requirement.marker and not requirement.marker.evaluate():
        return None
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        installed = written.NOTHING
    if requirement.specifier.contains(installed if installed != written.NOTHING else "0"):
        return None
    return f"{requirement.name} {installed} ≠ {requirement.specifier}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _room(there: Path, pointer: Path) -> Check:
    free = shutil.disk_usage(there).free
    number = versions.current(pointer)
    file = pointer.with_name(f"{pointer.stem}-{number}.duckdb")
    needed = max(LEAST_FREE, 2 * file.stat().st_size if number and file.exists() else 0)
    values: dict[str, object] = {"free": free // 2**20, "needed": needed // 2**20, "path": there}
    if free < needed:
        return Check(
            "disk", "mend", "{free} MB free at {path}, {needed} MB are needed. Free some space.", values
        )
    return Check("disk", "well", "{free} MB free", values)


def _newest(pointer: Path) -> Check:
    opened = Database.open(pointer)
    if opened is None:
        return Check(
            "database", "note", "{path} has no figures yet. Run: python -m kpis sync", {"path": pointer}
        )
    number = opened.version
    opened.close()
    return Check("database", "well", "{path}, version {number}", {"path": pointer, "number": number})


def _recorded_at(pointer: Path) -> datetime | None:
    try:
        opened = Database.open(pointer)
    except KpisError:  # what is wrong with it has a line of its own
        return None
    if opened is None:
        return None
    opened.close()
    text = opened.meta.get("recorded_at")
    return datetime.fromisoformat(text) if text else None
