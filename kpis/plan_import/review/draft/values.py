"""Values of fields: as canonical texts in a draft, as a person writes and reads them in a cell or on the page.

Canonical: numbers "90%" or "1234.5", days "2026-04-02", reporting days "year 15/12; quarter 20", choices by their code,
agencies divided by "; ". A number of the text "90 %" is never the number 90 or 0.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from kpis.language.formatting import format_day, format_number
from kpis.language.messages import LANGUAGES, Language, translate
from kpis.language.normalization import clean, fold
from kpis.plan_import.review.draft.fields import DraftField
from kpis.plan_import.review.draft.model import CLEARED, ReviewError
from kpis.plan_import.review.draft.reporting_days import format_days, parse_days
from kpis.register.days import parse_year_day
from kpis.register.record import ALLOWED_YEARS, AMOUNT_LIMIT
from kpis.sheet.model import Cell

MAX_VALUE_LENGTH = 1_900
"""Characters of one entered value; readers of sheets cut a cell a little beyond it (`clean`)."""
_DECIMALS = 6
_CLEARED_TEXTS = frozenset(("-", "–", "—"))
_NUMBER = re.compile(r"(?P<sign>[-–−]?)(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<part>[0-9]{1,6}))?")
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")


def to_number_text(value: Decimal, *, is_fraction: bool) -> str:
    """Return a number as canonical text; a fraction (1 is 100 %) as a per cent."""
    return f"{(value * 100 if is_fraction else value).normalize():f}" + ("%" if is_fraction else "")


def to_number(text: str) -> Decimal:
    """Return the number of a canonical text: a fraction for a per cent."""
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)


def split_agencies(text: str) -> tuple[str, ...]:
    """Return the names of a list of agencies."""
    return tuple(dict.fromkeys(name for part in re.split(r"[;\n]", text) if (name := clean(part))))


def format_value(item: DraftField, text: str, lang: Language) -> str:
    """Return a canonical text as a person reads it; a text that is not canonical stays as it is."""
    if not text or text == CLEARED:
        return text
    match item.type:
        case "number":
            number = format_number(Decimal(text.removesuffix("%")), "vi", _DECIMALS)  # as it is typed
            return f"{number} %" if text.endswith("%") else number
        case "day":
            return format_day(date.fromisoformat(text), lang)
        case "due_day":
            return text if "/" in text else format_day(date.fromisoformat(text), "vi")  # as it is typed
        case "reporting_days":
            return format_days(text, lang)
        case "choice" | "members":
            parts = [translate(lang, item.choices[part]) if part in item.choices else part for part in text.split("; ")]
            return "; ".join(parts)
        case _:
            return text


def parse_cell(item: DraftField, cell: Cell) -> str:
    """Return a cell of the workbook as canonical text, "" for an empty one. Raises ReviewError."""
    if cell.kind == "empty":
        return ""
    check_is_plain(cell)
    if cell.kind == "date" and isinstance(cell.value, date):
        return _parse_typed_day(item, cell.value)
    if isinstance(cell.value, float) and item.type == "number":
        number = Decimal(repr(cell.value))
        return _check_number(number * 100, "%") if cell.kind == "percent" else _check_number(number, "")
    if cell.kind == "number" and item.type in {"integer", "year"} and isinstance(cell.value, float):
        return parse_text(item, f"{Decimal(repr(cell.value)).normalize():f}".replace(".", ","))
    return parse_text(item, cell.text)


def check_is_plain(cell: Cell) -> None:
    """Raise ReviewError for a cell whose content or look leaves open what it says."""
    if cell.kind in {"error", "loading", "boolean", "time"} or cell.is_struck or cell.has_marked_runs:
        raise ReviewError("“{text}” cannot be read; type the value again without formulas or marks", text=cell.text)


def parse_text(item: DraftField, text: str) -> str:
    """Return what a person typed as canonical text, "" for nothing. Raises ReviewError."""
    text = clean(text)
    if not text:
        return ""
    if len(text) > MAX_VALUE_LENGTH:
        raise ReviewError("the value has more than {limit} characters; shorten it", limit=MAX_VALUE_LENGTH)
    if text in _CLEARED_TEXTS:
        return CLEARED
    match item.type:
        case "number":
            return _parse_number(text)
        case "integer":
            return _parse_integer(text)
        case "year":
            return _parse_year(text)
        case "day":
            return _parse_day(text)
        case "due_day":
            return _parse_year_day(text) if text.count("/") == 1 else _parse_day(text)
        case "reporting_days":
            return parse_days(text)
        case "choice":
            return _parse_choice(item, text)
        case "members":
            names = split_agencies(text)
            return "; ".join(code for name in names for code in [_find_choice(item, name) or name])
        case "agencies":
            return "; ".join(split_agencies(text))
        case _:
            return text


def _parse_number(text: str) -> str:
    percent = "%" if text.endswith("%") else ""
    match = _NUMBER.fullmatch(text.removesuffix("%").strip())
    if match is None:
        raise ReviewError("“{text}” is not a number; write it like 50, 1.200, 12,5 or 90 %", text=text)
    number = Decimal(f"{match['whole'].replace('.', '')}.{match['part'] or 0}")
    return _check_number(-number if match["sign"] else number, percent)


def _check_number(number: Decimal, percent: str) -> str:
    number = number.normalize()
    if abs(number) >= AMOUNT_LIMIT or number != round(number, _DECIMALS):
        raise ReviewError(
            "{number} is too large or has more than {decimals} decimals", number=number, decimals=_DECIMALS
        )
    return f"{number:f}{percent}"


def _parse_integer(text: str) -> str:
    plain = text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        raise ReviewError("“{text}” is not a whole number", text=text)
    return str(int(plain))


def _parse_year(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text) or int(text) not in ALLOWED_YEARS:
        raise ReviewError("“{text}” is not a year; write it like 2026", text=text)
    return text


def _parse_day(text: str) -> str:
    match = _DAY.fullmatch(text)
    try:
        if match is not None:
            return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:  # no such day: the sentence below says so
        pass
    raise ReviewError("“{text}” is not a day; write it like 02/04/2026", text=text)


def _parse_year_day(text: str) -> str:
    day, month = (part.strip().zfill(2) for part in text.split("/"))
    if parse_year_day(f"{day}/{month}") is None:
        raise ReviewError("“{text}” is not a day of every year; write it like 15/12", text=text)
    return f"{day}/{month}"


def _parse_typed_day(item: DraftField, day: date) -> str:
    """Return a cell that the spreadsheet made a day of, as it does with 15/12."""
    match item.type:
        case "day" | "due_day":
            return day.isoformat()
        case "reporting_days":
            return parse_days(f"{day:%d/%m}")
        case _:
            raise ReviewError(
                "the cell holds the day {day}; if another value was typed, format the cell as text and type it again",
                day=format_day(day, "vi"),
            )


def _parse_choice(item: DraftField, text: str) -> str:
    code = _find_choice(item, text)
    if code is None:
        labels = ", ".join(translate("vi", label) for label in item.choices.values())
        raise ReviewError("“{text}” is not one of: {labels}", text=text, labels=labels)
    return code


def _find_choice(item: DraftField, text: str) -> str | None:
    for code, label in item.choices.items():
        if fold(text) in {fold(code), *_list_labels(label)}:
            return code
    return None


def _list_labels(label: str) -> Iterable[str]:
    return {fold(translate(lang, label)) for lang in LANGUAGES}
