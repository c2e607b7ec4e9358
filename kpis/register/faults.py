"""What is wrong with a register: collected while it is loaded, and refused all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kpis.errors import KpisError, RegisterError
from kpis.language.normalization import fold

_ITEMS = ("name", "text", "line")
"""The values of a reason that say which of several items of a field it is about."""
_QUOTED = re.compile(r'"([^"\n]*)"')


class RegisterFaults:
    """The faults of a register by file and key, in the order in which they were found.

    Of one field, or one name in it, only the first reason is kept: what follows is no fault of its own. A name that
    stands in a table or file that could not be used (`lose_texts`) is not missing either.
    """

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str], list[RegisterError]] = {}
        self._lost_texts: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, file: str, key: str, text: str, /, **values: object) -> None:
        """Add one fault: file, key, and the reason as a catalogue key with values."""
        faults = self._faults.setdefault((file, key), [])
        if not faults or all(_names_another_item(values, error) for error in faults):
            faults.append(build_register_error(file, key, text, **values))

    def extend(self, other: RegisterFaults, limit: int | None = None) -> None:
        """Add the faults of `other`, the first `limit` of them."""
        for error in [error for errors in other._faults.values() for error in errors][:limit]:
            self._faults.setdefault((error.file, error.key), []).append(error)

    def contains(self, file: str, key: str) -> bool:
        """True if a fault was found at this place."""
        return (file, key) in self._faults

    def lose_texts(self, value: object) -> None:
        """Take every text within `value` as one that stands somewhere in the register, though unusable."""
        if isinstance(value, str):
            self._lost_texts.add(fold(value))
        elif isinstance(value, Mapping):
            self.lose_texts([*value.values()])
        elif isinstance(value, Iterable):
            for item in value:
                self.lose_texts(item)

    def lose_quoted_texts(self, text: str) -> None:
        """Take every text in quotes of a file that cannot be read."""
        self.lose_texts(_QUOTED.findall(text))

    def is_lost(self, text: str) -> bool:
        """True if a text may only seem to be missing."""
        return fold(text) in self._lost_texts

    def raise_if_any(self) -> None:
        """Raise one RegisterError for all faults, those of one file together; do nothing if there is none."""
        files = list(dict.fromkeys(file for file, _ in self._faults))
        faults = [
            error for file in files for place, errors in self._faults.items() if place[0] == file for error in errors
        ]
        if len(faults) == 1:
            raise faults[0]
        if faults:
            first, text = faults[0], "The register has {count} faults:\n{faults}"
            raise RegisterError(text, file=first.file, key=first.key, count=len(faults), faults=faults)


def _names_another_item(values: Mapping[str, object], fault: RegisterError) -> bool:
    reason = fault.values["reason"]
    given = reason.values if isinstance(reason, KpisError) else {}
    return any(item in values and item in given and values[item] != given[item] for item in _ITEMS)


def build_register_error(file: str, key: str, text: str, /, **values: object) -> RegisterError:
    """Return the error for one fault: file, key, and the reason as a catalogue key with values."""
    return RegisterError("{file}, {key}: {reason}", file=file, key=key, reason=KpisError(text, **values))
