"""What a source provoked and nobody foresaw, as a sentence of that source."""

from __future__ import annotations

import logging
from pathlib import Path

from kpis.errors import SourceError
from kpis.sheet.model import Source

_log = logging.getLogger("kpis.sources")

_GOOGLE_FAULT = (
    "What Google sent is not how a spreadsheet looks ({fault}). The figures so far are kept and the sheet is "
    "read again at the next sync; if this stays, send this sentence to the person who maintains the program."
)
_FILE_FAULT = (
    "{file} holds something that the program cannot read ({fault}). Open it in Excel, save it again as a new "
    ".xlsx and replace it; if this stays, send the file to the person who maintains the program."
)


def build_fault_error(source: Source, error: Exception) -> SourceError:
    """Return an unforeseen error as that of one source; the traceback goes to the log."""
    _log.info("fault in %s", source.id, exc_info=error)
    fault = type(error).__name__
    if source.kind == "google":
        return SourceError(_GOOGLE_FAULT, fault=fault)
    return build_file_fault_error(Path(source.location).name, fault)


def build_file_fault_error(file: str, fault: str) -> SourceError:
    """Return the error of a file that provoked `fault`, the name of an error or an exit code."""
    return SourceError(_FILE_FAULT, file=file, fault=fault)
