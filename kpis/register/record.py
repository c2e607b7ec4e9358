"""One table of a register file: fields are read by type, faults name file and field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from kpis.language.normalization import clean
from kpis.register.days import parse_year_day, suggest_year_day
from kpis.register.faults import RegisterFaults

Choice = TypeVar("Choice")

ALLOWED_YEARS = range(2000, 2101)
# What a column of the database holds: decimal(18, 6) for amounts, integer for lines and numbers. For every
# amount below the limit the arithmetic of `measures/sql/attainment` is exact.
_AMOUNT_DECIMALS = 6
AMOUNT_LIMIT = 10**12
CHANGE_LIMIT = 1000
_INTEGER_LIMIT = 2**31
_SIMILARITY = 0.75
"""From which ratio of equal letters (difflib) a word is proposed for another one."""


@dataclass
class Record:
    """One `[[table]]`. `name`: its id, for faults; `origins`: the overlay file that set a field, by field.

    `unread_fields` are those whose lines are not TOML, which is a fault already. `header` is that of the plan.

    A reading method adds a fault for a wrong field and returns some value of its type, so that the other fields are
    checked too; no such value is used, since a register with a fault is refused.
    """

    table: str
    name: str
    file: str
    values: dict[str, object]
    faults: RegisterFaults
    has_overlay: bool = False
    plan: str = ""
    origins: dict[str, str] = field(default_factory=dict)
    unread_fields: set[str] = field(default_factory=set)
    header: Record | None = None

    def add_fault(
        self, key: str, text: str, /, *, needs: Iterable[str] = (), plan_needs: Iterable[str] = (), **values: object
    ) -> None:
        """Add a fault that names this table's field and the file that set it.

        `needs` are the other fields from which the fault was concluded, `plan_needs` those of the plan's header: it is
        none if one of them is wrong itself.
        """
        concluded = any(self.is_faulty(other) for other in needs) or (
            self.header is not None and any(self.header.is_faulty(other) for other in plan_needs)
        )
        if key not in self.unread_fields and not concluded:
            self.faults.add(*self._locate(key), text, **values)

    def is_faulty(self, key: str) -> bool:
        """True if a fault was found in the field."""
        return key in self.unread_fields or self.faults.contains(*self._locate(key))

    def check_keys(self, keys: Iterable[str]) -> None:
        """Refuse a field that does not exist: it is most likely a typing error."""
        fields = sorted(keys)
        for key in self.values:
            if key not in fields:
                add_unknown_field(self.faults, *self._locate(key), fields, typed=key)

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
        self.unread_fields |= other.unread_fields
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
            self.add_fault(key, "must be a text in quotes")
        elif not clean(value):
            self.add_fault(key, "is empty; fill it in or remove the line")
        else:
            return clean(value)
        return None

    def read_text(self, key: str) -> str:
        """Return a required text."""
        text = self.read_optional_text(key)
        if text is None:
            self.add_fault(key, "is missing; write a text in quotes")
        return text or ""

    def read_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty if the field is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and clean(item) for item in value):
            self.add_fault(key, "must be a list of texts, none of them empty")
            return ()
        return tuple(clean(item) for item in value)

    def read_tables(self, key: str, keys: Iterable[str]) -> list[Record]:
        """Return a list of tables as records of their own; empty if the field is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            text = "must be a list of tables, each with the fields {fields}"
            self.add_fault(key, text, fields=", ".join(sorted(keys)))
            return []
        file, label = self._locate(key)
        rows = [Record(label, str(number), file, dict(row), self.faults) for number, row in enumerate(value, start=1)]
        for row in rows:
            row.check_keys(keys)
        return rows

    def read_optional_table(self, key: str, keys: Iterable[str]) -> Record | None:
        """Return a table as a record of its own; None if the field is missing."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.add_fault(key, "must be a table with the fields {fields}", fields=", ".join(sorted(keys)))
            return None
        file, label = self._locate(key)
        row = Record(label, "", file, dict(value), self.faults)
        row.check_keys(keys)
        return row

    def read_choice(self, key: str, allowed: tuple[Choice, ...], default: Choice | None = None) -> Choice:
        """Return one of the allowed words."""
        value = self.values.get(key, default)
        for word in allowed:
            if value == word:
                return word
        words = ", ".join(str(word) for word in allowed)
        if value is None:
            self.add_fault(key, "is missing; write one of {words}", words=words)
        else:
            self.add_fault(key, "“{value}” is not one of {words}", value=value, words=words)
        return allowed[0]

    def read_flag(self, key: str) -> bool:
        """Return true or false; false if the field is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.add_fault(key, "must be true or false, without quotes")
        return value is True

    def read_optional_integer(self, key: str, minimum: int = 1, limit: int = _INTEGER_LIMIT) -> int | None:
        """Return a whole number of at least `minimum` and below `limit`."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value < limit:
            text = "must be a whole number, at least {minimum} and below {limit}"
            self.add_fault(key, text, minimum=minimum, limit=limit)
            return None
        return value

    def read_integer(self, key: str, minimum: int = 1) -> int:
        """Return a required whole number."""
        value = self.read_optional_integer(key, minimum)
        if value is None:
            self.add_fault(key, "is missing; write a whole number of at least {minimum}", minimum=minimum)
        return minimum if value is None else value

    def read_optional_year(self, key: str) -> int | None:
        """Return a year in ALLOWED_YEARS."""
        value = self.read_optional_integer(key)
        if value is not None and value not in ALLOWED_YEARS:
            text = "must be a year from {first} to {last}"
            self.add_fault(key, text, first=ALLOWED_YEARS[0], last=ALLOWED_YEARS[-1])
            return None
        return value

    def read_year(self, key: str) -> int:
        """Return a required year."""
        value = self.read_optional_year(key)
        if value is None:
            text = "is missing; write a year from {first} to {last}"
            self.add_fault(key, text, first=ALLOWED_YEARS[0], last=ALLOWED_YEARS[-1])
        return value or ALLOWED_YEARS[0]

    def read_optional_amount(self, key: str, *, is_change: bool = False) -> Decimal | None:
        """Return an exact number, see `parse_amount`, `parse_change`."""
        value = self.values.get(key)
        if value is None:
            return None
        return self.parse_change(key, value) if is_change else self.parse_amount(key, value)

    def read_amount(self, key: str, *, is_change: bool = False) -> Decimal:
        """Return a required exact number."""
        value = self.read_optional_amount(key, is_change=is_change)
        if value is None:
            self.add_fault(key, "is missing; write a number of at least 0")
        return Decimal(1) if value is None else value

    def parse_amount(self, key: str, value: object) -> Decimal:
        """Return the value of `key` as an exact number of at least 0, with few enough decimals."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and 0 <= number < AMOUNT_LIMIT and number == round(number, _AMOUNT_DECIMALS):
                return number
        text = "must be a number of at least 0 and below {limit}, with at most {decimals} decimals"
        self.add_fault(key, text, limit=AMOUNT_LIMIT, decimals=_AMOUNT_DECIMALS)
        return Decimal(1)

    def parse_change(self, key: str, value: object) -> Decimal:
        """Return the value of `key` as a change: a fraction from -1 (nothing is left), with few enough decimals."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and -1 <= number < CHANGE_LIMIT and number == round(number, _AMOUNT_DECIMALS):
                return number
        text = (
            "a change is a fraction from -1 to {limit}, with at most {decimals} decimals: 0.1 is 10 % more, -0.5 half"
        )
        self.add_fault(key, text, limit=CHANGE_LIMIT, decimals=_AMOUNT_DECIMALS)
        return Decimal(1)

    def read_optional_day(self, key: str) -> date | None:
        """Return a day (a TOML date without quotes)."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self.add_fault(key, "must be a day without quotes, like 2026-04-02")
            return None
        return value

    def read_optional_year_day(self, key: str) -> str | None:
        """Return a day of every year, written as "15/12", as MM-DD."""
        value = self.values.get(key)
        return None if value is None else self.parse_year_day(key, value)

    def parse_year_day(self, key: str, value: object, prefix: str = "") -> str | None:
        """Return the value of `key` ("15/12") as MM-DD; `prefix` is what stands before it in the field."""
        day, suggestion = parse_year_day(value), suggest_year_day(value)
        if day is None and suggestion is None:
            text = "must be a day that every year has as “{prefix}dd/mm”, like “{prefix}15/12”"
            self.add_fault(key, text, prefix=prefix)
        elif day is None:
            text = "days are written as dd/mm: “{prefix}{right}” instead of “{prefix}{value}”"
            self.add_fault(key, text, prefix=prefix, right=suggestion, value=value)
        return day

    def _locate(self, key: str) -> tuple[str, str]:
        label = f"{self.table}[{self.name}]" if self.name else self.table
        return self.origins.get(key, self.file), f"{label}.{key}"


def add_unknown_field(faults: RegisterFaults, file: str, key: str, fields: Collection[str], typed: str) -> None:
    """Add the fault for a field or table that does not exist; `fields` are those that do."""
    nearest = find_nearest(typed, fields)
    text = "no such field here; the fields are {fields}"
    if nearest is not None:
        text = "no such field here; “{nearest}” is probably meant (the fields are {fields})"
    faults.add(file, key, text, fields=", ".join(fields), nearest=nearest)


def find_nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that is most likely meant by a mistyped one; None if none is near."""
    return next(iter(get_close_matches(word, list(words), 1, _SIMILARITY)), None)
