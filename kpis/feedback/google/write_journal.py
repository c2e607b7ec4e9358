"""What a sheet held before a write, kept in a file until the sheet has been looked at after it.

If the process ends in between, the next sync uses it to put back what the write may have replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, cast

from kpis.errors import KpisError
from kpis.feedback.google.sheet_contents import CellContent, Formula, TabContents
from kpis.feedback.google.sheet_look import FeedbackCell, SheetLook
from kpis.sources.google.column_tags import ColumnTag
from kpis.store.files import as_store_error, write_atomic
from kpis.store.shared_files import InstallationFiles

DAMAGED = (
    "The last write of feedback into this sheet was interrupted, and the note on what it may have replaced ({path}) "
    "is damaged. If text of ours (✓, !, ✗, ○) stands outside the column “Phản hồi”, restore those cells from the "
    "version history (File → Version history)."
)


class WriteJournal:
    """The journal of one source, beside the database or where machines share it; absent while nothing is written."""

    def __init__(self, files: InstallationFiles, source_id: str) -> None:
        digest = blake2b(source_id.encode(), digest_size=8).hexdigest()
        self._files, self._path = files, files.get_writing(digest)

    def exists(self) -> bool:
        """True if a write was interrupted."""
        return self._path.exists()

    def keep(self, look: SheetLook) -> None:
        """Write down what `look` found in the tabs that its texts go to; StoreError if that is not possible."""
        self._files.require()
        tabs = {cell.tab_id for cell in look.changes}
        content = {
            "changes": [(cell.kind, cell.tab_id, cell.tag_id, cell.row, text) for cell, text in look.changes.items()],
            "tabs": [_tab_to_json(look.contents[tab_id]) for tab_id in sorted(tabs & look.contents.keys())],
        }
        write_atomic(self._path, json.dumps(content, ensure_ascii=False).encode())

    def load(self) -> SheetLook | None:
        """Return the look before an interrupted write, None without one; KpisError if the file is damaged."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            changes = {FeedbackCell(*cell): text for *cell, text in content["changes"]}
            tabs = map(_tab_from_json, content["tabs"])
            return SheetLook(changes, {}, {tab.id: tab for tab in tabs}, "", ())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise KpisError(DAMAGED, path=self._path) from error

    def clear(self) -> None:
        """Remove the file: the sheet was looked at after the write."""
        with as_store_error(self._path):
            self._path.unlink(missing_ok=True)


def _tab_to_json(tab: TabContents) -> dict[str, Any]:
    rows = [(number, [_content_to_json(value) for value in row]) for number, row in tab.rows.items()]
    return {"id": tab.id, "title": tab.title, "rows": rows, "tags": [(tag.id, tag.column) for tag in tab.tags]}


def _tab_from_json(tab: Mapping[str, Any]) -> TabContents:
    rows = {number: _row_from_json(row) for number, row in tab["rows"]}
    return TabContents(tab["id"], tab["title"], rows, tuple(ColumnTag(*tag) for tag in tab["tags"]))


def _row_from_json(row: Sequence[Any]) -> tuple[CellContent, ...]:
    return tuple(Formula(value[0]) if isinstance(value, list) else cast(CellContent, value) for value in row)


def _content_to_json(value: CellContent) -> object:
    return [value.text] if isinstance(value, Formula) else value
