"""Computes the numbers that Word shows before paragraphs, which its file does not hold (ECMA-376, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN: Final = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LEVELS: Final = 9
_BULLET: Final = "-"


@dataclass
class _Level:
    number_format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, list[_Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)

    def count(self, list_id: str, level: int) -> str:
        """Return the label of the next paragraph of a list at a level, counted from 0; "" without one."""
        abstract = self.lists.get(list_id)
        levels = self.levels.get(abstract or "")
        if abstract is None or not levels or not 0 <= level < len(levels):
            return ""
        counters = self.counters.setdefault(abstract, [None] * _LEVELS)
        for restarted, start in self.restarts.pop(list_id, {}).items():
            counters[restarted] = start - 1
        current = counters[level]
        counters[level] = levels[level].start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            counters[deeper] = None
        if levels[level].number_format in {"bullet", "none"}:
            return _BULLET if levels[level].number_format == "bullet" else ""
        return re.sub(r"%(\d)", lambda match: _write(levels, counters, int(match[1]) - 1), levels[level].text)


def read_numbering(root: Any) -> Numbering:
    """Return the lists that a document's numbering part (an lxml element, or None) defines."""
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.findall(f"{_W}abstractNum"):
        levels = [_Level() for _ in range(_LEVELS)]
        for element in abstract.findall(f"{_W}lvl"):
            index = int(element.get(f"{_W}ilvl", "0"))
            if 0 <= index < _LEVELS:
                levels[index] = _Level(
                    _read_value(element, "numFmt", "decimal"),
                    _read_value(element, "lvlText", ""),
                    _read_number(element, "start", 1),
                )
        numbering.levels[abstract.get(f"{_W}abstractNumId")] = levels
    for element in root.findall(f"{_W}num"):
        list_id = element.get(f"{_W}numId")
        numbering.lists[list_id] = _read_value(element, "abstractNumId", "")
        for override in element.findall(f"{_W}lvlOverride"):
            start = override.find(f"{_W}startOverride")
            if start is not None:
                level = int(override.get(f"{_W}ilvl", "0"))
                numbering.restarts.setdefault(list_id, {})[level] = int(start.get(f"{_W}val", "1"))
    return numbering


def _read_value(element: Any, name: str, default: str) -> str:
    child = element.find(f"{_W}{name}")
    return default if child is None else str(child.get(f"{_W}val", default))


def _read_number(element: Any, name: str, default: int) -> int:
    value = _read_value(element, name, str(default))
    return int(value) if value.lstrip("-").isdigit() else default


def _write(levels: list[_Level], counters: list[int | None], level: int) -> str:
    if not 0 <= level < len(levels):
        return ""
    value = counters[level] if counters[level] is not None else levels[level].start
    return format_number(value or 0, levels[level].number_format)


def format_number(value: int, number_format: str) -> str:
    """Return a number as Word writes it in a list's format: 4 as "4", "IV", "iv", "d", "D" or "04"."""
    match number_format:
        case "upperRoman" | "lowerRoman":
            text = _write_roman(value)
            return text if number_format == "upperRoman" else text.lower()
        case "upperLetter" | "lowerLetter":
            text = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else ""
            return text if number_format == "upperLetter" else text.lower()
        case "decimalZero":
            return f"{value:02}"
        case _:
            return str(value)


def _write_roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        while value >= size:
            text, value = text + letters, value - size
    return text
