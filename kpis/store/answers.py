"""Answers of one version that are kept while it is open: its rows never change, so no statement is asked twice."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

MAX_CELLS = 300_000
"""Values kept in all, about 50 bytes each; what was not asked for longest goes first.

A question counts too: 50 characters of its statement, once for all answers to it, as a value, and its parameters.
"""
_CHARACTERS_OF_CELL = 50
_CELLS_OF_ENTRY = 20
"""What an answer takes without any row: key, lists, names."""
MAX_CELLS_OF_ANSWER = 100_000
"""A larger answer is not kept."""
_MAX_PARAMETERS = 200
"""Values of a statement's parameters up to which it is recognised when it is asked again."""

Row = dict[str, object]
_Values = tuple[tuple[str, type, tuple[tuple[type, Hashable], ...]], ...]
"""Parameters by name, each value with its type."""


@dataclass(frozen=True)
class _Answer:
    text: str
    names: tuple[str, ...]
    rows: list[tuple[object, ...]]
    parameters: int

    def count_cells(self) -> int:
        """Return the size without the statement's text."""
        return _CELLS_OF_ENTRY + self.parameters + len(self.names) * (len(self.rows) + 1)

    def build_rows(self) -> list[Row]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class KeptAnswers:
    """The answers of one version, of all its scopes; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._texts: Counter[str] = Counter()
        self._cells = 0

    def count_cells(self) -> int:
        """Return how many values are kept, those of the questions included."""
        with self._lock:
            return self._cells

    def get_or_ask(
        self, place: Hashable, text: str, params: Mapping[str, object], ask: Callable[[], Iterator[Row]]
    ) -> list[Row]:
        """Return the rows of a statement: those kept, else those asked for now. Lists in them are shared.

        `place`: what else decides the answer, such as a scope.
        """
        values = _freeze(params)
        if values is None:
            return list(ask())
        key = (place, text, values)
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
        if answer is not None:
            return answer.build_rows()
        rows = list(ask())
        if rows and len(rows) * len(rows[0]) > MAX_CELLS_OF_ANSWER:
            return rows
        names = tuple(rows[0]) if rows else ()
        self._keep(key, _Answer(text, names, [tuple(row.values()) for row in rows], _count_values(values)))
        return rows

    def _keep(self, key: Hashable, answer: _Answer) -> None:
        with self._lock:
            if key in self._answers:  # another thread asked the same
                return
            self._answers[key] = answer
            self._cells += answer.count_cells() + self._add_text(answer.text)
            while self._cells > MAX_CELLS:
                _, oldest = self._answers.popitem(last=False)
                self._cells -= oldest.count_cells() + self._drop_text(oldest.text)

    def _add_text(self, text: str) -> int:
        """Count one answer more to a statement; returns what its text adds, nothing if others have it."""
        self._texts[text] += 1
        return _count_text(text) if self._texts[text] == 1 else 0

    def _drop_text(self, text: str) -> int:
        self._texts[text] -= 1
        if self._texts[text]:
            return 0
        del self._texts[text]
        return _count_text(text)


def _count_text(text: str) -> int:
    return len(text) // _CHARACTERS_OF_CELL + 1


def _count_values(values: _Values) -> int:
    return sum(len(items) + 1 for _, _, items in values)


def _freeze(params: Mapping[str, object]) -> _Values | None:
    """Return the parameters as a key, with their types; None for long lists of values or of records."""
    values: list[tuple[str, type, tuple[tuple[type, Hashable], ...]]] = []
    size = 0
    for name, value in sorted(params.items()):
        items = value if isinstance(value, list | tuple) else (value,)
        size += len(items)
        if size > _MAX_PARAMETERS or any(isinstance(item, list | dict | set) for item in items):
            return None
        values.append((name, type(value), tuple((type(item), item) for item in items)))
    return tuple(values)
