"""The folder of a draft in the installation's register: read and written whole, safe for two writers at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kpis.plan_import.model import Place
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewError, TextBlock
from kpis.store.files import as_store_error, write_atomic
from kpis.store.lock import try_lock

FORMAT = 1
_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class DraftFolder:
    """The draft of one plan: `register/drafts/<plan>/draft.json`, its document beside it; older drafts stay."""

    def __init__(self, register: Path, plan: str) -> None:
        self.plan = plan
        self.path = register / "drafts" / plan

    @property
    def draft_path(self) -> Path:
        """The file of the draft."""
        return self.path / "draft.json"

    def get_document_path(self, draft: Draft) -> Path:
        """Return the place of the document, as it was given."""
        return self.path / f"{draft.sha256[:16]}{Path(draft.file_name).suffix.lower()}"

    def read(self) -> Draft:
        """Return the draft. ReviewError if there is none or it cannot be read."""
        try:
            content = json.loads(self.draft_path.read_bytes())
            if content["format"] == FORMAT and content["draft"]["plan"] == self.plan:
                return _build_draft(content["draft"])
        except FileNotFoundError:
            raise ReviewError(
                "There is no draft of the plan “{plan}” in {path}. Import its document first.",
                plan=self.plan, path=self.path,
            ) from None  # fmt: skip
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise self._build_damaged_error() from error
        raise self._build_damaged_error()

    def create(self, draft: Draft, document: bytes) -> None:
        """Write a new draft and its document. A draft that is there already stays under its own id."""
        with self._hold_lock():
            if self.draft_path.exists():
                older = self.read().id
                write_atomic(self.path / f"draft-{older}.json", self.draft_path.read_bytes())
            write_atomic(self.get_document_path(draft), document)
            self._write(draft)

    def write(self, draft: Draft, basis: Draft) -> None:
        """Write the next revision of `basis`. ReviewError if somebody else has written one in the meantime."""
        with self._hold_lock():
            current = self.read()
            if (current.id, current.revision) != (basis.id, basis.revision):
                raise ReviewError(
                    "The draft of “{plan}” was changed in the meantime (revision {revision}). Open it again and "
                    "decide once more.",
                    plan=self.plan, revision=current.revision,
                )  # fmt: skip
            self._write(draft)

    def _write(self, draft: Draft) -> None:
        content = json.dumps({"format": FORMAT, "draft": asdict(draft)}, ensure_ascii=False, indent=1)
        write_atomic(self.draft_path, content.encode())

    @contextmanager
    def _hold_lock(self) -> Iterator[None]:
        """Wait until no other process writes the draft."""
        with as_store_error(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + _WAIT_SECONDS
        while True:
            with try_lock(self.path / "draft.lock") as is_acquired:
                if is_acquired:
                    yield
                    return
            if time.monotonic() > end:
                raise ReviewError("The draft of “{plan}” is in use. Try again in a moment.", plan=self.plan)
            time.sleep(_PAUSE_SECONDS)

    def _build_damaged_error(self) -> ReviewError:
        return ReviewError(
            "{path} is damaged or of another version of the product. Import the document again.", path=self.draft_path
        )


def _build_draft(content: dict[str, Any]) -> Draft:
    rows = tuple(_build_row(row) for row in content["rows"])
    text = tuple(TextBlock(**block) for block in content["text"])
    return Draft(**{**content, "rows": rows, "text": text})


def _build_row(content: dict[str, Any]) -> DraftRow:
    place = content["place"]
    return DraftRow(**{**content, "place": None if place is None else Place(**place)})
