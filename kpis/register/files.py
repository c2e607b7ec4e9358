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
from kpis.register.record import build_register_error

RegisterFileKind = Literal["indicators", "plans", "agencies"]


@dataclass(frozen=True)
class RegisterFile:
    """One TOML file: `name` is what an error shows, `stem` the name without ending, `tables` its content."""

    name: str
    kind: RegisterFileKind
    stem: str
    is_overlay: bool
    tables: Mapping[str, object]


def read_files(root: Path, overlay: Path | None, *, external_version: str) -> tuple[tuple[RegisterFile, ...], str]:
    """Every file, the register's before the overlay's, and the hash (sha256, hex) of all names and bytes.

    `generated` names what else decides the register's content: the list of communes.
    """
    digest = hashlib.sha256(external_version.encode())
    files = []
    for folder, over in [(root, False), *([(overlay, True)] if overlay else [])]:
        for path, part in _list_paths(folder):
            content = _read_bytes(path)
            digest.update(f"\0{over:d}\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
            name = (path if over else path.relative_to(folder)).as_posix()
            files.append(RegisterFile(name, part, path.stem, over, _parse_tables(content, name)))
    return tuple(files), digest.hexdigest()


def _list_paths(folder: Path) -> list[tuple[Path, RegisterFileKind]]:
    if not folder.is_dir():
        raise _build_path_error(folder, "there is no such folder")
    paths: list[tuple[Path, RegisterFileKind]] = []
    for path in sorted(folder.rglob("*.toml")):
        match path.relative_to(folder).parts:
            case ["indicators.toml"]:
                paths.append((path, "indicators"))
            case ["plans", _]:
                paths.append((path, "plans"))
            case ["agencies", _]:
                paths.append((path, "agencies"))
            case _:
                # Passed over in silence, its amendments would seem to have no effect.
                raise _build_path_error(path, "a register holds indicators.toml, plans/*.toml and agencies/*.toml only")
    return paths


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _build_path_error(path, "the file cannot be read; look at its permissions") from error


def _parse_tables(content: bytes, name: str) -> Mapping[str, object]:
    try:
        # Windows editors put a byte order mark before the text; Decimal keeps 0.95 exact.
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise build_register_error(name, "TOML", "the file is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise build_register_error(name, "TOML", "the file is not valid TOML: {detail}", detail=str(error)) from error


def _build_path_error(path: Path, text: str) -> RegisterError:
    return build_register_error(path.as_posix(), path.name, text)
