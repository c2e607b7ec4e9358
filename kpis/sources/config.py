"""The sources file: which sheets are read and for which plan (design.md §6 Sources file)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kpis.errors import UsageError
from kpis.sheet.model import Source
from kpis.sources.google.urls import parse_spreadsheet_id

_SOURCE_KEYS = ("id", "plan", "workbook", "google", "ignore_tabs")
_FILE_KEYS = ("source", "sample", "today", "earlier")


@dataclass(frozen=True)
class SourcesFile:
    """The sources in the file's order. `sample`: the figures are made up, and every page says so.

    A sample may have a fixed date, `today`, and a history: `earlier_files` are sources files that are read
    before it, oldest first.
    """

    sources: tuple[Source, ...]
    sample: bool = False
    today: date | None = None
    earlier_files: tuple[Path, ...] = ()


def load_sources(path: Path, plans: Container[str] | None = None) -> SourcesFile:
    """Read a sources file; paths in it are relative to its folder. `plans`: ids of the register's plans.

    Raises UsageError, naming the file and the table: missing or not TOML, an unknown or wrong key, two
    sources with one id or one sheet and plan, a source with neither or both of `workbook` and `google`.
    """
    document = _read_document(path)
    file = path.name
    for key in document:
        if key not in _FILE_KEYS:
            raise UsageError(
                "{file}: “{key}” is not known; the file may have [[source]] and sample = true.",
                file=file,
                key=key,
            )
    sample, today, earlier = _read_sample(document, path)
    tables = document.get("source")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise UsageError("{file} names no source. Add a [[source]] with id, plan and workbook or google.", file=file)
    sources = [_parse_source(table, f"{file}, [[source]] {at}", path.parent) for at, table in enumerate(tables, 1)]
    _check_duplicates(sources, file, plans)
    return SourcesFile(tuple(sources), sample, today, earlier)


def _read_document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError("The sources file {file} does not exist. Check its path.", file=path) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("The sources file {file} cannot be opened: {reason}.", file=path, reason=reason) from error
    except UnicodeDecodeError as error:
        raise UsageError("{file} is not UTF-8. Save it as UTF-8.", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError("{file} is not TOML: {reason}.", file=path.name, reason=str(error)) from error


def _read_sample(document: Mapping[str, object], path: Path) -> tuple[bool, date | None, tuple[Path, ...]]:
    sample, today, earlier = document.get("sample", False), document.get("today"), document.get("earlier", [])
    if not isinstance(sample, bool):
        raise UsageError("{file}: sample is true or false.", file=path.name)
    if not sample and (today is not None or earlier):
        raise UsageError("{file}: today and earlier are only for a sample (sample = true).", file=path.name)
    if today is not None and type(today) is not date:
        raise UsageError("{file}: today is a date like 2026-11-21.", file=path.name)
    if not isinstance(earlier, list) or not all(isinstance(name, str) for name in earlier):
        raise UsageError("{file}: earlier is a list of sources files.", file=path.name)
    return sample, today, tuple(path.parent / name for name in earlier)


def _parse_source(table: Mapping[str, object], place: str, folder: Path) -> Source:
    for key in table:
        if key not in _SOURCE_KEYS:
            keys = ", ".join(_SOURCE_KEYS)
            raise UsageError("{place}: “{key}” is not known; a source has {keys}.", place=place, key=key, keys=keys)
    identity, plan = _get_text(table, "id", place), _get_text(table, "plan", place)
    if ("workbook" in table) == ("google" in table):
        raise UsageError("{place}: give either workbook or google, one of the two.", place=place)
    ignored = _get_ignored_tabs(table, place)
    if "google" in table:
        return Source(identity, plan, "google", _get_text(table, "google", place), ignored)
    location = folder / Path(_get_text(table, "workbook", place)).expanduser()
    # If it does not exist, its name decides: a workbook has a suffix, a folder has none.
    is_folder = location.is_dir() or not (location.suffix or location.exists())
    return Source(identity, plan, "folder" if is_folder else "workbook", str(location), ignored)


def _get_ignored_tabs(table: Mapping[str, object], place: str) -> tuple[str, ...]:
    names = table.get("ignore_tabs", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError("{place}: ignore_tabs is a list of names of tabs or files.", place=place)
    return tuple(names)


def _get_text(table: Mapping[str, object], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise UsageError("{place}: {key} is missing or not a text.", place=place, key=key)
    return value.strip()


def _check_duplicates(sources: list[Source], file: str, plans: Container[str] | None) -> None:
    seen: set[str] = set()
    sheets: dict[tuple[str, str], str] = {}
    for source in sources:
        first_id = sheets.setdefault((source.plan, _identify_sheet(source)), source.id)
        if first_id != source.id:
            raise UsageError(
                "{file}: the sources “{first}” and “{id}” are the same sheet, so its rows would count twice. "
                "Remove one.",
                file=file,
                first=first_id,
                id=source.id,
            )
        if source.id in seen:
            raise UsageError("{file}: two sources have the id “{id}”. Rename one.", file=file, id=source.id)
        seen.add(source.id)
        if plans is not None and source.plan not in plans:
            raise UsageError(
                "{file}: source “{id}” names the plan “{plan}”, which the register does not have.",
                file=file,
                id=source.id,
                plan=source.plan,
            )


def _identify_sheet(source: Source) -> str:
    """Return what identifies the sheet, however its path or link is written."""
    if source.kind != "google":
        try:
            return os.path.realpath(source.location)  # unlike Path.resolve it accepts links in a circle
        except (OSError, ValueError):  # not a path at all: reading it says so
            return source.location
    try:
        return parse_spreadsheet_id(source.location)
    except UsageError:  # not a link: reported when the source is read
        return source.location
