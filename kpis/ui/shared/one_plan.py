"""Which results are kept until a row of one plan differs, instead of until the next version.

Of a version that changed one province the pages of all others stay as they are. A function is marked here only if, for
a view of one plan, it reads no row of another plan, no journal and no file: a test asks each of them with the other
plans out of sight, and compares what is kept with what is fresh after every kind of change. All others, and every view
of several plans, are kept by the whole version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kpis.store.changes.rules import PROPERTIES
from kpis.store.database import Database
from kpis.ui.shared.page_view import PageView

F = TypeVar("F", bound=Callable[..., object])

_MARKED: set[object] = set()


def reads_one_plan(function: F) -> F:
    """Mark a function of (database, view, …) that reads the plan of its view alone, if that has one."""
    _MARKED.add(function)
    return function


def list_marked_functions() -> frozenset[object]:
    """Return every function that is marked."""
    return frozenset(_MARKED)


def build_version_key(database: Database, function: object, args: Sequence[object]) -> object:
    """Return what stands for the rows that a result depends on: those of one plan, else of the whole version."""
    view = args[0] if args else None
    if function not in _MARKED or not isinstance(view, PageView) or view.plan is None:
        return database.version
    plan = view.plan.plan
    if view.filters.plan != plan:
        return database.version
    return plan, database.find_last_change(plan), *(database.meta.get(name) for name in PROPERTIES)
