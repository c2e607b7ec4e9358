"""The writers: a full disk is an error and leaves nothing behind."""

from __future__ import annotations

import gc
import resource
from pathlib import Path

import pytest

from kpis.pack.edition.writers import Writer
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.contents import Contents
from kpis.pack.pdf.typesetting import write_pages
from kpis.pack.pptx.slides import write_slides
from kpis.pack.xlsx.workbook import write_workbook
from tests.pack.fixtures import NOW


@pytest.mark.parametrize("room", [2_000, 20_000, 60_000, 120_000])
@pytest.mark.parametrize("write", [write_workbook, write_slides, write_pages])
def test_a_full_disk_raises_oserror_and_leaves_no_work_folder(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path, room: int, write: Writer
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write(figures, edition_contents, tmp_path, NOW)
        gc.collect()  # a file left open would be reported here, not in a later test
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
