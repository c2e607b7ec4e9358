"""Accepted versions of plans in the installation's own register: `plans/<id>/<n>/`, each checked by its hashes.

`version.toml` has a table `[sha256]` with the hash (hex) of every other file of its folder. The latest version of a
plan replaces the one that comes with the product whole: header, targets, tasks and agencies. `indicators.toml` has the
indicators that the plan brings with it; a version without any does not have this file.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from kpis.register.faults import RegisterFaults

VERSION_FILE, PLAN_FILE, AGENCIES_FILE = "version.toml", "plan.toml", "agencies.toml"
INDICATORS_FILE = "indicators.toml"


@dataclass(frozen=True)
class AcceptedVersion:
    """One version of a plan; a later acceptance has a greater number."""

    plan: str
    number: int
    folder: Path


def list_accepted_versions(register: Path, faults: RegisterFaults) -> dict[str, list[AcceptedVersion]]:
    """Return the versions of every plan in ascending order; a folder that is none is a fault."""
    versions: dict[str, list[AcceptedVersion]] = {}
    for folder in sorted(register.glob("plans/*/*/")):
        # What is still being written has a name that begins with a full stop.
        if not folder.is_dir() or folder.name.startswith(".") or folder.parent.name.startswith("."):
            continue
        name = folder.name
        if name.isascii() and name.isdecimal() and name == str(int(name)) and int(name) > 0:
            version = AcceptedVersion(folder.parent.name, int(name), folder)
            versions.setdefault(version.plan, []).append(version)
        else:
            faults.add(folder.as_posix(), name, "the folder of a version is a number from 1 on, like 1")
    return {plan: sorted(of_plan, key=lambda version: version.number) for plan, of_plan in versions.items()}


def list_versions(
    register: Path, candidate: AcceptedVersion | None = None, faults: RegisterFaults | None = None
) -> dict[str, list[AcceptedVersion]]:
    """Return the versions of every plan; without `faults`, for a register that has none.

    A candidate is the last one of its plan; one that is accepted already is the only one.
    """
    versions = list_accepted_versions(register, RegisterFaults() if faults is None else faults)
    if candidate is not None:
        others = versions.get(candidate.plan, [])
        versions[candidate.plan] = [candidate] if candidate in others else [*others, candidate]
    return versions


def check_hashes(version: AcceptedVersion, faults: RegisterFaults) -> None:
    """Refuse, by name, every file of a version that is missing, differs from its hash, or has none."""
    path = version.folder / VERSION_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("sha256", {})
    except (OSError, ValueError):
        faults.add(path.as_posix(), VERSION_FILE, "the file with the hashes of this version cannot be read")
        return
    hashes = table if isinstance(table, dict) else {}
    names = {file.name for file in version.folder.iterdir() if file.is_file()} - {VERSION_FILE}
    for name in sorted({PLAN_FILE, AGENCIES_FILE, *hashes, *names}):
        file = version.folder / name
        if name not in names:
            faults.add(file.as_posix(), name, "the file of this accepted version is missing; restore it from a copy")
        elif name not in hashes:
            faults.add(file.as_posix(), name, "the file is not part of this accepted version; move it elsewhere")
        elif _hash_file(file) != hashes[name]:
            text = "the file differs from what was accepted; restore it, or accept the plan again"
            faults.add(file.as_posix(), name, text)


def _hash_file(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
