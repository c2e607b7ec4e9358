"""What was reached, kept from run to run so that one row can be taken again, and the table of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.timing import Spread

SIZES = {"sample": "mẫu · sample", "100k": "100 thousand", "nation": "the nation, 10 million"}


@dataclass(frozen=True)
class Line:
    """One line of the table: `ratio` is `own` over `base`; without them `said` tells what was found."""

    row: int
    size: str
    what: str
    against: str
    goal: float | None
    own: Spread | None = None
    base: Spread | None = None
    said: str = ""
    unit: str = "ms"
    met: bool | None = None
    """For a line without a ratio: whether its goal holds."""

    @property
    def ratio(self) -> float | None:
        """Own median over base median."""
        return self.own.median / self.base.median if self.own and self.base else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where it was not measured or there is none."""
        if self.ratio is None or self.goal is None:
            return self.met
        return self.ratio <= self.goal


def read(path: Path) -> list[Line]:
    """What earlier runs kept; nothing where there is no file."""
    if not path.exists():
        return []
    return [_line(one) for one in json.loads(path.read_text(encoding="utf-8"))]


def keep(path: Path, lines: Iterable[Line]) -> None:
    """Writes them all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def merged(before: Iterable[Line], rows: Iterable[tuple[int, str]], fresh: Iterable[Line]) -> list[Line]:
    """`fresh` in place of what was known of their rows at their sizes, all in the table's order."""
    again = set(rows)
    kept = [line for line in before if (line.row, line.size) not in again]
    order = list(SIZES)
    return sorted([*kept, *fresh], key=lambda line: (line.row, order.index(line.size)))


def table(lines: Iterable[Line]) -> str:
    """The lines as Markdown: what / against / goal / reached, medians with lowest–highest beside."""
    head = "| | what | size | against | goal | reached | | own | against | beside it |"
    rule = "|---|---|---|---|---|---|---|---|---|---|"
    return "\n".join([head, rule, *(_written(line) for line in lines)])


def _written(line: Line) -> str:
    ratio = "–" if line.ratio is None else f"**{_figure(line.ratio)}**"
    goal = "–" if line.goal is None else f"{line.goal:g}"
    sign = {None: "", True: "✓", False: "✗"}[line.reached]
    cells = [
        str(line.row),
        line.what,
        SIZES[line.size],
        line.against,
        goal,
        ratio,
        sign,
        _spread(line.own, line.unit),
        _spread(line.base, line.unit),
        line.said,
    ]
    return "| " + " | ".join(cells) + " |"


def _spread(spread: Spread | None, unit: str) -> str:
    if spread is None:
        return ""
    return f"{_figure(spread.median)} {unit} ({_figure(spread.low)}–{_figure(spread.high)}, {spread.count} ×)"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _line(kept: dict[str, Any]) -> Line:
    spreads = {name: Spread(**kept[name]) if kept[name] else None for name in ("own", "base")}
    return Line(**{**kept, **spreads})
