"""Errors of access: an invalid rights file, a refused action."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpis.errors import ErrorList, KpisError, UsageError


class RightsFaultError(KpisError):
    """One fault of a rights file; `place` is the key, table or file name."""

    def __init__(self, place: str, text: str, /, **values: object) -> None:
        self.place = place
        super().__init__("{place}: {reason}", place=place, reason=KpisError(text, **values))


class RightsFileError(UsageError):
    """A rights file that is missing, cannot be read or is not valid; `faults` names every one."""

    def __init__(self, path: Path, faults: Sequence[RightsFaultError]) -> None:
        self.faults = tuple(faults)
        text = "The rights file {file} cannot be used, so nobody is let in:\n{faults}"
        super().__init__(text, file=path.name, faults=ErrorList(faults))


class AuditError(KpisError):
    """The audit cannot be written or is damaged; an audited action is refused then."""


class NotAllowedError(KpisError):
    """The person's rights do not give this action."""
