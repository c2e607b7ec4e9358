"""The writers: a full disk is an error and leaves nothing behind."""

from __future__ import annotations

import gc
import resource
from pathlib import Path

import pytest

from kpis.pack.edition.writers import list_writers
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.parts import open_parts
from kpis.pack.pages.contents import Contents
from tests.pack.fixtures import NOW


@pytest.mark.parametrize("room", [2_000, 20_000, 60_000, 120_000])
@pytest.mark.parametrize("name", ["annex", "pages", "slides", "workbook"])
def test_a_full_disk_raises_oserror_and_leaves_no_work_folder(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path, room: int, name: str
) -> None:
    first, others = list_writers()
    write = {**first, **others}[name]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"), open_parts(figures, edition_contents, NOW, tmp_path) as parts:
            write(figures, parts, tmp_path, NOW)
        gc.collect()  # a file left open would be reported here, not in a later test
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
