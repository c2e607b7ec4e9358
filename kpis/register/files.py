"""The files of a register and its overlay, read whole: their tables, and one hash over all their bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kpis.register.accepted_plans import (
    AGENCIES_FILE,
    INDICATORS_FILE,
    PLAN_FILE,
    VERSION_FILE,
    AcceptedVersion,
    check_hashes,
    list_versions,
)
from kpis.register.faults import RegisterFaults
from kpis.register.toml_text import ParsedToml, parse_toml
from kpis.register.version_order import find_last_version

RegisterFileKind = Literal["indicators", "plans", "agencies"]


@dataclass(frozen=True)
class RegisterFile:
    """One TOML file: `name` is what a fault shows, `stem` the name without ending, `content` its tables.

    `accepted_plan`: the file is of an accepted version of this plan.
    """

    name: str
    kind: RegisterFileKind
    stem: str
    is_overlay: bool
    content: ParsedToml
    accepted_plan: str | None = None


def read_files(
    root: Path,
    overlay: Path | None,
    faults: RegisterFaults,
    *,
    external_version: str,
    candidate: AcceptedVersion | None = None,
) -> tuple[tuple[RegisterFile, ...], str]:
    """Every readable file, the register's before the overlay's, and the hash (sha256, hex) of all names and bytes.

    `external_version` names what else decides the register's content: the list of communes. `candidate`: a version in
    the overlay that is read as if it were accepted.
    """
    digest = hashlib.sha256(external_version.encode())
    files = []
    for folder, over in [(root, False), *([(overlay, True)] if overlay else [])]:
        for path, part, accepted_plan in _list_paths(folder, over, faults, candidate):
            name = (path if over else path.relative_to(folder)).as_posix()
            content = _read_bytes(path, faults)
            if content is None:
                continue
            digest.update(f"\0{over:d}\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
            parsed = _parse_content(content, name, faults)
            if parsed is not None:
                files.append(RegisterFile(name, part, path.stem, over and accepted_plan is None, parsed, accepted_plan))
    for path in _list_version_files(overlay, candidate):
        content = _read_bytes(path, faults) or b""
        digest.update(f"\0{path.parent.parent.name}/{path.parent.name}\0{len(content)}\0".encode())
        digest.update(content)
    return tuple(files), digest.hexdigest()


def _list_paths(
    folder: Path, is_overlay: bool, faults: RegisterFaults, candidate: AcceptedVersion | None
) -> list[tuple[Path, RegisterFileKind, str | None]]:
    """Return every file with its kind, and the plan of which it is the latest accepted version."""
    if not folder.is_dir():
        _add_path_fault(faults, folder, "there is no such folder")
    paths: list[tuple[Path, RegisterFileKind, str | None]] = []
    accepted = list_versions(folder, candidate, faults) if is_overlay else {}
    for versions in accepted.values():
        for version in versions:
            check_hashes(version, faults)
        latest = find_last_version(versions)
        paths.append((latest.folder / PLAN_FILE, "plans", latest.plan))
        paths.append((latest.folder / AGENCIES_FILE, "agencies", latest.plan))
        if (latest.folder / INDICATORS_FILE).exists():
            paths.append((latest.folder / INDICATORS_FILE, "indicators", latest.plan))
    for path in sorted(folder.rglob("*.toml")):
        match path.relative_to(folder).parts:
            case ["indicators.toml"]:
                paths.append((path, "indicators", None))
            case ["plans", _]:
                paths.append((path, "plans", None))
            case ["agencies", _]:
                paths.append((path, "agencies", None))
            case ["plans", _, _, _] if is_overlay:
                pass  # an accepted version, listed above
            case _:
                # Passed over in silence, its amendments would seem to have no effect.
                text = "a register holds indicators.toml, plans/*.toml and agencies/*.toml only"
                _add_path_fault(faults, path, text)
    return paths


def _list_version_files(overlay: Path | None, candidate: AcceptedVersion | None) -> list[Path]:
    """Return the files that say from when each version is in force, of the plans that have several."""
    accepted = list_versions(overlay, candidate) if overlay is not None and overlay.is_dir() else {}
    amended = [version for versions in accepted.values() if len(versions) > 1 for version in versions]
    return [path for version in amended if (path := version.folder / VERSION_FILE).is_file()]


def _read_bytes(path: Path, faults: RegisterFaults) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        _add_path_fault(faults, path, "the file cannot be read; look at its permissions")
        return None


def _parse_content(content: bytes, name: str, faults: RegisterFaults) -> ParsedToml | None:
    try:
        # Windows editors put a byte order mark before the text.
        return parse_toml(content.decode("utf-8-sig"), name, faults)
    except UnicodeDecodeError:
        faults.add(name, "TOML", "the file is not UTF-8 text; save it again with the encoding UTF-8")
        faults.lose_quoted_texts(content.decode("utf-8", errors="replace"))
        return None


def _add_path_fault(faults: RegisterFaults, path: Path, text: str) -> None:
    faults.add(path.as_posix(), path.name, text)
