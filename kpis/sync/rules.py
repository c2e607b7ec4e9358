"""The hash of the rules that judge rows: when it changes, stored rows are judged again (design.md §4)."""

from __future__ import annotations

import unicodedata
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import kpis

RULE_FILES = (
    "checks/*.py",
    "language/normalization.py",
    "language/old_fonts.py",
    "measures/doubtful_entries.py",
    "measures/published_totals.py",
    "measures/same_events.py",
    "measures/shared_events.py",
    "measures/query.py",
    "measures/sql/**/*.sql",
    "register/*.py",
    "sheet/*.py",
    "store/schema.sql",
    "sync/arrow_tables.py",
    "sync/cross_source_duplicates.py",
    "sync/doubtful_dates.py",
    "sync/history.py",
    "sync/raw_rows.py",
    "sync/reading.py",
    "sync/rules.py",
    "sync/sql/*.sql",
)
"""Patterns, relative to the package, of the files that decide how rows are judged and what is published."""

DISPLAY_FILES = frozenset(
    {
        "checks/finding_messages.py",
        "measures/sql/register/agencies.sql",
        "measures/sql/register/indicators.sql",
        "measures/sql/register/plans.sql",
        "measures/sql/trend/insert_week.sql",
        "measures/sql/trend/weekly_counts.sql",
        "measures/sql/trend/weekly_figures.sql",
        "measures/sql/trend/weekly_lines.sql",
        "register/json_export.py",
    }
)
"""Files that match a pattern but only word, print or keep what was decided."""


@cache
def compute_rules_hash() -> str:
    """Return the hash of the rule files of this installation and of the versions that decide with them."""
    # DuckDB computes the published totals; Python's Unicode tables decide which texts are equal, rapidfuzz
    # which contents are alike.
    libraries = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "rapidfuzz"))
    versions = f"{libraries}, Unicode {unicodedata.unidata_version}"
    return hash_rules(Path(kpis.__file__).parent, versions)


def hash_rules(root: Path, versions: str = "") -> str:
    """Return a hash over the rule files of the package in `root` and a text of library versions."""
    digest = blake2b(versions.encode() + b"\0", digest_size=16)
    for path in list_rule_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def list_rule_files(root: Path) -> list[Path]:
    """Return the files in `root` that the hash covers, sorted."""
    paths = {path for pattern in RULE_FILES for path in root.glob(pattern)}
    return sorted(path for path in paths if path.relative_to(root).as_posix() not in DISPLAY_FILES)
