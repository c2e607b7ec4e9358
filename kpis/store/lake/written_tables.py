"""Which tables a transaction writes to, told by its statements: the rows of every other one are those of before."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"--[^\n]*")
_WRITES = re.compile(r"\b(?:insert\s+into|update|delete\s+from)\s+((?:\"?\w+\"?\.)*\"?\w+\"?)", re.IGNORECASE)
_HARMLESS = re.compile(r"\s*(?:select|with|create\s+(?:or\s+replace\s+)?temp\s|drop\s+table\s+temp\.)", re.IGNORECASE)


class WrittenTables:
    """Notes statements before they run. What it cannot read counts as writing to every table."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._is_any = False

    def note(self, statement: str) -> set[str]:
        """Note the tables that a statement writes to, and return them; a name too many costs only a count."""
        text = _COMMENT.sub("", statement)
        names = {name.rpartition(".")[2].strip('"') for name in _WRITES.findall(text)}
        self._names |= names
        self._is_any = self._is_any or not (names or _HARMLESS.match(text))
        return names

    @property
    def tables(self) -> frozenset[str] | None:
        """The names of those tables; None where it may be any."""
        return None if self._is_any else frozenset(self._names)
