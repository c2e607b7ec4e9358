"""What an edition about one plan depends on, and what keeps sealing from filling the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kpis.access.errors import NotAllowedError
from kpis.errors import StoreError
from kpis.pack.edition import preview as preview_module
from kpis.pack.edition import sealing as sealing_module
from kpis.pack.edition.folders import Edition, list_editions
from kpis.pack.edition.preview import render_preview
from kpis.pack.edition.sealing import EditionRequest, SealResult, seal
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.meeting.parts import EditionParts
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from tests.pack.fixtures import NOW, TODAY

pytestmark = pytest.mark.slow

MakeEdition = Callable[..., SealResult]


def _write_text(_figures: EditionFigures, parts: EditionParts, folder: Path, _sealed_at: datetime) -> list[Path]:
    path = folder / "lines.txt"
    path.write_text(str(parts.annex.footer_lines), encoding="utf-8")
    return [path]


@pytest.fixture
def make_edition(
    database: Database,
    pointer: Path,
    make_request: Callable[..., EditionRequest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> MakeEdition:
    """Seal an edition of the ward under `tmp_path`, with one file instead of all."""
    monkeypatch.setattr(sealing_module, "list_writers", lambda: ({"lines": _write_text}, {}))
    return lambda **changes: seal(database, pointer, make_request(**changes), tmp_path)


def test_an_edition_is_not_sealed_where_the_right_is_gone_once_it_is_complete(
    make_edition: MakeEdition,
    database: Database,
    pointer: Path,
    make_request: Callable[..., EditionRequest],
    tmp_path: Path,
) -> None:
    def refuse(edition: Edition) -> None:
        assert edition.files, "asked when all is drawn"
        raise NotAllowedError("taken away")

    with pytest.raises(NotAllowedError):
        seal(database, pointer, make_request(), tmp_path, record_sealing=refuse)
    assert list_editions(tmp_path) == []
    assert make_edition().edition.revision >= 1


@pytest.mark.parametrize("plan", ["ha-noi", "bac-kan"])
def test_an_edition_of_one_plan_has_the_figures_that_the_plan_alone_gives(
    database: Database, pointer: Path, plan: str
) -> None:
    query = build_last_week_query(TODAY, plan)
    alone = database.for_scope(Scope(frozenset({plan})))
    ours = compute_fingerprint(gather_figures(database, pointer, query, NOW))
    assert ours == compute_fingerprint(gather_figures(alone, pointer, query, NOW)), "another plan counts for nothing"
    assert ours != compute_fingerprint(gather_figures(database, pointer, replace(query, shares_with_all=True), NOW))


def test_an_edition_of_the_first_format_is_compared_in_its_own_way(
    make_edition: MakeEdition, database: Database, pointer: Path
) -> None:
    record = make_edition().edition.folder / "edition.json"
    fields = json.loads(record.read_text(encoding="utf-8"))
    assert fields["format"] == 2
    query = replace(build_last_week_query(TODAY, "bac-kan"), shares_with_all=True)
    digest = compute_fingerprint(gather_figures(database, pointer, query, NOW))
    record.write_text(json.dumps({**fields, "format": 1, "figures_sha256": digest}), encoding="utf-8")
    assert make_edition(now="2026-11-21 18:00").outcome == "unchanged"
    record.write_text(json.dumps({**fields, "figures_sha256": digest}), encoding="utf-8")
    assert make_edition(now="2026-11-21 18:00").outcome == "amended"


def test_a_week_with_too_many_revisions_is_refused_and_keeps_them_all(
    make_edition: MakeEdition, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = make_edition().edition
    monkeypatch.setattr(sealing_module, "MAX_REVISIONS", 1)
    assert make_edition().outcome == "unchanged", "nothing is written for it"
    (first.folder / "lines.txt").write_text("other", encoding="utf-8")
    with pytest.raises(StoreError, match="revisions"):
        make_edition()
    assert [edition.revision for edition in list_editions(tmp_path)] == [1]
    assert {path.name for path in tmp_path.iterdir()} == {".editions.lock", "2026-W47-bac-kan"}


def test_nothing_is_begun_on_a_disk_without_room(
    make_edition: MakeEdition,
    database: Database,
    pointer: Path,
    make_request: Callable[..., EditionRequest],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for module in (sealing_module, preview_module):
        monkeypatch.setattr(module, "FREE_SPACE", 1 << 60)
    with pytest.raises(StoreError, match="MB"):
        make_edition()
    with pytest.raises(StoreError, match="MB"):
        render_preview(database, pointer, make_request(), tmp_path)
    assert list(tmp_path.iterdir()) == []
