"""A draft that is no longer wanted is set aside: plans stay, the document can be imported again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.plan_import.review.draft.folder import DraftFolder, decode_draft
from kpis.plan_import.review.draft.model import ReviewError
from kpis.plan_import.review.versions.discarding import discard_draft
from kpis.settings import load_settings
from kpis.store import journal
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from tests.cli.command_runner import NOW
from tests.plan_import.review.accepted_plan import PLAN, Installation
from tests.plan_import.review.amended_plan import AmendedInstallation
from tests.plan_import.review.small_draft import TEXT


@pytest.fixture
def new(tmp_path: Path) -> Installation:
    installation = Installation(tmp_path / "tỉnh")
    installation.import_text()
    return installation


def test_a_discarded_draft_makes_room_and_its_copy_stays(new: Installation) -> None:
    draft = new.read_draft()
    run = new.run("plan", "discard", PLAN)
    assert (run.code, "ke-hoach.txt" in run.out) == (0, True), run.err
    copy = new.register / "drafts" / PLAN / f"{draft.id}.json"
    assert str(copy) in run.out
    assert decode_draft(copy.read_bytes()) == draft
    assert PLAN not in new.run("plan", "list").out
    note = list(journal.read(DatabasePaths(new.folder / "var" / "kpis.json").journal))[-1]
    assert (note["action"], note["plan"], note["draft"]) == ("discard_draft", PLAN, draft.id)
    new.book.unlink()
    new.import_text(TEXT.replace("90%", "80%"))
    assert new.read_draft().id != draft.id


def test_the_workbook_of_a_discarded_draft_is_not_accepted(new: Installation) -> None:
    new.decide()
    new.run("plan", "discard", PLAN)
    run = new.accept()
    assert (run.code, new.version.exists()) == (1, False)
    assert "There is no draft" in run.err


def test_a_plan_without_a_draft_or_with_an_accepted_one_has_nothing_to_discard(
    installation: AmendedInstallation,
) -> None:
    for plan in (PLAN, "dong-thap", "nowhere"):
        run = installation.run("plan", "discard", plan)
        assert run.code == 1
        assert f"There is no draft of the plan “{plan}” under review." in run.err
    assert installation.run("plan", "discard", "../x").code == 1
    assert installation.read_draft().plan == PLAN, "what an accepted version was made from stays"


def test_a_discarded_amendment_leaves_the_plan_as_it_is(amended: AmendedInstallation) -> None:
    targets = amended.list_targets()
    assert amended.run("plan", "discard", PLAN).code == 0
    assert amended.list_targets() == targets
    assert "under review" not in amended.run("plan", "list").out
    assert amended.accept_amendment().code == 1


def test_what_was_decided_since_or_a_running_sync_keeps_the_draft(new: Installation) -> None:
    environ = {"KPIS_SOURCES": str(new.sources), "KPIS_DATABASE": str(new.folder / "var" / "kpis.json")}
    settings = load_settings(environ, read_only=True)
    folder, seen = DraftFolder(new.register, PLAN), new.read_draft()
    (new.folder / "var").mkdir(exist_ok=True)
    with try_lock(DatabasePaths(settings.pointer).lock):
        assert "sync is under way" in new.run("plan", "discard", PLAN).err
    later = seen.with_rows({"CT001": seen.get_row("CT001").with_decision("drop", {})})
    folder.write(later, seen)
    with pytest.raises(ReviewError, match="changed in the meantime"):
        discard_draft(new.register, seen, settings, "lan@x.vn", NOW)
    assert folder.read() == later
