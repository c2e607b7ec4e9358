"""Peak memory of a sync by the number of provinces, each measured in a separate process."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import databases, nation, sheet_files
from bench.results import BenchLine
from bench.timing import Spread
from kpis.language.clock import parse_moment
from kpis.measures.publish import publish_totals
from kpis.settings import get_project_root
from kpis.sources.config import SourcesFile
from kpis.sync import sync

_FEW_PROVINCES, _ALL_PROVINCES = 5, 34
_ROWS_PER_PROVINCE = 2_000
_MAX_RATIO = 1.25
"""The ratio that counts as constant: the register of 34 plans needs more memory too."""


def measure(sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
    """Measure row 13 at size nation: a sync of all provinces against one of a few."""
    if "nation" not in sizes:
        return []
    few, every = (_measure_in_subprocess(number) for number in (_FEW_PROVINCES, _ALL_PROVINCES))
    what, against = f"memory of a sync of {_ALL_PROVINCES} provinces", f"of {_FEW_PROVINCES} provinces"
    note = f"peak resident size, {_ROWS_PER_PROVINCE:,} rows per province, the same register"
    return [BenchLine(13, "nation", what, against, _MAX_RATIO, every, few, note, unit="MiB")]


def _measure_in_subprocess(provinces: int) -> Spread:
    command = [sys.executable, "-m", "bench.sync_memory", str(provinces)]
    run = subprocess.run(command, cwd=get_project_root(), capture_output=True, text=True, check=True)
    return Spread.create_single(float(run.stdout))


def _measure_peak_memory(provinces: int) -> float:
    """Run a sync of so many provinces; returns the peak memory of this process in MiB."""
    register = nation.build_register()
    folder = databases.FOLDER / "sheets" / "nation"
    plans = list(register.plans)[:provinces]
    sources = tuple(sheet_files.write_csv_folder(folder, register, plan, _ROWS_PER_PROVINCE) for plan in plans)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as target:
        now = parse_moment("2026-11-21 09:00")
        sync.run(SourcesFile(sources), Path(target) / "kpis.json", register, now, publish_totals)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(_measure_peak_memory(int(sys.argv[1])))
