"""The files of a register and its overlay, read whole: their tables, and one hash over all their bytes."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from kpis.errors import RegisterError
from kpis.register.record import refused

Part = Literal["indicators", "plans", "agencies"]


@dataclass(frozen=True)
class File:
    """One TOML file: `name` is what an error shows, `stem` the name without ending, `tables` its content."""

    name: str
    part: Part
    stem: str
    overlay: bool
    tables: Mapping[str, object]


def read_files(root: Path, overlay: Path | None, *, generated: str) -> tuple[tuple[File, ...], str]:
    """Every file, the register's before the overlay's, and the hash (sha256, hex) of all names and bytes.

    `generated` names what else decides the register's content: the version of the list of communes.
    """
    digest = hashlib.sha256(generated.encode())
    files = []
    for folder, over in [(root, False), *([(overlay, True)] if overlay else [])]:
        for path, part in _paths(folder):
            content = _bytes(path)
            digest.update(f"\0{over:d}\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
            name = (path if over else path.relative_to(folder)).as_posix()
            files.append(File(name, part, path.stem, over, _tables(content, name)))
    return tuple(files), digest.hexdigest()


def _paths(folder: Path) -> list[tuple[Path, Part]]:
    if not folder.is_dir():
        raise _unreadable(folder, "there is no such folder")
    found: list[tuple[Path, Part]] = []
    for path in sorted(folder.rglob("*.toml")):
        match path.relative_to(folder).parts:
            case ["indicators.toml"]:
                found.append((path, "indicators"))
            case ["plans", _]:
                found.append((path, "plans"))
            case ["agencies", _]:
                found.append((path, "agencies"))
            case _:
                # Passed over in silence, its amendments would seem to have no effect.
                raise _unreadable(
                    path, "a register holds indicators.toml, plans/*.toml and agencies/*.toml only"
                )
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, "the file cannot be read; look at its permissions") from error


def _tables(content: bytes, name: str) -> Mapping[str, object]:
    try:
        # Windows editors put a byte order mark before the text; Decimal keeps 0.95 exact.
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise refused(name, "TOML", "the file is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise refused(name, "TOML", "the file is not valid TOML: {detail}", detail=str(error)) from error


def _unreadable(path: Path, text: str) -> RegisterError:
    return refused(path.as_posix(), path.name, text)
