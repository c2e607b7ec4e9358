"""What was reached, kept from run to run so that one row can be taken again, and the table of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.timing import Spread

SIZE_LABELS = {"sample": "mẫu · sample", "100k": "100 thousand", "nation": "the nation, 10 million"}


@dataclass(frozen=True)
class BenchLine:
    """One line of the table: `ratio` is `own` over `base`; without them `said` tells what was found."""

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
    """For a line without a ratio: whether its goal holds."""

    @property
    def ratio(self) -> float | None:
        """Own median over base median."""
        return self.measured.median / self.baseline.median if self.measured and self.baseline else None

    @property
    def is_reached(self) -> bool | None:
        """Whether the goal is reached; None where it was not measured or there is none."""
        if self.ratio is None or self.goal is None:
            return self.goal_met
        return self.ratio <= self.goal


def read_results(path: Path) -> list[BenchLine]:
    """What earlier runs kept; nothing where there is no file."""
    if not path.exists():
        return []
    return [_parse_line(one) for one in json.loads(path.read_text(encoding="utf-8"))]


def write_results(path: Path, lines: Iterable[BenchLine]) -> None:
    """Writes them all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def merge_results(
    previous: Iterable[BenchLine], rows: Iterable[tuple[int, str]], updated: Iterable[BenchLine]
) -> list[BenchLine]:
    """`fresh` in place of what was known of their rows at their sizes, all in the table's order."""
    again = set(rows)
    kept = [line for line in previous if (line.row, line.size) not in again]
    order = list(SIZE_LABELS)
    return sorted([*kept, *updated], key=lambda line: (line.row, order.index(line.size)))


def format_table(lines: Iterable[BenchLine]) -> str:
    """The lines as Markdown: what / against / goal / reached, medians with lowest–highest beside."""
    head = "| | what | size | against | goal | reached | | own | against | beside it |"
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
        line.note,
    ]
    return "| " + " | ".join(cells) + " |"


def _format_spread(spread: Spread | None, unit: str) -> str:
    if spread is None:
        return ""
    return f"{_format_number(spread.median)} {unit} ({_format_number(spread.low)}–{_format_number(spread.high)}, {spread.count} ×)"


def _format_number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _parse_line(stored: dict[str, Any]) -> BenchLine:
    spreads = {name: Spread(**stored[name]) if stored[name] else None for name in ("own", "base")}
    return BenchLine(**{**stored, **spreads})
