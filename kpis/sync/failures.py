"""Tell the fault of one source, which fails that source alone, from the product's own, which ends the sync."""

from __future__ import annotations

from kpis.errors import KpisError, RegisterError
from kpis.sheet.model import Source
from kpis.sources.faults import build_fault_error
from kpis.store.duckdb_errors import STORE_FAULTS
from kpis.sync.result import Message

OWN_FAULTS = (*STORE_FAULTS, RegisterError)
"""Faults that meet every source: of the database and of the register."""


def describe_failure(source: Source, error: Exception) -> Message:
    """Return why a source failed, as a sentence that says what to do next."""
    if isinstance(error, KpisError):
        return Message.from_error(error)
    if not isinstance(error, OSError):
        return Message.from_error(build_fault_error(source, error))
    return Message(
        "{path} could not be read: {reason}. Check the file and read it again.",
        {"path": str(error.filename or "–"), "reason": error.strerror or str(error)},
    )
