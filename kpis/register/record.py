"""One table of a register file on its way to a value: every field is asked for by type, refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from kpis.errors import KpisError, RegisterError
from kpis.language.normalization import clean

Choice = TypeVar("Choice")

ALLOWED_YEARS = range(2000, 2101)
_AMOUNT_LIMIT = Decimal(10) ** 12  # what the database's decimal(18, 6) holds


def build_register_error(file: str, key: str, text: str, /, **values: object) -> RegisterError:
    """The error of a register that is refused: file, key, and the reason as a sentence of the catalogue."""
    return RegisterError("{file}, {key}: {reason}", file=file, key=key, reason=KpisError(text, **values))


@dataclass
class Record:
    """One `[[table]]`: `name` its id for errors, `plan` whose it is, `origins` who amended each field."""

    table: str
    name: str
    file: str
    values: dict[str, object]
    has_overlay: bool = False
    plan: str = ""
    origins: dict[str, str] = field(default_factory=dict)

    def build_error(self, key: str, text: str, /, **values: object) -> RegisterError:
        """The error that names this table's field and the file that set it."""
        return build_register_error(
            self.origins.get(key, self.file), f"{self.table}[{self.name}].{key}", text, **values
        )

    def check_keys(self, keys: Iterable[str]) -> None:
        """Refuse a field that the form does not have: it is most likely a slip of the keyboard."""
        known = sorted(keys)
        for key in self.values:
            if key not in known:
                raise self.build_error(key, "no such field here; known are {known}", known=", ".join(known))

    def amend(self, other: Record) -> None:
        """Take over the fields of an overlay's table; aliases are added to the ones there are."""
        for key, value in other.values.items():
            before = self.values.get(key)
            if key == "name":
                continue  # its identity: the overlay may spell it otherwise
            if key == "aliases" and isinstance(before, list) and isinstance(value, list):
                self.values[key] = [*before, *value]
            else:
                self.values[key] = value
            self.origins[key] = other.file
        self.has_overlay = True

    def is_overlaid(self, key: str) -> bool:
        """Whether an overlay set the field: it amended it, or the whole table is the overlay's."""
        return key in self.origins or (self.has_overlay and not self.origins)

    def read_optional_text(self, key: str) -> str | None:
        """A text in NFC, trimmed; None when the field is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.build_error(key, "must be a text in quotes")
        if not clean(value):
            raise self.build_error(key, "is empty; write it or leave the line out")
        return clean(value)

    def read_text(self, key: str) -> str:
        """A text that must be there."""
        return self._require(key, self.read_optional_text(key))

    def read_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the field is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and clean(item) for item in value):
            raise self.build_error(key, "must be a list of texts, none of them empty")
        return tuple(clean(item) for item in value)

    def read_choice(self, key: str, allowed: tuple[Choice, ...], default: Choice | None = None) -> Choice:
        """One of the words the form allows."""
        value = self.values.get(key, default)
        for word in allowed:
            if value == word:
                return word
        self._require(key, value)
        words = ", ".join(str(word) for word in allowed)
        raise self.build_error(key, "“{value}” is not one of {words}", value=value, words=words)

    def read_optional_integer(self, key: str, minimum: int = 1) -> int | None:
        """A whole number, at least `least`."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value < _AMOUNT_LIMIT:
            raise self.build_error(key, "must be a whole number, at least {least}", least=minimum)
        return value

    def read_integer(self, key: str, minimum: int = 1) -> int:
        """A whole number that must be there."""
        return self._require(key, self.read_optional_integer(key, minimum))

    def read_optional_year(self, key: str) -> int | None:
        """A year of this century."""
        value = self.read_optional_integer(key)
        if value is not None and value not in ALLOWED_YEARS:
            raise self.build_error(
                key, "must be a year from {first} to {last}", first=ALLOWED_YEARS[0], last=ALLOWED_YEARS[-1]
            )
        return value

    def read_year(self, key: str) -> int:
        """A year that must be there."""
        return self._require(key, self.read_optional_year(key))

    def read_optional_amount(self, key: str) -> Decimal | None:
        """A number, exact, with at most six decimals."""
        value = self.values.get(key)
        return None if value is None else self.parse_amount(key, value)

    def read_amount(self, key: str) -> Decimal:
        """A number that must be there."""
        return self._require(key, self.read_optional_amount(key))

    def parse_amount(self, key: str, value: object) -> Decimal:
        """`value`, found under `key`, as an exact number from 0 up."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and 0 <= number < _AMOUNT_LIMIT and number == round(number, 6):
                return number
        raise self.build_error(key, "must be a number from 0 up, with at most six decimals")

    def read_optional_day(self, key: str) -> date | None:
        """A day (TOML date without quotes)."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.build_error(key, "must be a day without quotes, like 2026-04-02")
        return value

    def read_optional_month_day(self, key: str) -> str | None:
        """A day of every year as MM-DD."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, str) or not is_month_day(value)):
            raise self.build_error(key, "must be a day of every year as “MM-DD”, like “12-15”")
        return value

    def _require(self, key: str, value: Choice | None) -> Choice:
        if value is None:
            raise self.build_error(key, "is missing")
        return value


def is_month_day(text: str) -> bool:
    """Whether a text is MM-DD and a day that every year has (so not 02-29)."""
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if not found:
        return False
    try:
        date(2001, int(found[1]), int(found[2]))
    except ValueError:
        return False
    return True
