"""The few named errors of the product; each names the place and the next step, in the reader's language.

    KpisError                 exit code 3: anything a user can be told
    ├── RegisterError         a register file that is refused: file, key, reason
    ├── SourceError           a whole source that cannot be read: it is `failed`
    ├── StoreError            the database: locked, full, damaged, missing
    └── UsageError            exit code 2: a wrong command, setting or sources file

A message is a catalogue key (English source text with named placeholders) and its values, so that it
can be rendered in Vietnamese or English by `kpis.language.messages`, long after it was raised.
"""

from __future__ import annotations

from collections.abc import Mapping


class KpisError(Exception):
    """An error with a sentence for its reader: `text` is a catalogue key, `values` fill its placeholders."""

    exit_code = 3

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values: Mapping[str, object] = values
        super().__init__(text.format_map(values))


class RegisterError(KpisError):
    """A register file that is refused; `file` and `key` name the place."""

    def __init__(self, text: str, /, *, file: str, key: str, **values: object) -> None:
        self.file = file
        self.key = key
        super().__init__(text, file=file, key=key, **values)


class SourceError(KpisError):
    """A source that cannot be read whole; its last good figures stay."""

    exit_code = 1


class StoreError(KpisError):
    """The database cannot be opened, written or published; nothing acknowledged is lost."""


class UsageError(KpisError):
    """A wrong command, setting or sources file; the sentence says what would be right."""

    exit_code = 2
