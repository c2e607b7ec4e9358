"""How much memory a sync takes at its highest, by the number of provinces: each in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import databases, nation, sheet_files
from bench.results import Line
from bench.timing import Spread
from kpis.language.clock import parse_moment
from kpis.measures.publish import compute
from kpis.settings import project_root
from kpis.sources.config import SourcesFile
from kpis.sync import sync

_FEW, _ALL = 5, 34
_ROWS = 2_000
_MOST = 1.25
"""What counts as flat: the register, the catalogue of 34 plans, grows too."""


def measure(sizes: Sequence[str], _until: float) -> list[Line]:
    """Row 13, at the nation: a sync of 34 provinces against one of 5, of 2,000 rows each."""
    if "nation" not in sizes:
        return []
    few, every = (_apart(number) for number in (_FEW, _ALL))
    what, against = f"memory of a sync of {_ALL} provinces", f"of {_FEW} provinces"
    said = f"highest resident size, {_ROWS:,} rows a province, the same register"
    return [Line(13, "nation", what, against, _MOST, every, few, said, unit="MiB")]


def _apart(provinces: int) -> Spread:
    command = [sys.executable, "-m", "bench.sync_memory", str(provinces)]
    ran = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=True)
    highest = float(ran.stdout)
    return Spread(highest, highest, highest, 1)


def _highest(provinces: int) -> float:
    """MiB at the highest, after a sync of so many provinces."""
    register = nation.register()
    folder = databases.FOLDER / "sheets" / "nation"
    plans = list(register.plans)[:provinces]
    sources = tuple(sheet_files.folder_of_csv(folder, register, plan, _ROWS) for plan in plans)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as made:
        at = parse_moment("2026-11-21 09:00")
        sync.run(SourcesFile(sources), Path(made) / "kpis.json", register, at, compute)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(_highest(int(sys.argv[1])))
