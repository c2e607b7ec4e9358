"""The results: stored between runs, so that single rows can be repeated, and printed as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench.timing import Spread

SIZE_LABELS = {"sample": "mẫu · sample", "100k": "100 thousand", "nation": "the nation, 10 million"}


@dataclass(frozen=True)
class BenchLine:
    """A line of the table: `ratio` is `measured` over `baseline`; without them `note` says the result."""

    row: int
    size: str
    subject: str
    compared_with: str
    goal: float | None
    measured: Spread | None = None
    baseline: Spread | None = None
    note: str = ""
    unit: str = "ms"
    goal_met: bool | None = None
    """For a line without a ratio: True if its goal is reached."""
    left_out: str = ""
    """Why the last run did not measure the line; its figures, if any, are of an earlier run."""

    @property
    def ratio(self) -> float | None:
        """The measured median divided by the median of the baseline."""
        return self.measured.median / self.baseline.median if self.measured and self.baseline else None

    @property
    def is_reached(self) -> bool | None:
        """True if the goal is reached; None if it was not measured or there is none."""
        if self.ratio is None or self.goal is None:
            return self.goal_met
        return self.ratio <= self.goal


def read_results(path: Path) -> list[BenchLine]:
    """Return the results of earlier runs; none if there is no file."""
    if not path.exists():
        return []
    return [_parse_line(stored) for stored in json.loads(path.read_text(encoding="utf-8"))]


def write_results(path: Path, lines: Iterable[BenchLine]) -> None:
    """Write all results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def merge_results(
    previous: Iterable[BenchLine], rows: Iterable[tuple[int, str]], updated: Iterable[BenchLine]
) -> list[BenchLine]:
    """Replace the results of some rows, given as (row, size); returns all in the order of the table."""
    replaced = set(rows)
    unchanged = [line for line in previous if (line.row, line.size) not in replaced]
    order = list(SIZE_LABELS)
    return sorted([*unchanged, *updated], key=lambda line: (line.row, order.index(line.size)))


def mark_left_out(previous: Iterable[BenchLine], rows: Iterable[tuple[int, str]], reason: str) -> list[BenchLine]:
    """Say of some rows, given as (row, size), why they were not measured; a row without a result gets a line."""
    lines, named = list(previous), set(rows)
    measured = {(line.row, line.size) for line in lines}
    marked = [replace(line, left_out=reason) if (line.row, line.size) in named else line for line in lines]
    missing = [BenchLine(row, size, "–", "–", None, left_out=reason) for row, size in named - measured]
    return merge_results([], (), [*marked, *missing])


def format_table(lines: Iterable[BenchLine]) -> str:
    """Return the lines as a Markdown table; times are the median (lowest–highest, count)."""
    head = "| | what | size | against | goal | reached | | measured | against | note |"
    rule = "|---|---|---|---|---|---|---|---|---|---|"
    return "\n".join([head, rule, *(_format_line(line) for line in lines)])


def _format_line(line: BenchLine) -> str:
    ratio = "–" if line.ratio is None else f"**{_format_number(line.ratio)}**"
    goal = "–" if line.goal is None else f"{line.goal:g}"
    sign = {None: "", True: "✓", False: "✗"}[line.is_reached]
    cells = [
        str(line.row),
        line.subject,
        SIZE_LABELS[line.size],
        line.compared_with,
        goal,
        ratio,
        sign,
        _format_spread(line.measured, line.unit),
        _format_spread(line.baseline, line.unit),
        f"**not measured in the last run: {line.left_out}** {line.note}".strip() if line.left_out else line.note,
    ]
    return "| " + " | ".join(cells) + " |"


def _format_spread(spread: Spread | None, unit: str) -> str:
    if spread is None:
        return ""
    median, low, high = (_format_number(value) for value in (spread.median, spread.low, spread.high))
    return f"{median} {unit} ({low}–{high}, {spread.count} ×)"


def _format_number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _parse_line(stored: dict[str, Any]) -> BenchLine:
    spreads = {name: Spread(**stored[name]) if stored[name] else None for name in ("measured", "baseline")}
    return BenchLine(**{**stored, **spreads})
