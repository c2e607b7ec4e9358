"""The check of `doctor` on the ledger of requests for explanations."""

from __future__ import annotations

from collections.abc import Iterator

from kpis.cli.doctor_checks import DoctorCheck
from kpis.errors import KpisError
from kpis.requests.ledger import get_ledger_path, load_ledger
from kpis.settings import Settings

_SUBJECT = "requests"
_MAX_LINES = 5


def check_requests(settings: Settings) -> Iterator[DoctorCheck]:
    """Check that every line of the ledger can be read; nothing where nobody has asked yet."""
    path = get_ledger_path(settings.pointer)
    try:
        content = load_ledger(settings.pointer)
    except KpisError as error:
        yield DoctorCheck(_SUBJECT, "mend", "{error}", {"error": error})
        return
    if content.damaged_lines:
        lines = ", ".join(map(str, content.damaged_lines[:_MAX_LINES]))
        text = "{path} has lines that cannot be read ({lines}); all others count. Compare it with the last backup"
        yield DoctorCheck(_SUBJECT, "note", text, {"path": path, "lines": lines})
    elif content.requests:
        yield DoctorCheck(_SUBJECT, "well", "{n} requests for explanations", {"n": len(content.requests)})
