"""`contacts.toml` beside the sources file: which addresses an agency has; read whole, every fault with its place.

    [[contact]]
    plan = "ha-noi"
    agency = "Sở Y tế"
    emails = ["vanthu@soyte.example.vn"]

    [[contact]]
    pattern = "UBND xã *"          # in one plan with plan = "…", else in every plan
    emails = ["phongktht@example.vn"]

An agency's own entry stands before a pattern; of patterns the first that fits.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kpis.errors import ErrorList, KpisError, UsageError
from kpis.language.normalization import fold

CONTACTS_FILE = "contacts.toml"
_KEYS = ("plan", "agency", "pattern", "emails")
_EMAIL = re.compile(r"[^\s@\"'<>,;:\\()\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MAX_BYTES = 1 << 20


class ContactFaultError(KpisError):
    """One fault of the file."""

    exit_code = 2


@dataclass(frozen=True)
class Contact:
    """The addresses of one agency of a plan, or of the agencies whose names fit a pattern."""

    plan: str | None
    agency: str | None
    pattern: str | None
    emails: tuple[str, ...]


@dataclass(frozen=True)
class Contacts:
    """The entries of the file in order."""

    entries: tuple[Contact, ...]

    def find_emails(self, plan: str, agency: str) -> tuple[str, ...]:
        """Return the addresses of an agency; none if no entry fits."""
        key = fold(agency)
        for entry in self.entries:
            if entry.plan == plan and entry.agency is not None and fold(entry.agency) == key:
                return entry.emails
        for entry in self.entries:
            if entry.pattern is not None and entry.plan in (None, plan) and fnmatchcase(key, fold(entry.pattern)):
                return entry.emails
        return ()


def load_contacts(path: Path, agencies: Mapping[str, frozenset[str]]) -> Contacts:
    """Return the contacts of a file; UsageError names every fault at once.

    `agencies`: plan -> the names of its agencies; an entry must name one of them, so that no typing mistake leaves an
    agency without reminders.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            "{path} is missing: it says which addresses an agency has. See docs/administrator.md.", path=path
        ) from None
    except OSError as error:
        raise UsageError("{path} cannot be read: {reason}", path=path, reason=error.strerror or error) from error
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError("> 1 MB")
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError("{path} is not TOML: {reason}", path=path, reason=str(error)[:200]) from None
    reader = _Reader(agencies)
    entries = tuple(reader.read(document))
    if reader.faults:
        raise UsageError("{path} has faults:\n{faults}", path=path, faults=ErrorList(reader.faults))
    return Contacts(entries)


class _Reader:
    def __init__(self, agencies: Mapping[str, frozenset[str]]) -> None:
        self._agencies = {plan: {fold(name) for name in names} for plan, names in agencies.items()}
        self.faults: list[ContactFaultError] = []

    def read(self, document: Mapping[str, Any]) -> Iterator[Contact]:
        """Yield the entries that have no fault."""
        for key in document:
            if key != "contact":
                self.add_fault(key, "“{key}” is not known; possible are {keys}", key=key, keys="[[contact]]")
        entries = document.get("contact", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.add_fault("contact", "write each entry under [[contact]]")
            return
        entered: set[tuple[str, str]] = set()
        for number, entry in enumerate(entries, start=1):
            contact = self._read_entry(f"[[contact]] {number}", entry)
            if contact is None:
                continue
            if contact.agency is not None and contact.plan is not None:
                pair = (contact.plan, fold(contact.agency))
                if pair in entered:
                    self.add_fault(f"[[contact]] {number}", "{agency} has an entry already", agency=contact.agency)
                entered.add(pair)
            yield contact

    def _read_entry(self, place: str, entry: Mapping[str, Any]) -> Contact | None:
        count = len(self.faults)
        for key in entry:
            if key not in _KEYS:
                self.add_fault(place, "“{key}” is not known; possible are {keys}", key=key, keys=", ".join(_KEYS))
        plan, agency, pattern = (self._read_text(place, entry, name) for name in ("plan", "agency", "pattern"))
        if plan is not None and plan not in self._agencies:
            self.add_fault(place, "there is no plan “{plan}”", plan=plan)
        if (agency is None) == (pattern is None):
            self.add_fault(place, "give either agency or pattern")
        elif agency is not None and plan is None:
            self.add_fault(place, "an agency needs its plan, like plan = “ha-noi”")
        elif agency is not None and plan in self._agencies and fold(agency) not in self._agencies[str(plan)]:
            self.add_fault(place, "plan {plan} has no agency “{agency}”", plan=plan, agency=agency)
        elif pattern is not None and not self._fits_any(plan, pattern):
            self.add_fault(place, "no agency fits the pattern “{pattern}”", pattern=pattern)
        emails = self._read_emails(place, entry.get("emails"))
        return Contact(plan, agency, pattern, emails) if len(self.faults) == count else None

    def _fits_any(self, plan: str | None, pattern: str) -> bool:
        key = fold(pattern)
        groups = self._agencies.values() if plan is None else [self._agencies.get(plan, set())]
        return any(fnmatchcase(name, key) for names in groups for name in names)

    def _read_text(self, place: str, entry: Mapping[str, Any], name: str) -> str | None:
        value = entry.get(name)
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.add_fault(place, "{key} must be a text", key=name)
        return None

    def _read_emails(self, place: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self.add_fault(place, "emails must be a list of addresses, like [“a@example.vn”]")
            return ()
        for item in value:
            if not isinstance(item, str) or not _EMAIL.fullmatch(item) or not item.isascii():
                self.add_fault(place, "“{email}” is not an e-mail address", email=" ".join(str(item).split())[:80])
        return tuple(dict.fromkeys(item for item in value if isinstance(item, str)))

    def add_fault(self, place: str, text: str, **values: object) -> None:
        """Note a fault; `text` is a catalogue key."""
        self.faults.append(ContactFaultError("{place}: {fault}", place=place, fault=ContactFaultError(text, **values)))
