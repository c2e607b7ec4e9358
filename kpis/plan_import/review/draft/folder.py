"""The folder of a draft in the installation's register: read and written whole, safe for two writers at once."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kpis.plan_import.model import Place
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewError, TextBlock
from kpis.store.files import as_store_error, fsync_folder, write_atomic
from kpis.store.lock import try_lock

PLAN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FORMAT = 3
DRAFT_FILE = "draft.json"
_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class DraftFolder:
    """The draft of one plan: `register/drafts/<plan>/draft.json` with its hash, and its document beside it."""

    def __init__(self, register: Path, plan: str) -> None:
        # A plan's id may come from a workbook that somebody sent; it must not lead to another folder.
        if not PLAN_ID.fullmatch(plan):
            raise ReviewError("“{text}” is not the id of a plan. Ids have small letters, like can-tho-2027.", text=plan)
        self.plan = plan
        self.path = register / "drafts" / plan

    @property
    def draft_path(self) -> Path:
        """The file of the draft."""
        return self.path / DRAFT_FILE

    def get_document_path(self, draft: Draft) -> Path:
        """Return the place of the document, as it was given."""
        return self.path / f"{draft.sha256[:16]}{Path(draft.file_name).suffix.lower()}"

    def read_document(self, draft: Draft) -> bytes:
        """Return the document's bytes. ReviewError if they are not those that the draft was made from."""
        path = self.get_document_path(draft)
        with as_store_error(path):
            content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != draft.sha256:
            raise ReviewError("{path} is missing or was changed. Put the document of the draft there again.", path=path)
        return content

    def find(self) -> Draft | None:
        """Return the draft, None if there is none. ReviewError if it cannot be read."""
        return self.read() if self.draft_path.exists() else None

    def read(self) -> Draft:
        """Return the draft. ReviewError if there is none, or its file is not as the product wrote it."""
        try:
            draft = decode_draft(self.draft_path.read_bytes())
        except FileNotFoundError:
            raise ReviewError(
                "There is no draft of the plan “{plan}” in {path}. Import its document first.",
                plan=self.plan, path=self.path,
            ) from None  # fmt: skip
        except (OSError, ValueError) as error:
            raise self._build_damaged_error() from error
        if draft.plan != self.plan:
            raise self._build_damaged_error()
        return draft

    def create(self, draft: Draft, document: bytes, replaces: str | None = None) -> None:
        """Write a new draft and its document. ReviewError if there is a draft already: it is never overwritten.

        `replaces`: the id of a draft that is over; a copy of it stays beside the new one.
        """
        with self._hold_lock():
            if (other := self.find()) is not None and other.id != replaces:
                raise self.build_exists_error(other)
            if other is not None:
                write_atomic(self._get_kept_path(other), encode_draft(other))
            write_atomic(self.get_document_path(draft), document)
            self._write(draft)

    def write(self, draft: Draft, basis: Draft) -> None:
        """Write the next revision of `basis`. ReviewError if somebody else has written one in the meantime."""
        with self.hold_unchanged(basis):
            self._write(draft)

    def set_aside(self, draft: Draft) -> Path:
        """Keep a draft under its own id, so that the plan has none; return that file. Hold it unchanged meanwhile."""
        path = self._get_kept_path(draft)
        write_atomic(path, encode_draft(draft))
        with as_store_error(self.draft_path):
            self.draft_path.unlink()
            fsync_folder(self.path)
        return path

    def has_set_aside(self, draft_id: str) -> bool:
        """True if a draft was set aside, and is not the plan's any more."""
        current = self.find()
        return (current is None or current.id != draft_id) and (self.path / f"{draft_id}.json").exists()

    @contextmanager
    def hold_unchanged(self, seen: Draft) -> Iterator[None]:
        """Let nobody else write the draft. ReviewError if somebody has since it was seen."""
        with self._hold_lock():
            current = self.read()
            if (current.id, current.revision) != (seen.id, seen.revision):
                raise ReviewError(
                    "The draft of “{plan}” was changed in the meantime (revision {revision}). Open it again and "
                    "decide once more.",
                    plan=self.plan, revision=current.revision,
                )  # fmt: skip
            yield

    def build_exists_error(self, draft: Draft) -> ReviewError:
        """Return the error for a document that is imported while there is a draft of the plan from another one."""
        return ReviewError(
            "There is already a draft of the plan “{plan}” (document {file}, revision {revision}). Accept its "
            "workbook, or give the new plan another id; to begin again, discard it first: on the page Import a plan, "
            "or with “plan discard {plan}”.",
            plan=self.plan, file=draft.file_name, revision=draft.revision,
        )  # fmt: skip

    def _get_kept_path(self, draft: Draft) -> Path:
        return self.path / f"{draft.id}.json"

    def _write(self, draft: Draft) -> None:
        write_atomic(self.draft_path, encode_draft(draft))

    @contextmanager
    def _hold_lock(self) -> Iterator[None]:
        """Wait until no other process writes the draft."""
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
            "{path} is damaged or of another version of the product. Restore it from a copy; or move its folder "
            "elsewhere and import the document again.",
            path=self.draft_path,
        )


def encode_draft(draft: Draft) -> bytes:
    """Return a draft with its hash as the content of a file."""
    content = asdict(draft)
    document = {"format": FORMAT, "sha256": _hash_draft(content), "draft": content}
    return json.dumps(document, ensure_ascii=False, indent=1).encode(errors="surrogatepass")  # json.loads reads it back


def decode_draft(data: bytes) -> Draft:
    """Return the draft of a file. ValueError if the product did not write it so."""
    try:
        content = json.loads(data)
        if content["format"] == FORMAT and content["sha256"] == _hash_draft(content["draft"]):
            return _build_draft(content["draft"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError from error
    raise ValueError


def _hash_draft(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _build_draft(content: dict[str, Any]) -> Draft:
    rows = tuple(_build_row(row) for row in content["rows"])
    text = tuple(TextBlock(**block) for block in content["text"])
    return Draft(**{**content, "rows": rows, "text": text, "known_agencies": tuple(content["known_agencies"])})


def _build_row(content: dict[str, Any]) -> DraftRow:
    place = content["place"]
    return DraftRow(**{**content, "place": None if place is None else Place(**place)})
