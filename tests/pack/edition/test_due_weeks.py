"""The weeks that `pack --due` seals: every ended week without an edition as of its Sunday."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kpis.pack.edition.due_weeks import list_due_weeks
from kpis.pack.figures.weeks import parse_week

TODAY = date(2026, 11, 21)  # a Saturday, in W47


def _write_edition(out: Path, week: str, as_of: date | None = None, revision: int = 1) -> None:
    folder = out / f"{week}-all" / f"r{revision}"
    folder.mkdir(parents=True)
    record = {
        "format": 1, "week": week, "scope": "all", "scope_name": "", "lang": "vi", "revision": revision,
        "as_of": (as_of or parse_week(week).sunday).isoformat(), "since": "2026-01-04",
        "known_then": "2026-01-04T00:00:00", "compared_with": None, "data_version": 1, "sample": True,
        "settings": {}, "sealed_at": "2026-11-21T03:00:00", "figures_sha256": "", "files": {}, "asked": [],
    }  # fmt: skip
    (folder / "edition.json").write_text(json.dumps(record), encoding="utf-8")


def _list_due(out: Path, today: date = TODAY) -> list[str]:
    return [str(week).removeprefix("2026-") for week in list_due_weeks(out, None, "vi", today)]


def test_without_any_edition_the_last_ended_week_is_due(tmp_path: Path) -> None:
    assert _list_due(tmp_path) == ["W46"]


def test_an_edition_of_the_running_week_does_not_count(tmp_path: Path) -> None:
    _write_edition(tmp_path, "2026-W47", TODAY)
    assert _list_due(tmp_path) == ["W46"]


def test_a_week_sealed_before_its_sunday_is_due_once_it_has_ended(tmp_path: Path) -> None:
    _write_edition(tmp_path, "2026-W46")
    _write_edition(tmp_path, "2026-W47", TODAY)
    assert _list_due(tmp_path) == []
    assert _list_due(tmp_path, date(2026, 11, 23)) == ["W47"]
    _write_edition(tmp_path, "2026-W47", revision=2)
    assert _list_due(tmp_path, date(2026, 11, 23)) == []
    assert _list_due(tmp_path, date(2026, 11, 30)) == ["W48"]


def test_every_gap_is_due_not_only_the_weeks_after_the_latest_edition(tmp_path: Path) -> None:
    _write_edition(tmp_path, "2026-W43")
    _write_edition(tmp_path, "2026-W45")
    assert _list_due(tmp_path) == ["W44", "W46"]


def test_a_week_sealed_only_before_its_sunday_is_a_gap_too(tmp_path: Path) -> None:
    _write_edition(tmp_path, "2026-W44", date(2026, 10, 29))
    assert _list_due(tmp_path) == ["W44", "W45", "W46"]


def test_after_a_long_pause_the_last_eight_weeks_are_due(tmp_path: Path) -> None:
    _write_edition(tmp_path, "2026-W20")
    assert _list_due(tmp_path) == [f"W{number}" for number in range(39, 47)]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', '{"format": 1, "week": 7}'])
def test_the_week_of_an_unreadable_edition_is_due_again(tmp_path: Path, text: str) -> None:
    _write_edition(tmp_path, "2026-W44")
    _write_edition(tmp_path, "2026-W45")
    (tmp_path / "2026-W45-all" / "r1" / "edition.json").write_text(text, encoding="utf-8")
    assert _list_due(tmp_path) == ["W45", "W46"]
