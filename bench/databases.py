"""The databases of the bench: generated below var/bench, and again when their inputs change."""

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
"""Entries of the databases of the made-up nation; "2k" has about as many as the sample."""

_INPUT_FILES = (
    "bench/generate.py",
    "bench/nation.py",
    "kpis/store/schema.sql",
    "kpis/measures/sql/attainment/curve.sql",
    "kpis/measures/sql/agencies/agency_totals.sql",
    "kpis/measures/sql/agencies/agency_totals_published.sql",
    "kpis/measures/sql/doubts/doubtful_periods.sql",
    "kpis/measures/sql/doubts/similar_entries.sql",
    "kpis/measures/published_totals.py",
    "kpis/measures/same_events.py",
)


def ensure_database(size: str, folder: Path = FOLDER) -> Path:
    """Return the pointer of the database of a size; generate it if it is missing or outdated."""
    home = folder / size
    pointer, mark, fingerprint = home / "kpis.json", home / "made-by", _compute_fingerprint(size)
    if (
        pointer.exists()
        and mark.exists()
        and mark.read_text() == fingerprint
        and versions.find_current_version(pointer)
    ):
        return pointer
    shutil.rmtree(home, ignore_errors=True)
    print(f"making the database “{size}”", file=sys.stderr)
    if size == "sample":
        environ = {"KPIS_DATABASE": str(pointer)}
        sample.read_sample_once(load_settings(environ), environ, lambda _done: None)
    else:
        generate.generate_database(pointer, ENTRY_COUNTS[size])
    mark.write_text(fingerprint)
    return pointer


def _compute_fingerprint(size: str) -> str:
    digest = hashlib.sha256(f"{size} {load_register().hash}".encode())
    for name in _INPUT_FILES:
        digest.update((get_project_root() / name).read_bytes())
    return digest.hexdigest()
