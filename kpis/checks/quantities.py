"""The only parser of quantities: Vietnamese numbers, never guessed; whole ones but for amounts (design.md §4).

Where the design leaves it open: `1,0` and `2,00` are whole, because they equal 1 and 2 (like a number cell
of 1.0); so is `5.0`, which programs write and which no group of thousands can be; numbers are compared at 15
digits, as Excel does; a group of thousands may not begin with 0 (`0.500` is English); a minus (- or −) is
read, so that `-5` is rejected as negative; a trillion or more is a typing mistake. A number whose cell shows
another value, or part of which is struck through or raised, is not read. An amount has at most six decimals;
as text never exactly three, since `48,325` may be a group of thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kpis.language.normalization import fold
from kpis.sheet.model import Cell

NumberProblem = Literal["missing", "formula_error", "unreadable", "negative", "not_whole"]
NumberReason = Literal[
    "", "format", "english", "percent", "words", "large", "milestone", "shown", "marked", "amount", "decimals"
]

QUANTITY_LIMIT = 10**12

# Integer part, grouped in threes or not at all, then decimals. `\d` would match digits of other scripts.
_NUMBER_PATTERN = re.compile(r"([-\u2212]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_ENGLISH_PATTERN = re.compile(r"[-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[-\u2212]?[0-9]+\.[0-9]+")
_PERCENT_PATTERN = re.compile(r"[0-9.,]+ ?%")
_WHOLE_FLOAT_PATTERN = re.compile(r"[-\u2212]?[0-9]+\.0")
_MAX_DIGITS, _GROUP = 15, 3
_AMOUNT_STEP = Decimal("0.000001")
_DONE_TEXT = fold("Hoàn thành")


@dataclass(frozen=True, slots=True)
class InvalidNumber:
    """Why a cell is not a number as required; `reason` selects the sentence."""

    problem: NumberProblem
    reason: NumberReason = ""


def read_quantity(cell: Cell) -> int | InvalidNumber:
    """Return the whole number (0 or more) that a cell holds, as a number or as Vietnamese text."""
    number = _read_number(cell)
    if isinstance(number, InvalidNumber):
        return number
    return int(number) if number == number.to_integral_value() else InvalidNumber("not_whole")


def read_amount(cell: Cell) -> Decimal | InvalidNumber:
    """Return the number (0 or more) that a cell holds, rounded to six decimals."""
    number = _read_number(cell)
    if isinstance(number, InvalidNumber):
        if number.problem in ("missing", "negative"):
            return InvalidNumber(number.problem, "amount")
        return InvalidNumber("unreadable", "decimals") if number.reason == "english" and _has_decimals(cell) else number
    return abs(number).quantize(_AMOUNT_STEP).normalize()


def _has_decimals(cell: Cell) -> bool:
    """True for a text with exactly three digits after a comma."""
    match = _NUMBER_PATTERN.fullmatch(cell.text)
    return match is not None and len(match[3] or "") == _GROUP


def _read_number(cell: Cell) -> Decimal | InvalidNumber:
    match cell.kind, cell.value:
        case "empty", _:
            return InvalidNumber("missing")
        case "error", _:
            return InvalidNumber("formula_error")
        case _ if cell.has_marked_runs:
            return InvalidNumber("unreadable", "marked")
        case _ if cell.shown_text is not None:
            return InvalidNumber("unreadable", "shown")
        case "number", float() as value:
            return _parse_float(value)
        case "text", _:
            return _parse_text(cell.text)
        case "percent", _:
            return InvalidNumber("unreadable", "percent")
        case _:
            return InvalidNumber("unreadable", "format")


def read_milestone(cell: Cell) -> int | InvalidNumber:
    """Return 1 (done) or 0 (not done), written as that number or as `Hoàn thành`.

    Any other whole number is unreadable, because `3` does not say whether the milestone was reached.
    """
    if is_done(cell) and not cell.has_marked_runs:
        return 1
    number = read_quantity(cell)
    if isinstance(number, InvalidNumber):
        return InvalidNumber("unreadable", "milestone") if number.reason == "words" else number
    return number if number <= 1 else InvalidNumber("unreadable", "milestone")


def is_done(cell: Cell) -> bool:
    """True if a cell holds the words `Hoàn thành`."""
    return cell.kind == "text" and fold(cell.text) == _DONE_TEXT


def _parse_float(value: float) -> Decimal | InvalidNumber:
    if value < 0:
        return InvalidNumber("negative")
    if value != value or value >= QUANTITY_LIMIT:
        return InvalidNumber("unreadable", "large")
    return Decimal(repr(value))


def _parse_text(text: str) -> Decimal | InvalidNumber:
    match = _NUMBER_PATTERN.fullmatch(text.removesuffix(".0") if _WHOLE_FLOAT_PATTERN.fullmatch(text) else text)
    if match is None:
        return InvalidNumber("unreadable", _classify_unreadable(text))
    if len(match[3] or "") == _GROUP:  # `1,000` is 1000 in English and 1 in Vietnamese
        return InvalidNumber("unreadable", "english")
    sign, digits, decimals = match[1], match[2].replace(".", ""), (match[3] or "").rstrip("0")
    if decimals and len(digits) + len(decimals) > _MAX_DIGITS:
        rounded = f"{Decimal(f'{digits}.{decimals}'):.{_MAX_DIGITS}g}"
        digits, _, decimals = f"{Decimal(rounded):f}".partition(".")
        decimals = decimals.rstrip("0")
    if sign and (digits.strip("0") or decimals):
        return InvalidNumber("negative")
    if len(digits.lstrip("0")) >= len(str(QUANTITY_LIMIT)):
        return InvalidNumber("unreadable", "large")
    return Decimal(f"{digits}.{decimals or 0}")


def _classify_unreadable(text: str) -> NumberReason:
    if _PERCENT_PATTERN.fullmatch(text):
        return "percent"
    return "english" if _ENGLISH_PATTERN.fullmatch(text) else "words"
