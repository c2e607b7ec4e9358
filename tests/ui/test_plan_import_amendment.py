"""An amendment that is decided on the page becomes the next version of its plan."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import ReviewError
from kpis.ui.plan_import.accepting import accept_draft
from tests.cli.command_runner import NOW
from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AmendedInstallation, write_amendment


def test_an_amendment_decided_on_the_page_is_accepted_as_the_next_version(tmp_path: Path) -> None:
    installation = AmendedInstallation(tmp_path / "tỉnh")
    installation.accept_plan()
    clause = "Thay thế cụm từ “90%” bằng cụm từ “95%” tại khoản 1 mục I."
    assert installation.import_amendment(write_amendment(clause)).code == 0
    draft = installation.read_draft()
    needed = [row for row in draft.rows if row.needs_decision]
    assert {row.role for row in needed} == {"proposal", "clause"}
    environ = {"KPIS_SOURCES": str(installation.sources), "KPIS_DATABASE": str(tmp_path / "var" / "kpis.json")}
    outcome = accept_draft(draft, "Lan", environ, NOW, may_lack_targets=False)
    assert {fault.row.id for fault in outcome.faults} >= {row.id for row in needed}
    decided = draft.with_rows({row.id: row.with_decision("accept", {}) for row in needed})
    DraftFolder(installation.register, PLAN).write(decided, draft)
    outcome = accept_draft(decided, "Lan", environ, NOW, may_lack_targets=False)
    assert (list(outcome.faults), outcome.targets) == ([], 3)
    content = tomllib.loads((installation.amended_version / "version.toml").read_text(encoding="utf-8"))
    assert (content["version"]["reviewer"], content["version"]["number"]) == ("Lan", 2)
    assert installation.list_targets()[f"{PLAN}.02"]["floor"] == 0.95
    with pytest.raises(ReviewError, match="accepted already"):
        accept_draft(decided, "Lan", environ, NOW, may_lack_targets=False)
