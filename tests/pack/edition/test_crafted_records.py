"""An edition.json that somebody wrote: no file outside its folder is read, offered or sent."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.pack.edition.folders import Edition, EditionError, list_editions, read_edition

MOMENT = datetime(2026, 11, 20, 3)


def write_record(folder: Path, name: str) -> Path:
    """Write an edition whose record names one file."""
    target = folder / "2026-W47-ha-noi" / "r1"
    target.mkdir(parents=True)
    edition = Edition(
        "2026-W47", "ha-noi", "Hà Nội", "vi", 1, date(2026, 11, 20), date(2026, 11, 13), MOMENT, None, 1, False, {},
        MOMENT, "0" * 64, {name: "0" * 64}, (), target,
    )  # fmt: skip
    (target / "edition.json").write_text(json.dumps(edition.to_record()), encoding="utf-8")
    return target


@pytest.mark.parametrize("name", ["pages.pdf", "Trang 01.png", "pages/01.png", "figures.json"])
def test_a_file_of_the_edition_is_one_of_its_paths(tmp_path: Path, name: str) -> None:
    folder = write_record(tmp_path, name)
    assert read_edition(folder).paths[0] == folder / name


@pytest.mark.parametrize(
    "name", ["../../../oidc-secret", "/etc/passwd", "a/../../b", "..", "", ".", "C:\\x", "a\\..\\b", "./a", "a//b"]
)
def test_a_name_that_leads_elsewhere_makes_the_edition_unreadable(tmp_path: Path, name: str) -> None:
    folder = write_record(tmp_path, name)
    with pytest.raises(EditionError):
        read_edition(folder)
    assert list_editions(tmp_path) == []
