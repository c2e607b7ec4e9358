"""The databases that are measured: made once below var/bench, and again when what makes them changes."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from bench import generate
from kpis.register.load import load_register
from kpis.settings import get_project_root, load_settings
from kpis.store import versions
from kpis.ui.frame import sample

FOLDER = get_project_root() / "var" / "bench"
ENTRY_COUNTS = {"2k": 2_000, "100k": 100_000, "nation": 10_000_000}
"""Databases of the made-up nation. "2k" has the nation's plans and the sample's number of entries."""

_INPUT_FILES = (
    "bench/generate.py",
    "bench/nation.py",
    "kpis/store/schema.sql",
    "kpis/measures/sql/attainment/curve.sql",
    "kpis/measures/sql/agencies/agency_totals.sql",
    "kpis/measures/sql/agencies/agency_totals_published.sql",
    "kpis/measures/publish.py",
)


def ensure_database(size: str, folder: Path = FOLDER) -> Path:
    """The pointer of the database of a size, made where it is missing or out of date; narrates."""
    place = folder / size
    found, mark, wanted = place / "kpis.json", place / "made-by", _compute_fingerprint(size)
    if (
        found.exists()
        and mark.exists()
        and mark.read_text() == wanted
        and versions.find_current_version(found)
    ):
        return found
    shutil.rmtree(place, ignore_errors=True)
    print(f"making the database “{size}”", file=sys.stderr)
    if size == "sample":
        environ = {"KPIS_DATABASE": str(found)}
        sample.read_sample_once(load_settings(environ), environ, lambda _done: None)
    else:
        generate.generate_database(found, ENTRY_COUNTS[size])
    mark.write_text(wanted)
    return found


def _compute_fingerprint(size: str) -> str:
    digest = hashlib.sha256(f"{size} {load_register().hash}".encode())
    for name in _INPUT_FILES:
        digest.update((get_project_root() / name).read_bytes())
    return digest.hexdigest()
