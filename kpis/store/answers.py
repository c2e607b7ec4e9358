"""Answers of one version that are kept while it is open: its rows never change, so no statement is asked twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

MAX_CELLS = 300_000
"""Values kept in all, about 50 bytes each; what was not asked for longest goes first."""
MAX_CELLS_OF_ANSWER = 100_000
"""A larger answer is not kept."""
_MAX_PARAMETERS = 200
"""Values of a statement's parameters up to which it is recognised when it is asked again."""

Row = dict[str, object]


@dataclass(frozen=True)
class _Answer:
    names: tuple[str, ...]
    rows: list[tuple[object, ...]]

    def count_cells(self) -> int:
        return len(self.names) * (len(self.rows) + 1)

    def build_rows(self) -> list[Row]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class KeptAnswers:
    """The answers of one version, of all its scopes; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._cells = 0

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
        self._keep(key, _Answer(tuple(rows[0]) if rows else (), [tuple(row.values()) for row in rows]))
        return rows

    def _keep(self, key: Hashable, answer: _Answer) -> None:
        with self._lock:
            if key in self._answers:  # another thread asked the same
                return
            self._answers[key] = answer
            self._cells += answer.count_cells()
            while self._cells > MAX_CELLS:
                _, oldest = self._answers.popitem(last=False)
                self._cells -= oldest.count_cells()


def _freeze(params: Mapping[str, object]) -> Hashable | None:
    """Return the parameters as a key, with their types; None for long lists of values or of records."""
    values: list[Hashable] = []
    size = 0
    for name, value in sorted(params.items()):
        items = value if isinstance(value, list | tuple) else (value,)
        size += len(items)
        if size > _MAX_PARAMETERS or any(isinstance(item, list | dict | set) for item in items):
            return None
        values.append((name, type(value), tuple((type(item), item) for item in items)))
    return tuple(values)
