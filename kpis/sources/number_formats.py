"""Number formats of Excel and Google: what they show, where that differs in value from what is stored.

Source: ECMA-376 part 1, §18.8.31; Google's patterns use the same signs. Only what changes the value that a
person reads is computed: literal digits, words for thousands, percent signs, scaling commas, exponents,
months without a day. Rounding is none of it: a number that is not whole is rejected for that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from kpis.language.normalization import fold, fold_to_alphanumeric

NumberStyle = Literal["number", "date", "time", "percent"]

_PLAIN_CODES = {"", "general", "standard", "@"}
_LITERAL_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|am/pm|a/p', re.IGNORECASE)
_TOKEN_PATTERN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<exponent>[eE][+-])|(?P<general>general|standard)|(?P<digits>[0#?]+)|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<fraction>/)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION_PATTERN = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_SCALE_WORDS = {
    "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "trăm", "chục", "vạn", "nghin", "ngan", "trieu", "chuc", "k", "tr",
    "hundred", "thousand", "million", "billion",
}  # fmt: skip
_SCALE_WORDS_AFTER_DIGITS = {"ty", "ti", "tram", "van", "m"}
"""Scale words only right after the digits: “50 ty” is a scale, “50 công ty” and “50 trạm” are things."""
_READABLE_NUMBER = re.compile(r"(?:[0-9]+(?:\s[0-9]{3})*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?![0-9]{3}$)[0-9]+)?")
"""A number that is read in one way only: “5,000” may be 5 or five thousand (design.md §4)."""
_LARGEST = 1e15
"""Numbers beyond it are too large for a count, and for the digits of a decimal."""
_DONE_WORDS = {"hoanthanh"}
_MINUS = ("-", "\u2212")


def classify_code(code: str) -> NumberStyle:
    """Return how a format code shows a number: as a number, date, time or percentage."""
    signs = _LITERAL_PATTERN.sub("", code).lower()
    if signs in _PLAIN_CODES:
        return "number"
    if "%" in signs:
        return "percent"
    if "d" in signs or "y" in signs:
        return "date"
    if "h" in signs or "s" in signs or "[m" in signs:
        return "time"
    return "date" if "m" in signs and "general" not in signs else "number"


@lru_cache(maxsize=1 << 12)
def find_shown_number(value: float, code: str) -> str | None:
    """Return what a format shows for a number, if a person would read another value from it; else None."""
    is_plain = _LITERAL_PATTERN.sub("", code).lower() in _PLAIN_CODES and not re.search(r'["\\]', code)
    if is_plain or abs(value) >= _LARGEST:
        return None
    section, absolute = _choose_section(code, value)
    parts = _parse_section(section)
    shown_text = parts.render(Decimal(repr(abs(value) if absolute else value)))
    return shown_text if _differs(parts, shown_text, Decimal(repr(value))) else None


def find_shown_day(day: date, code: str) -> str | None:
    """Return what a date format shows if that leaves out the day of the month (“03/2026”); else None."""
    code = code.partition(";")[0]
    signs = _LITERAL_PATTERN.sub("", code).lower()
    if re.search(r"(?<!d)d{1,2}(?!d)", signs) or not re.search(r"[dmy]", signs):
        return None
    shown_text = "".join(_render_date_part(match, day) for match in re.finditer(_DATE_TOKENS, code))
    return " ".join(shown_text.split()) or f"{day:%m/%Y}"


_DATE_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<sign>[dD]+|[mM]+|[yY]+)|(?P<other>.)'
)


def _render_date_part(match: re.Match[str], day: date) -> str:
    if match["sign"]:
        sign, length = match["sign"][0].lower(), len(match["sign"])
        if sign == "y":
            return f"{day.year:04}" if length > 2 else f"{day.year % 100:02}"
        if sign == "m":
            return f"{day.month:02}" if length == 2 else str(day.month) if length == 1 else f"tháng {day.month}"
        return "Chủ nhật" if day.isoweekday() == 7 else f"thứ {day.isoweekday() + 1}"
    return match["quoted"] or match["escaped"] or match["other"] or ""


def _choose_section(code: str, value: float) -> tuple[str, bool]:
    """Return the section of a code that shows a value, and whether it shows it without its sign."""
    sections = _split_sections(code)
    for section in sections[:2]:
        condition = next(
            (match for text in re.findall(r"\[([^\]]*)\]", section) if (match := _CONDITION_PATTERN.match(text))),
            None,
        )
        if condition and _holds(condition[1], value, float(condition[2])):
            return section, value < 0
    if any(_CONDITION_PATTERN.search(section) for section in sections[:2]):
        return sections[min(len(sections), 3) - 1], False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _split_sections(code: str) -> list[str]:
    sections = [""]
    for match in re.finditer(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|;|.', code, re.DOTALL):
        if match[0] == ";":
            sections.append("")
        else:
            sections[-1] += match[0]
    return sections


def _holds(sign: str, value: float, bound: float) -> bool:
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
        "=": value == bound, "<>": value != bound,
    }[sign]  # fmt: skip


@dataclass(frozen=True)
class _Section:
    """One section of a format: its tokens in order, as (kind, text)."""

    tokens: tuple[tuple[str, str], ...]

    @property
    def literals(self) -> str:
        return "".join(text for kind, text in self.tokens if kind == "literal")

    @property
    def placeholders(self) -> int:
        return sum(len(text) for kind, text in self.tokens if kind in ("digits", "decimals"))

    @property
    def decimals(self) -> int:
        return sum(len(text) for kind, text in self.tokens if kind == "decimals")

    def has(self, kind: str) -> bool:
        return any(kind == other for other, _ in self.tokens)

    def render(self, value: Decimal) -> str:
        """Return a number as the section shows it, with a comma for decimals and dots for thousands."""
        if self.has("exponent"):
            return f"{value:.{self.decimals}E}".replace(".", ",")
        if self.has("general") or self.has("fraction"):
            number = f"{value.normalize():f}".replace(".", ",")
            first = next(i for i, (kind, _) in enumerate(self.tokens) if kind in ("general", "digits"))
            texts = [number if i == first else text for i, (kind, text) in enumerate(self.tokens)
                     if i == first or kind == "literal"]  # fmt: skip
            return "".join(texts).strip()
        scaled = value.scaleb(-3 * sum(kind == "scale" for kind, _ in self.tokens))
        rounded = scaled.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        integer, _, decimals = f"{abs(rounded):f}".partition(".")
        pattern = "".join(text for kind, text in self.tokens if kind == "decimals")
        while decimals.endswith("0") and pattern[len(decimals) - 1] == "#":
            decimals = decimals[:-1]
        return ("-" if rounded < 0 else "") + "".join(self._place_digits(integer, decimals)).strip()

    def _place_digits(self, integer: str, decimals: str) -> Iterator[str]:
        places = sum(len(text) for kind, text in self.tokens if kind == "digits")
        pattern = "".join(text for kind, text in self.tokens if kind == "digits")
        minimum = len(pattern) - len(re.match(r"[#?]*", pattern)[0])  # type: ignore[index]
        digits = integer.lstrip("0").rjust(minimum, "0")
        is_first = True
        for kind, text in self.tokens:
            if kind == "digits":
                places -= len(text)
                end = len(digits) - places
                start = 0 if is_first else max(0, end - len(text))
                part = digits[start : max(0, end)]
                yield _group(part) if self.has("group") and not places else part
                is_first = False
            elif kind == "decimals":
                yield decimals[: len(text)]
                decimals = decimals[len(text) :]
            elif kind == "point":
                yield ","
            elif kind == "literal":
                yield text


def _group(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".") if digits and not digits.startswith("0") else digits


@lru_cache(maxsize=256)
def _parse_section(section: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    is_decimal = False
    matches = list(_TOKEN_PATTERN.finditer(section))
    for index, match in enumerate(matches):
        kind, text = match.lastgroup or "other", match[match.lastgroup or "other"]
        if kind == "digits":
            is_power = any(kind == "exponent" for kind, _ in tokens)
            tokens.append(("power" if is_power else "decimals" if is_decimal else "digits", text))
        elif kind == "point" and not is_decimal:
            is_decimal = True
            tokens.append(("point", "."))
        elif kind == "comma":
            follows = any(later.lastgroup == "digits" for later in matches[index + 1 :])
            precedes = any(kind in ("digits", "decimals") for kind, _ in tokens)
            if precedes:
                tokens.append(("group" if follows and not is_decimal else "scale", ","))
        elif kind == "bracket":
            currency = re.match(r"\$([^-]*)", text)
            tokens.append(("literal", currency[1] if currency else ""))
        elif kind in ("exponent", "general", "fraction") and (
            kind == "general" or any(other == "digits" for other, _ in tokens)
        ):
            tokens.append((kind, text))
        elif kind == "space" or kind == "fill":
            tokens.append(("literal", " "))
        else:
            tokens.append(("literal", text))
    return _Section(tuple(tokens))


def _differs(section: _Section, shown_text: str, value: Decimal) -> bool:
    """True if a person would read another number than `value` from what is shown."""
    if re.search(r"[0-9%‰]", unicodedata.normalize("NFKC", section.literals)) or _names_scale(section):
        return True
    if not section.placeholders and not section.has("general"):  # only words, or nothing at all
        return value != 0 and fold_to_alphanumeric(shown_text) not in _DONE_WORDS
    if section.has("exponent"):
        return Decimal(shown_text.replace(",", ".")) != value
    if section.has("general") or section.has("fraction"):
        return False
    if section.has("scale"):
        return value != 0
    rounded = abs(value).quantize(Decimal(1).scaleb(-section.decimals), ROUND_HALF_UP)
    number = re.search(r"[0-9](?:.*[0-9])?", shown_text, re.DOTALL)
    if number is None or not rounded:
        return bool(rounded)
    is_negative = shown_text[: number.start()].rstrip().endswith(_MINUS)
    if _READABLE_NUMBER.fullmatch(number[0]) is None or (is_negative and value > 0):
        return True
    return Decimal(re.sub(r"[.\s]", "", number[0]).replace(",", ".")) != rounded


def _names_scale(section: _Section) -> bool:
    """True if a literal says that the digits are thousands, millions or the like."""
    digits = [index for index, (kind, _) in enumerate(section.tokens) if kind in ("digits", "decimals", "general")]
    after = "".join(text for kind, text in section.tokens[digits[-1] + 1 if digits else 0 :] if kind == "literal")
    words = set(re.findall(r"[^\W\d_]+", fold(section.literals)))
    return bool(words & _SCALE_WORDS) or bool(
        set(re.findall(r"[^\W\d_]+", fold(after))[:1]) & _SCALE_WORDS_AFTER_DIGITS
    )
