"""The number of a version's format: which versions this release reads, carries over or refuses."""

from __future__ import annotations

from pathlib import Path

from kpis.errors import StoreError

FORMAT = "5"
"""The format that this release writes. Every release that changes `schema.sql` or what identifies a row
raises it; the first sync after an upgrade carries a version of an older format over.
"""

EPOCH = "lake_epoch"
"""The property of a version (`meta`) that names the epoch of the lake that it came from; none has it elsewhere."""


def is_older_format(number: str | None) -> bool:
    """True for a format of an earlier release."""
    return number is not None and number.isdecimal() and 1 <= int(number) < int(FORMAT)


def check_format(number: str | None, path: Path, *, accept_older: bool) -> None:
    """Raise StoreError for a format that cannot be read; `accept_older` is for the sync alone."""
    if number == FORMAT or (accept_older and is_older_format(number)):
        return
    if is_older_format(number):
        raise StoreError(
            "{path} was written by an earlier release. Its figures and their history are kept: run "
            "python -m kpis sync once, which carries them over.",
            path=path,
        )
    raise StoreError(
        "{path} was written by another release. Install that release again, or choose another "
        "location with --database and sync again.",
        path=path,
    )
