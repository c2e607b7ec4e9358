"""docs/bench.md: how to repeat the bench, the machine of the last run, and the table of results."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from string import Template

from bench import results
from bench.results import BenchLine


def render_page(lines: Iterable[BenchLine], measured_at: datetime, load_average: str) -> str:
    """Return the text of the page."""
    page = Template(files("bench").joinpath("page.md").read_text(encoding="utf-8"))
    return page.substitute(
        when=f"{measured_at:%Y-%m-%d %H:%M}",
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        load=load_average,
        python=platform.python_version(),
        streamlit=version("streamlit"),
        duckdb=version("duckdb"),
        table=results.format_table(lines),
    )


def read_load_average() -> str:
    """Return the load average of the last minute; "–" if the system does not provide it."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "–"
