"""Which rules judged a row: when a file that decides changes, stored rows are judged again (design.md §4)."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import kpis

_RULE_FILES = (
    "checks/*.py",
    "sheet/*.py",
    "language/normal.py",
    "register/agencies.py",
    "register/communes.py",
    "register/names.py",
    "register/periods.py",
    "register/tables.py",
    "store/schema.sql",
    "sync/history.py",
    "sync/judged.py",
    "sync/raw.py",
    "sync/reading.py",
    "sync/rules.py",
    "sync/together.py",
    "sync/sql/*.sql",
    "measures/publish.py",
    "measures/query.py",
    "measures/sql/**/*.sql",
)


@cache
def compute_rules_hash() -> str:
    """A hash over the code and SQL that turn a raw row into an entry and entries into what is published."""
    root = Path(kpis.__file__).parent
    digest = blake2b(digest_size=16)
    for path in sorted({path for pattern in _RULE_FILES for path in root.glob(pattern)}):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
