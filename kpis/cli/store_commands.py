"""`store …`: moves the database between files and a lake; follows and tidies a lake, goes on with a restored one."""

from __future__ import annotations

import threading
from dataclasses import asdict
from pathlib import Path

from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.services.backup.placing import finish_restore
from kpis.services.lake_following import run_following
from kpis.services.moving.move import Moved, move_database
from kpis.settings import Settings, load_settings
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.adopting import adopt_lake
from kpis.store.lake.configuration_record import require_release
from kpis.store.lake.lake_place import LakePlace
from kpis.store.lake.tidying import tidy_lake
from kpis.store.moving import FilePlace, Place
from kpis.store.opening import find_lake
from kpis.store.paths import MAX_NUMBER
from kpis.store.work_folders import open_work_folder


def move(request: Request) -> int:
    """Move the database to a lake, or from a lake to files; the old place is kept."""
    source = _find_source(request)
    target = _find_target(request)
    if source.describe() == target.describe() or source.paths.pointer.absolute() == target.paths.pointer.absolute():
        raise UsageError("{place} cannot be moved to itself.", place=source.describe())
    moved = move_database(source, target, request.now)
    request.out.write(_describe_move(request, source, target, moved) + "\n")
    return 0


def tidy(request: Request) -> int:
    """Tidy a lake: merge small files, remove what nothing has needed for a time of grace."""
    is_dry_run = request.is_given(options.DRY_RUN)
    address = _require_lake(request.read_settings())
    require_release(address)
    with open_work_folder("lake") as folder:
        tidied = tidy_lake(address, folder, is_dry_run=is_dry_run)
    text = (
        "Nothing was changed. {snapshots} snapshots older than a day would be forgotten; {removed} files unused for "
        "eight days and {orphans} files of killed writers would be removed."
        if is_dry_run
        else "{merged} small files became {created}; {snapshots} snapshots older than a day were forgotten; {removed} "
        "files unused for eight days and {orphans} files of killed writers were removed."
    )
    values = {**asdict(tidied), "orphans": len(tidied.orphans)}
    request.out.write(translate(request.lang, text, **values) + "\n")
    request.out.writelines(f"{path}\n" for path in tidied.orphans)
    return 0


def follow(request: Request) -> int:
    """Follow a lake into the versions that the pages of this machine read, until the process is ended."""
    settings = request.read_settings()
    _require_lake(settings)
    with run_following(settings):
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            request.write_message(translate(request.lang, "Stopped."))
    return 0


def adopt(request: Request) -> int:
    """Go on with a lake whose catalog was restored, in a new epoch."""
    text = request.get_text(options.ABOVE) or "0"
    if not text.isdecimal() or int(text) >= MAX_NUMBER:
        raise options.build_option_error(options.ABOVE, UsageError("“{text}” is not a version number.", text=text))
    settings = request.read_settings()
    number = adopt_lake(_require_lake(settings), settings.pointer, int(text))
    text = "The lake goes on as version {number}. Replicas with a lower version follow it from now on."
    request.out.write(translate(request.lang, text, number=number) + "\n")
    return 0


def _require_lake(settings: Settings) -> LakeAddress:
    """Return the lake that the settings name. UsageError for a path."""
    address = find_lake(settings)
    if address is None:
        text = "KPIS_DATABASE names no lake. Set it to its address first, like this: {example}"
        raise UsageError(text, example="ducklake:postgres:host=… port=5432 dbname=… user=…")
    return address


def _find_source(request: Request) -> Place:
    settings = request.read_settings()
    address = find_lake(settings)
    if address is not None:
        require_release(address)
        return LakePlace(address, settings.pointer, shared=settings.shared)
    finish_restore(settings, request.environ)
    return FilePlace(settings.pointer)


def _find_target(request: Request) -> Place:
    text = request.require_text(options.MOVE_TO)
    address = parse_address(text)
    if address is None:
        return FilePlace(Path(text).expanduser())
    require_release(address)
    data = request.require_text(options.DATA)
    if "://" not in data:
        data = str(Path(data).expanduser().absolute())
    local = request.get_text(options.LOCAL_FOLDER)
    environ = {**request.environ, "KPIS_LOCAL": local} if local else request.environ
    settings = load_settings(environ, database=text)
    return LakePlace(address, settings.pointer, data, settings.shared)


def _describe_move(request: Request, source: Place, target: Place, moved: Moved) -> str:
    values = {"source": source.describe(), "target": target.describe(), "number": moved.number}
    if moved.figures is None:
        text = "{source} had been moved to {target}; what was left to do is done now (version {number})."
        return translate(request.lang, text, **values)
    text = (
        "Moved to {target} as version {number}: {tables} tables with {rows} rows, each compared. Name it in "
        "KPIS_DATABASE and restart the dashboard. {source} is kept: it serves, but nothing is published there."
    )
    figures = moved.figures.values()
    return translate(request.lang, text, **values, tables=len(figures), rows=sum(rows for rows, _ in figures))
