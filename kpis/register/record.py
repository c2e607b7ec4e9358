"""One table of a register file: fields are read by type, errors name file and field."""

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
# What a column of the database holds: decimal(18, 6) for amounts, integer for lines and numbers. For every
# amount below the limit the arithmetic of `measures/sql/attainment` is exact.
_AMOUNT_DECIMALS = 6
AMOUNT_LIMIT = 10**12
_INTEGER_LIMIT = 2**31


def build_register_error(file: str, key: str, text: str, /, **values: object) -> RegisterError:
    """Return the error for a refused register: file, key, and the reason as a catalogue key with values."""
    return RegisterError("{file}, {key}: {reason}", file=file, key=key, reason=KpisError(text, **values))


def build_unknown_field_error(file: str, key: str, fields: Iterable[str]) -> RegisterError:
    """Return the error for a field or table that does not exist; `fields` are those that do."""
    text = "no such field here; the fields are {fields}"
    return build_register_error(file, key, text, fields=", ".join(fields))


@dataclass
class Record:
    """One `[[table]]`. `name`: its id, for errors; `origins`: the overlay file that set a field, by field."""

    table: str
    name: str
    file: str
    values: dict[str, object]
    has_overlay: bool = False
    plan: str = ""
    origins: dict[str, str] = field(default_factory=dict)

    def build_error(self, key: str, text: str, /, **values: object) -> RegisterError:
        """Return an error that names this table's field and the file that set it."""
        return build_register_error(*self._locate(key), text, **values)

    def check_keys(self, keys: Iterable[str]) -> None:
        """Refuse a field that does not exist: it is most likely a typing error."""
        fields = sorted(keys)
        for key in self.values:
            if key not in fields:
                raise build_unknown_field_error(*self._locate(key), fields)

    def amend(self, other: Record) -> None:
        """Take over the fields of an overlay's table; aliases are added to the existing ones."""
        for key, value in other.values.items():
            existing = self.values.get(key)
            if key == "name":
                continue  # its identity: the overlay may spell it differently
            if key == "aliases" and isinstance(existing, list) and isinstance(value, list):
                self.values[key] = [*existing, *value]
            else:
                self.values[key] = value
            self.origins[key] = other.file
        self.has_overlay = True

    def is_overlaid(self, key: str) -> bool:
        """True if an overlay amended the field, or the whole table is from the overlay."""
        return key in self.origins or (self.has_overlay and not self.origins)

    def read_optional_text(self, key: str) -> str | None:
        """Return a trimmed text in NFC; None if the field is missing."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.build_error(key, "must be a text in quotes")
        if not clean(value):
            raise self.build_error(key, "is empty; fill it in or remove the line")
        return clean(value)

    def read_text(self, key: str) -> str:
        """Return a required text."""
        return self._require(key, self.read_optional_text(key))

    def read_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty if the field is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and clean(item) for item in value):
            raise self.build_error(key, "must be a list of texts, none of them empty")
        return tuple(clean(item) for item in value)

    def read_tables(self, key: str, keys: Iterable[str]) -> list[Record]:
        """Return a list of tables as records of their own; empty if the field is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            text = "must be a list of tables, each with the fields {fields}"
            raise self.build_error(key, text, fields=", ".join(sorted(keys)))
        file, label = self._locate(key)
        rows = [Record(label, str(number), file, dict(row)) for number, row in enumerate(value, start=1)]
        for row in rows:
            row.check_keys(keys)
        return rows

    def read_choice(self, key: str, allowed: tuple[Choice, ...], default: Choice | None = None) -> Choice:
        """Return one of the allowed words."""
        value = self.values.get(key, default)
        for word in allowed:
            if value == word:
                return word
        self._require(key, value)
        words = ", ".join(str(word) for word in allowed)
        raise self.build_error(key, "“{value}” is not one of {words}", value=value, words=words)

    def read_flag(self, key: str) -> bool:
        """Return true or false; false if the field is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.build_error(key, "must be true or false, without quotes")
        return value

    def read_optional_integer(self, key: str, minimum: int = 1, limit: int = _INTEGER_LIMIT) -> int | None:
        """Return a whole number of at least `minimum` and below `limit`."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value < limit:
            text = "must be a whole number, at least {minimum} and below {limit}"
            raise self.build_error(key, text, minimum=minimum, limit=limit)
        return value

    def read_integer(self, key: str, minimum: int = 1) -> int:
        """Return a required whole number."""
        return self._require(key, self.read_optional_integer(key, minimum))

    def read_optional_year(self, key: str) -> int | None:
        """Return a year in ALLOWED_YEARS."""
        value = self.read_optional_integer(key)
        if value is not None and value not in ALLOWED_YEARS:
            raise self.build_error(
                key, "must be a year from {first} to {last}", first=ALLOWED_YEARS[0], last=ALLOWED_YEARS[-1]
            )
        return value

    def read_year(self, key: str) -> int:
        """Return a required year."""
        return self._require(key, self.read_optional_year(key))

    def read_optional_amount(self, key: str) -> Decimal | None:
        """Return an exact number, see `parse_amount`."""
        value = self.values.get(key)
        return None if value is None else self.parse_amount(key, value)

    def read_amount(self, key: str) -> Decimal:
        """Return a required exact number."""
        return self._require(key, self.read_optional_amount(key))

    def parse_amount(self, key: str, value: object) -> Decimal:
        """Return the value of `key` as an exact number of at least 0, with few enough decimals."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and 0 <= number < AMOUNT_LIMIT and number == round(number, _AMOUNT_DECIMALS):
                return number
        text = "must be a number of at least 0 and below {limit}, with at most {decimals} decimals"
        raise self.build_error(key, text, limit=AMOUNT_LIMIT, decimals=_AMOUNT_DECIMALS)

    def read_optional_day(self, key: str) -> date | None:
        """Return a day (a TOML date without quotes)."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.build_error(key, "must be a day without quotes, like 2026-04-02")
        return value

    def read_optional_month_day(self, key: str) -> str | None:
        """Return a day of every year as MM-DD."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, str) or not is_month_day(value)):
            raise self.build_error(key, "must be a day of every year as “MM-DD”, like “12-15”")
        return value

    def _locate(self, key: str) -> tuple[str, str]:
        return self.origins.get(key, self.file), f"{self.table}[{self.name}].{key}"

    def _require(self, key: str, value: Choice | None) -> Choice:
        if value is None:
            raise self.build_error(key, "is missing")
        return value


def is_month_day(text: str) -> bool:
    """True if a text is MM-DD and a day that every year has (so not 02-29)."""
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if not match:
        return False
    try:
        date(2001, int(match[1]), int(match[2]))
    except ValueError:
        return False
    return True
