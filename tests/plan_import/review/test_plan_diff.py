"""`plan diff`: what a later version of a plan adds, drops and changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.register.entry_changes import EntryChange, FieldChange
from kpis.register.version_differences import compare_tables
from tests.plan_import.review.accepted_plan import PLAN, Installation


def test_entries_are_compared_by_id_and_field_without_their_lines() -> None:
    old = {"target": {"x.01": {"id": "x.01", "title_vi": "A", "floor": 4, "line": 3},
                      "x.02": {"id": "x.02", "title_vi": "B", "floor": 1}}}  # fmt: skip
    new = {"target": {"x.01": {"id": "x.01", "title_vi": "A", "floor": 6, "line": 9, "each": 2},
                      "x.03": {"id": "x.03", "title_vi": "C", "floor": 1}}}  # fmt: skip
    assert compare_tables(old, new) == [  # type: ignore[arg-type]
        EntryChange("target", "x.01", "A", "changed", (FieldChange("floor", 4, 6), FieldChange("each", None, 2))),
        EntryChange("target", "x.03", "C", "added"),
        EntryChange("target", "x.02", "B", "dropped"),
    ]


def test_a_plan_with_a_single_version_has_nothing_to_compare(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.import_text()
    installation.decide()
    assert installation.accept().code == 0
    for arguments in ((PLAN,), ("dong-thap",), ("không-có",)):
        run = installation.run("plan", "diff", *arguments)
        assert run.code == 2
        assert "there is nothing to compare" in run.err


@pytest.mark.parametrize("arguments", [("1",), ("1", "7")])
def test_versions_that_do_not_exist_are_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    installation = Installation(tmp_path)
    for number in ("1", "2"):
        (installation.register / "plans" / PLAN / number).mkdir(parents=True)
    run = installation.run("plan", "diff", PLAN, *arguments)
    assert run.code == 2
    assert "Traceback" not in run.err
