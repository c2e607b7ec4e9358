"""A new installation is led from a plan to its figures, and a plan that no source is for to its sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kpis import settings
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.ui.shared.first_steps import SetupState, find_setup_state, render_first_steps
from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AmendedInstallation
from tests.ui.handmade_rows import build_view
from tests.ui.plan_import_visit import Review, list_texts

SOURCE = '[[source]]\nid = "a"\nplan = "{plan}"\nworkbook = "a.xlsx"\n'


def build_environ(folder: Path) -> dict[str, str]:
    return {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "var" / "kpis.json")}


def test_an_accepted_plan_without_a_source_is_named_with_its_commands(tmp_path: Path) -> None:
    AmendedInstallation(tmp_path).accept_plan()
    (tmp_path / "sources.toml").write_text(SOURCE.format(plan="ha-noi"), encoding="utf-8")
    state = find_setup_state(build_environ(tmp_path), OPEN_VIEWER)
    assert (state.accepted, state.missing, state.sources, state.needs_steps) == ((PLAN,), (PLAN,), 1, True)
    markup = str(render_first_steps(state, build_view(), was_read=False))
    assert f"new-sheet --plan {PLAN}" in markup and str(tmp_path / "sources.toml") in markup
    assert "docs/chia-se-google-sheet.md" in markup and 'href="/plan-import"' in markup
    remote = str(render_first_steps(state, replace(build_view(), sees_folders=False), was_read=False))
    assert str(tmp_path) not in remote and "người quản trị" in remote
    (tmp_path / "sources.toml").write_text(SOURCE.format(plan=PLAN), encoding="utf-8")
    assert not find_setup_state(build_environ(tmp_path), OPEN_VIEWER).needs_steps


def test_a_broken_sources_file_is_explained_and_a_stranger_plan_is_not_named(tmp_path: Path) -> None:
    AmendedInstallation(tmp_path).accept_plan()
    (tmp_path / "sources.toml").write_text("[[source]]\n", encoding="utf-8")
    state = find_setup_state(build_environ(tmp_path), OPEN_VIEWER)
    assert state.fault is not None and state.missing == (PLAN,)
    assert "sources.toml" in str(render_first_steps(state, build_view(), was_read=False))
    focal = Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "focal", frozenset({"ha-noi"}))})))
    assert not find_setup_state(build_environ(tmp_path), focal).accepted


def test_without_any_configuration_the_first_plan_is_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "get_working_folder", lambda: tmp_path)
    state = find_setup_state({}, OPEN_VIEWER)
    assert state == SetupState(tmp_path / "sources.toml")
    assert "new-sheet --plan ha-noi" in str(render_first_steps(state, build_view(), was_read=False))


def test_the_import_page_says_what_comes_after_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AmendedInstallation(tmp_path).accept_plan()
    assert f"new-sheet --plan {PLAN}" in list_texts(Review(tmp_path, monkeypatch).visit())
