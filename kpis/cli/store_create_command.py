"""`store create`: an empty lake at the address that the settings name."""

from __future__ import annotations

from pathlib import Path

from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import get_spill_folder
from kpis.store.lake.shared_folder import join_shared_folder
from kpis.store.opening import find_lake
from kpis.store.paths import DatabasePaths
from kpis.store.shared_files import find_files


def run(request: Request) -> int:
    """Make the lake, or leave the one that is there as it is; say where its files lie and what comes next."""
    settings = request.read_settings()
    address = find_lake(settings)
    if address is None:
        text = "KPIS_DATABASE names no lake. Set it to its address first, like this: {example}"
        raise UsageError(text, example="ducklake:postgres:host=… port=5432 dbname=… user=…")
    data = request.require_text(options.DATA)
    if "://" not in data:
        data = str(Path(data).expanduser().absolute())
    is_new = create_lake(address, data, get_spill_folder(DatabasePaths(settings.pointer)))
    join_shared_folder(address, find_files(settings))
    text = (
        "An empty lake is made at {lake}, with its files in {path}. Read the sheets into it: {command}"
        if is_new
        else "There is a lake at {lake} already, with its files in {path}; it is left as it is."
    )
    values = {"lake": address.describe(), "path": data, "command": "python -m kpis sync"}
    request.out.write(translate(request.lang, text, **values) + "\n")
    return 0
