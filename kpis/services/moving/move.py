"""Moves a database between files and a lake: the old place serves until the new one has everything, and is kept.

Each step may be repeated: killed anywhere, the old place answers, and the same command does the rest.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kpis.access.copying import copy_access
from kpis.access.enforcement import AccessPaths, open_access_store
from kpis.access.rights_file import RIGHTS_FILE
from kpis.errors import StoreError
from kpis.requests.ledger import hold_ledger
from kpis.services.moving.companions import copy_companions
from kpis.store.move_marks import MoveMark, require_publishing
from kpis.store.moving import Place, TableFigures, transfer
from kpis.store.versions import find_current_version


@dataclass(frozen=True)
class Moved:
    """What was moved: the number of the version at the new place, and the figures of its tables."""

    number: int
    figures: TableFigures | None
    """None where a move was finished whose tables had been moved before."""


def move_database(source: Place, target: Place, now: datetime) -> Moved:
    """Move everything from `source` to `target`; `now` is naive UTC.

    StoreError if one of them is in use or may not take part; then, or when the disk fails, the old place is used on.
    """
    with source.hold(), target.hold():
        mark, figures = _find_move_to_finish(source, target), None
        if mark is None:
            mark, figures = _move_tables(source, target, now)
        source.bring_home()  # what other machines have added since, now that nobody may any more
        copy_companions(source.files, target.files)
        target.take_shared_state(source.paths)
        _copy_access(source, target)
        target.write_mark(replace(mark, state="arrived", other=source.describe()))
    return Moved(find_current_version(target.paths.pointer) or 0, figures)


def _copy_access(source: Place, target: Place) -> None:
    """Take over who is signed in, invited and bound, where rights are enforced."""
    first, second = (
        AccessPaths(Path(RIGHTS_FILE), place.paths.pointer, place.lake, place.files.shared)
        for place in (source, target)
    )
    if first.record.exists():
        copy_access(open_access_store(first), open_access_store(second))


def _find_move_to_finish(source: Place, target: Place) -> MoveMark | None:
    """Return the mark of a move of these two that was killed after all tables had been moved."""
    left, arrived = source.read_mark(), target.read_mark()
    is_same = left is not None and arrived is not None and left.move == arrived.move
    return left if is_same and left is not None and left.state == "moved" else None


def _move_tables(source: Place, target: Place, now: datetime) -> tuple[MoveMark, TableFigures]:
    require_publishing(source.describe(), source.read_mark())
    _require_target(source, target)
    mark = MoveMark("moved", uuid.uuid4().hex, target.describe(), now)
    target.write_mark(replace(mark, state="arriving", other=source.describe()))
    source.bring_home()
    _, figures = transfer(source, target)
    copy_companions(source.files, target.files)
    with hold_ledger(source.paths.pointer):  # nobody is half-way through writing into it
        source.write_mark(mark)
    return mark, figures


def _require_target(source: Place, target: Place) -> None:
    """Raise StoreError unless the target is empty, is what `source` was moved from, or was being filled from it."""
    mark, origin = target.read_mark(), source.read_mark()
    if mark is None:
        is_free = target.find_highest_number() == 0 and not target.paths.pointer.exists()
    elif mark.state == "moved":
        is_free = origin is not None and origin.move == mark.move
    else:
        is_free = mark.state == "arriving" and mark.other == source.describe()
    if not is_free:
        text = (
            "{target} already holds figures that did not come from {source}. Choose an empty place; nothing was "
            "changed."
        )
        raise StoreError(text, target=target.describe(), source=source.describe())
