"""The named errors of the product; each says where the fault is and what to do, in the reader's language.

    KpisError                 exit code 3: every error with a sentence for the user
    ├── RegisterError         an invalid register: every fault with file, key, reason
    ├── SourceError           exit code 1: a source that cannot be read, it is `failed`
    ├── StoreError            the database: locked, full, damaged, missing
    └── UsageError            exit code 2: a wrong command, setting or sources file

A message is a catalogue key (English text with named placeholders) and its values, so that
`kpis.language.messages` can render it in Vietnamese or English later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class KpisError(Exception):
    """An error with a sentence for the user: `text` is a catalogue key, `values` fill its placeholders."""

    exit_code = 3

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values: Mapping[str, object] = values
        super().__init__(text.format_map(values))


class ErrorList(tuple[KpisError, ...]):
    """Several errors as one value of a sentence, one on each line."""

    def __str__(self) -> str:
        return "\n".join(map(str, self))


class RegisterError(KpisError):
    """An invalid register; `file` and `key` name the place, the first one where there are several `faults`."""

    def __init__(
        self, text: str, /, *, file: str, key: str, faults: Sequence[RegisterError] = (), **values: object
    ) -> None:
        self.file = file
        self.key = key
        self.faults = tuple(faults) or (self,)
        super().__init__(text, file=file, key=key, faults=ErrorList(faults), **values)


class SourceError(KpisError):
    """A source that cannot be read; its last good figures are kept."""

    exit_code = 1


class StoreError(KpisError):
    """The database cannot be opened, written or published; no published figures are lost."""


class UsageError(KpisError):
    """A wrong command, setting or sources file; the sentence says what is valid."""

    exit_code = 2
