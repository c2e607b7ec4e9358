"""The one strict reader of quantities: whole Vietnamese numbers, never guessed (design.md §4 Numbers).

Decided where the design leaves it open: `1,0` and `2,00` are whole, since they equal 1 and 2 (as a number
cell of 1.0 does); a group may not begin with 0 (`0.500` is English); a minus (- or −) is read, so that `-5`
is told it is negative; a trillion and more is a slip, not a count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kpis.language.normalization import fold
from kpis.sheet.model import Cell

Problem = Literal["missing", "formula_error", "unreadable", "negative", "not_whole"]
Reason = Literal["", "format", "english", "percent", "words", "large", "milestone"]

TOO_LARGE = 10**12

# Whole part, grouped in threes or not at all; then decimals. Only the digits 0 to 9: `\d` has others too.
_NUMBER = re.compile(r"([-\u2212]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_ENGLISH = re.compile(r"[-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[-\u2212]?[0-9]+\.[0-9]+")
_PERCENT = re.compile(r"[0-9.,]+ ?%")
_DONE = fold("Hoàn thành")


@dataclass(frozen=True, slots=True)
class NoNumber:
    """Why a cell is no whole number; `reason` chooses the sentence where `problem` is unreadable."""

    problem: Problem
    reason: Reason = ""


def read_quantity(cell: Cell) -> int | NoNumber:
    """The whole number from 0 that a cell holds, as number or as Vietnamese text."""
    match cell.kind, cell.value:
        case "empty", _:
            return NoNumber("missing")
        case "error", _:
            return NoNumber("formula_error")
        case "number", float() as value:
            return _of_float(value)
        case "text", _:
            return _of_text(cell.text)
        case "percent", _:
            return NoNumber("unreadable", "percent")
        case _:
            return NoNumber("unreadable", "format")


def read_milestone(cell: Cell) -> int | NoNumber:
    """1 (done) or 0 (not done): the number, or the words `Hoàn thành`.

    Any other whole number is unreadable: whether `3` says done three times over or something else is a guess.
    """
    if is_done(cell):
        return 1
    number = read_quantity(cell)
    if isinstance(number, NoNumber):
        return NoNumber("unreadable", "milestone") if number.reason == "words" else number
    return number if number <= 1 else NoNumber("unreadable", "milestone")


def is_done(cell: Cell) -> bool:
    """Whether a cell holds the words `Hoàn thành`."""
    return cell.kind == "text" and fold(cell.text) == _DONE


def _of_float(value: float) -> int | NoNumber:
    if value < 0:
        return NoNumber("negative")
    if value != value or value >= TOO_LARGE:
        return NoNumber("unreadable", "large")
    return int(value) if value.is_integer() else NoNumber("not_whole")


def _of_text(text: str) -> int | NoNumber:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return NoNumber("unreadable", _why(text))
    if len(found[3] or "") == 3:  # `1,000` is a thousand to some and one to others
        return NoNumber("unreadable", "english")
    sign, whole, decimals = found[1], found[2].replace(".", ""), (found[3] or "").rstrip("0")
    if sign and (whole.strip("0") or decimals):
        return NoNumber("negative")
    if len(whole.lstrip("0")) >= len(str(TOO_LARGE)):
        return NoNumber("unreadable", "large")
    return NoNumber("not_whole") if decimals else int(whole)


def _why(text: str) -> Reason:
    if _PERCENT.fullmatch(text):
        return "percent"
    return "english" if _ENGLISH.fullmatch(text) else "words"
