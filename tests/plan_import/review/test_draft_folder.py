"""A draft on disk: whole or a named error, one writer at a time, never overwritten by another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.store.lock import try_lock
from tests.plan_import.review.small_draft import build_small_draft

DOCUMENT = "Kế hoạch".encode()


@pytest.fixture
def draft() -> Draft:
    return replace(build_small_draft(), sha256=hashlib.sha256(DOCUMENT).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> DraftFolder:
    return DraftFolder(tmp_path / "register", "can-tho")


def test_a_draft_and_its_document_are_read_as_they_were_written(folder: DraftFolder, draft: Draft) -> None:
    assert folder.find() is None
    folder.create(draft, DOCUMENT)
    assert (folder.read(), folder.find()) == (draft, draft)
    assert folder.read_document(draft) == DOCUMENT


def test_two_who_decide_at_once_do_not_overwrite_each_other(folder: DraftFolder, draft: Draft) -> None:
    folder.create(draft, DOCUMENT)
    first, second = folder.read(), folder.read()
    folder.write(first.with_rows({"CT001": first.get_row("CT001").with_decision("drop", {})}), first)
    with pytest.raises(ReviewError, match="changed in the meantime"):
        folder.write(second.with_rows({"CT002": second.get_row("CT002").with_decision("drop", {})}), second)
    assert folder.read().get_row("CT001").decision == "drop"


def test_a_draft_is_never_overwritten_by_another_import(folder: DraftFolder, draft: Draft) -> None:
    folder.create(draft, DOCUMENT)
    with pytest.raises(ReviewError, match="There is already a draft of the plan “can-tho”"):
        folder.create(build_small_draft(), b"other")
    assert folder.read() == draft
    assert folder.read_document(draft) == DOCUMENT


def test_a_writer_waits_for_another_one_and_then_gives_up(
    folder: DraftFolder, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.create(draft, DOCUMENT)
    monkeypatch.setattr("kpis.plan_import.review.draft.folder._WAIT_SECONDS", 0.1)
    with try_lock(folder.path / "draft.lock") as is_acquired:
        assert is_acquired
        with pytest.raises(ReviewError, match="in use"):
            folder.write(draft, draft)


def test_a_missing_draft_is_a_sentence_with_the_next_step(folder: DraftFolder) -> None:
    with pytest.raises(ReviewError, match="Import its document first"):
        folder.read()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 1}',
        '{"format": 2, "sha256": "", "draft": {}}',
        '{"format": 1, "sha256": "", "draft": {"plan": "can-tho"}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_draft_is_refused(folder: DraftFolder, content: str) -> None:
    folder.path.mkdir(parents=True)
    folder.draft_path.write_text(content, encoding="utf-8")
    with pytest.raises(ReviewError, match="damaged"):
        folder.read()


def test_a_draft_with_a_value_changed_by_hand_is_refused(folder: DraftFolder, draft: Draft) -> None:
    folder.create(draft, DOCUMENT)
    content = json.loads(folder.draft_path.read_bytes())
    content["draft"]["rows"][-1]["decision"] = "drop"
    folder.draft_path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReviewError, match="damaged"):
        folder.read()


def test_a_document_that_was_changed_or_lost_is_refused(folder: DraftFolder, draft: Draft) -> None:
    folder.create(draft, DOCUMENT)
    folder.get_document_path(draft).write_bytes(b"other")
    with pytest.raises(ReviewError, match="missing or was changed"):
        folder.read_document(draft)
    folder.get_document_path(draft).unlink()
    with pytest.raises(ReviewError, match="missing or was changed"):
        folder.read_document(draft)


@pytest.mark.parametrize("plan", ["../can-tho", "a/b", "", "Cần Thơ", "..", "can-tho\n"])
def test_an_id_from_a_workbook_leads_to_no_other_folder(tmp_path: Path, plan: str) -> None:
    with pytest.raises(ReviewError, match="not the id of a plan"):
        DraftFolder(tmp_path, plan)


def test_half_a_character_in_a_document_does_not_keep_a_draft_from_being_stored(
    folder: DraftFolder, draft: Draft
) -> None:
    odd = replace(draft, rows=(replace(draft.rows[0], quote="a\ud800b"), *draft.rows[1:]))
    folder.create(odd, DOCUMENT)
    assert folder.read() == odd
