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

NumberProblem = Literal["missing", "formula_error", "unreadable", "negative", "not_whole"]
NumberReason = Literal["", "format", "english", "percent", "words", "large", "milestone"]

QUANTITY_LIMIT = 10**12

# Whole part, grouped in threes or not at all; then decimals. Only the digits 0 to 9: `\d` has others too.
_NUMBER_PATTERN = re.compile(r"([-\u2212]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_ENGLISH_PATTERN = re.compile(r"[-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[-\u2212]?[0-9]+\.[0-9]+")
_PERCENT_PATTERN = re.compile(r"[0-9.,]+ ?%")
_DONE_TEXT = fold("Hoàn thành")


@dataclass(frozen=True, slots=True)
class InvalidNumber:
    """Why a cell is no whole number; `reason` chooses the sentence where `problem` is unreadable."""

    problem: NumberProblem
    reason: NumberReason = ""


def read_quantity(cell: Cell) -> int | InvalidNumber:
    """The whole number from 0 that a cell holds, as number or as Vietnamese text."""
    match cell.kind, cell.value:
        case "empty", _:
            return InvalidNumber("missing")
        case "error", _:
            return InvalidNumber("formula_error")
        case "number", float() as value:
            return _parse_float(value)
        case "text", _:
            return _parse_text(cell.text)
        case "percent", _:
            return InvalidNumber("unreadable", "percent")
        case _:
            return InvalidNumber("unreadable", "format")


def read_milestone(cell: Cell) -> int | InvalidNumber:
    """1 (done) or 0 (not done): the number, or the words `Hoàn thành`.

    Any other whole number is unreadable: whether `3` says done three times over or something else is a guess.
    """
    if is_done(cell):
        return 1
    number = read_quantity(cell)
    if isinstance(number, InvalidNumber):
        return InvalidNumber("unreadable", "milestone") if number.reason == "words" else number
    return number if number <= 1 else InvalidNumber("unreadable", "milestone")


def is_done(cell: Cell) -> bool:
    """Whether a cell holds the words `Hoàn thành`."""
    return cell.kind == "text" and fold(cell.text) == _DONE_TEXT


def _parse_float(value: float) -> int | InvalidNumber:
    if value < 0:
        return InvalidNumber("negative")
    if value != value or value >= QUANTITY_LIMIT:
        return InvalidNumber("unreadable", "large")
    return int(value) if value.is_integer() else InvalidNumber("not_whole")


def _parse_text(text: str) -> int | InvalidNumber:
    found = _NUMBER_PATTERN.fullmatch(text)
    if found is None:
        return InvalidNumber("unreadable", _classify_unreadable(text))
    if len(found[3] or "") == 3:  # `1,000` is a thousand to some and one to others
        return InvalidNumber("unreadable", "english")
    sign, whole, decimals = found[1], found[2].replace(".", ""), (found[3] or "").rstrip("0")
    if sign and (whole.strip("0") or decimals):
        return InvalidNumber("negative")
    if len(whole.lstrip("0")) >= len(str(QUANTITY_LIMIT)):
        return InvalidNumber("unreadable", "large")
    return InvalidNumber("not_whole") if decimals else int(whole)


def _classify_unreadable(text: str) -> NumberReason:
    if _PERCENT_PATTERN.fullmatch(text):
        return "percent"
    return "english" if _ENGLISH_PATTERN.fullmatch(text) else "words"
