"""Numbers of a Vietnamese text as exact decimals.

A point groups thousands and a comma stands before decimals (Thông tư 01/2011/TT-BNV, common usage). What fits neither
has no value: it is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kpis.plan_import.proposals.folding import fold_text

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
# "10 000": blanks group thousands only where the last group is 000, else two numbers stand side by side.
_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})* 000(?![0-9.,]?[0-9])")
_HUNDRED_PER_CENT = re.compile(r"(?<!\w)(?:một )?trăm phần trăm(?!\w)")
# "năm" (five) is left out: it is "year" far more often. Compound numerals ("hai mươi") are not read.
_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_ANY_WORD = "|".join(_WORDS)
_WORD = re.compile(
    rf"(?:(?<=ít nhất )|(?<=tối thiểu ))(?:{_ANY_WORD})(?= \w)(?! (?:trong|phần|năm|mươi|trăm|nghìn|{_ANY_WORD})(?!\w))"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_WESTERN_GROUPS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[1-9][0-9]{0,2},000")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")


@dataclass(frozen=True)
class NumberToken:
    """One number as printed; `value` is None where its digits cannot be read for certain ("1.23.456")."""

    start: int
    end: int
    text: str
    value: Decimal | None


def parse_value(text: str) -> Decimal | None:
    """Return the exact value of digits as printed, or None: "1.000" is 1000, "1,5" and "33.59" are decimals."""
    digits = text.replace(" ", "")
    if digits.isdigit():
        return Decimal(digits)
    if _GROUPED.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _WESTERN_GROUPS.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _DECIMAL.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return None


def find_numbers(text: str) -> list[NumberToken]:
    """Return every number token of a text in order: runs of digits, "trăm phần trăm", "ít nhất hai"."""
    folded = fold_text(text)
    matches = [(match, Decimal(100)) for match in _HUNDRED_PER_CENT.finditer(folded)]
    matches += [(match, Decimal(_WORDS[match.group()])) for match in _WORD.finditer(folded)]
    spaced = list(_SPACED.finditer(text))
    single = (match for match in _DIGITS.finditer(text) if not any(_is_inside(match, other) for other in spaced))
    tokens = [NumberToken(*match.span(), text[slice(*match.span())], value) for match, value in matches]
    tokens += [NumberToken(*match.span(), match.group(), parse_value(match.group())) for match in (*spaced, *single)]
    return sorted(tokens, key=lambda token: token.start)


def _is_inside(match: re.Match[str], other: re.Match[str]) -> bool:
    return other.start() <= match.start() < other.end()
