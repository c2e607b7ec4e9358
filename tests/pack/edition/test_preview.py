"""A preview: the pages as they would be sealed, each marked as a preview, and nothing is sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from kpis.errors import UsageError
from kpis.pack.edition import preview as previews
from kpis.pack.edition.preview import render_preview
from kpis.pack.edition.sealing import EditionRequest
from kpis.pack.pages.contents import Contents
from kpis.store.archives import bundle_files
from kpis.store.database import Database


def test_a_preview_returns_page_images_and_leaves_no_files(
    database: Database, pointer: Path, make_request: Callable[..., EditionRequest], tmp_path: Path
) -> None:
    steps: list[tuple[int, int, str]] = []
    pages = render_preview(database, pointer, make_request(), tmp_path, lambda *step: steps.append(step))
    assert len(pages) >= 3
    assert all(page.startswith(b"\x89PNG") for page in pages)
    assert steps == [(0, 2, "figures"), (1, 2, "pages"), (2, 2, "")]
    assert list(tmp_path.iterdir()) == []


def test_every_page_of_a_preview_is_marked_as_a_preview(
    database: Database,
    pointer: Path,
    make_request: Callable[..., EditionRequest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples: list[str] = []

    def write(contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
        samples.append(contents.sample)
        return []

    monkeypatch.setattr(previews, "write_pages", write)
    render_preview(database, pointer, make_request(), tmp_path)
    assert samples == ["Xem trước – chưa chốt · Số liệu minh họa"]


def test_a_week_that_has_not_begun_has_no_preview(
    database: Database, pointer: Path, make_request: Callable[..., EditionRequest], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="W50"):
        render_preview(database, pointer, make_request(week="2026-W50"), tmp_path)


def test_equal_files_are_bundled_by_name_into_equal_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "b.png", tmp_path / "a.json"]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    archive = bundle_files(paths)
    assert archive == bundle_files(paths)
    with ZipFile(BytesIO(archive)) as bundle:
        assert {name: bundle.read(name).decode() for name in bundle.namelist()} == {
            "b.png": "b.png",
            "a.json": "a.json",
        }
