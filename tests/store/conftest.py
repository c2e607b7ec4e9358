"""A folder for a real, tiny database."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow
import pytest

from kpis.store.paths import DatabasePaths
from kpis.store.staging import Staging
from kpis.store.versions import find_current_version


def publish(paths: DatabasePaths, **metadata: str) -> int:
    """Publish one more version with `metadata` in its table `meta`; return its number."""
    paths.folder.mkdir(parents=True, exist_ok=True)
    with Staging(paths, find_current_version(paths.pointer)) as staging:
        return staging.publish(metadata)


def make_entries(rows: int, source: str = "s") -> pyarrow.Table:
    """Return entries of one source, recorded at one moment."""
    return pyarrow.table(
        {
            "source": [source] * rows,
            "plan": ["p"] * rows,
            "target": ["p.01"] * rows,
            "agency": ["Sở Công Thương"] * rows,
            "occurred_on": [date(2026, 1, 1)] * rows,
            "quantity": list(range(rows)),
            "tab": ["Tiến độ"] * rows,
            "row": list(range(2, rows + 2)),
            "row_hash": pyarrow.array(range(rows), pyarrow.uint64()),
            "recorded_at": [datetime(2026, 2, 1)] * rows,
        }
    )


@pytest.fixture
def paths(tmp_path: Path) -> DatabasePaths:
    return DatabasePaths(tmp_path / "var" / "kpis.json")
