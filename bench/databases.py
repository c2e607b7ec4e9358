"""The databases that are measured: made once below var/bench, and again when what makes them changes."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from bench import generate
from kpis.register.load import load
from kpis.settings import project_root, settings
from kpis.store import versions
from kpis.ui.frame import sample

FOLDER = project_root() / "var" / "bench"
ENTRIES = {"2k": 2_000, "100k": 100_000, "nation": 10_000_000}
"""Databases of the made-up nation. "2k" has the nation's plans and the sample's number of entries."""

_MADE_BY = (
    "bench/generate.py",
    "bench/nation.py",
    "kpis/store/schema.sql",
    "kpis/measures/sql/attainment/curve.sql",
    "kpis/measures/sql/agencies/agency_totals.sql",
    "kpis/measures/sql/agencies/agency_totals_published.sql",
    "kpis/measures/publish.py",
)


def pointer(size: str, folder: Path = FOLDER) -> Path:
    """The pointer of the database of a size, made where it is missing or out of date; narrates."""
    place = folder / size
    found, mark, wanted = place / "kpis.json", place / "made-by", _mark(size)
    if found.exists() and mark.exists() and mark.read_text() == wanted and versions.current(found):
        return found
    shutil.rmtree(place, ignore_errors=True)
    print(f"making the database “{size}”", file=sys.stderr)
    if size == "sample":
        environ = {"KPIS_DATABASE": str(found)}
        sample.read_once(settings(environ), environ, lambda _done: None)
    else:
        generate.generate(found, ENTRIES[size])
    mark.write_text(wanted)
    return found


def _mark(size: str) -> str:
    digest = hashlib.sha256(f"{size} {load().hash}".encode())
    for name in _MADE_BY:
        digest.update((project_root() / name).read_bytes())
    return digest.hexdigest()
