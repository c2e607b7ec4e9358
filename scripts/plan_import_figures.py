"""The figures of one plan, and what both comparisons share (scripts/measure_plan_import.py)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpis.plan_import.model import Header, ProposedTarget

FORMATS = (".txt", ".md", ".docx", ".pdf")


@dataclass
class Figures:
    """What was counted; figures of several plans add up."""

    promises: int = 0
    strict: int = 0
    proposed: int = 0
    false: int = 0
    yearly: int = 0
    yearly_right: int = 0
    tasks: int = 0
    tasks_right: int = 0
    tasks_false: int = 0
    leads: int = 0
    leads_right: int = 0
    coordinators_right: int = 0
    milestones: int = 0
    milestones_right: int = 0
    milestones_false: int = 0
    header_wrong: int = 0
    left_over: int = 0
    details: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Add another plan's figures."""
        for name, value in vars(other).items():
            if name != "details":
                setattr(self, name, getattr(self, name) + value)


def find_text(folder: Path, name: str) -> Path:
    """Return a text under its own or another readable ending, so that converted ones are measured too."""
    stem = folder / Path(name).stem
    return next((path for ending in FORMATS if (path := stem.with_suffix(ending)).is_file()), folder / name)


def compare_header(header: Header, plan: dict[str, Any], figures: Figures) -> str:
    """Return a sign for number, day, first and last year, yearly day of reporting."""
    yearly = [day for day in header.reporting_days if day.of == "year"]
    pairs = [
        (header.number, plan["number"]),
        (header.issued_on.isoformat() if header.issued_on else None, plan["date"]),
        (header.start_year, plan["start_year"]),
        (header.end_year, plan["end_year"]),
        (f"{yearly[0].day[3:]}-{yearly[0].day[:2]}" if yearly else None, plan["reporting_day"]),
    ]
    signs = ""
    for key, (value, right) in zip(("number", "date", "start_year", "end_year", "reporting_day"), pairs, strict=True):
        is_right = value == right or value in plan.get("also", {}).get(key, [])
        signs += "." if is_right else "o" if value is None else "X"
    figures.header_wrong += signs.count("X")
    return signs


def scale_value(target: ProposedTarget, name: str = "floor") -> Decimal | None:
    """Return floor or stretch as the clause's number: per cents, a reduction positive."""
    value = target.floor if name == "floor" else target.stretch
    if value is None:
        return None
    return abs(value * 100 if target.measure in {"ratio", "coverage", "change"} else value)


def get_line(target: ProposedTarget) -> int:
    """Return the line of a target; 0 where the format has none."""
    return target.place.line or 0


def squeeze(text: str) -> str:
    """Return letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())
