"""The page Giao ban tuần: the name of a week, two editions compared."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.language.messages import Language
from kpis.pack.edition.folders import Edition, compute_digest
from kpis.pack.figures.weeks import parse_week
from kpis.ui.pack.comparison import render_comparison
from kpis.ui.pack.selection import format_week
from tests.ui.handmade_rows import build_view


@pytest.mark.parametrize(
    ("week", "lang", "expected"),
    [
        ("2026-W47", "vi", "2026-W47 · 16–22/11"),
        ("2026-W49", "vi", "2026-W49 · 30/11–06/12"),
        ("2026-W53", "vi", "2026-W53 · 28/12–03/01"),
        ("2026-W47", "en", "2026-W47 · 16 Nov–22 Nov"),
    ],
)
def test_the_name_of_a_week_is_short(week: str, lang: Language, expected: str) -> None:
    assert format_week(parse_week(week), lang) == expected


def _write_edition(folder: Path, week: str, state: str) -> Edition:
    folder.mkdir()
    path = folder / "figures.json"
    task = {"task": "ha-noi.III.1", "year": 2026, "state": state}
    target = {"target": "ha-noi.01", "plan": "ha-noi", "place": "Hà Nội", "period_start": "2026-01-01"}
    figures = {"measure": "count", "comparator": ">=", "floor": 50, "actual": 24, "status": "behind"}
    content = {"targets": [{**target, "title_vi": "Tin <bài>", **figures}], "tasks": [task]}
    path.write_text(json.dumps(content), encoding="utf-8")
    day, now = date(2026, 11, 22), datetime(2026, 11, 22)
    files = {"figures.json": compute_digest(path)}
    return Edition(week, "all", "", "vi", 1, day, day, now, None, 1, False, {}, now, "", files, (), folder)


def test_a_changed_task_is_shown_even_if_the_editions_have_only_its_id(tmp_path: Path) -> None:
    first = _write_edition(tmp_path / "a", "2026-W46", "done")
    second = _write_edition(tmp_path / "b", "2026-W47", "in_progress")
    markup = render_comparison(build_view(), first, second)
    assert "0/1 chỉ tiêu khác nhau." in markup
    assert "1/1 nhiệm vụ khác nhau." in markup
    assert "ha-noi.III.1" in markup
    assert "Hà Nội" in markup
    assert "Tin &lt;bài&gt;" not in markup


def test_lost_figures_are_reported_instead_of_the_comparison(tmp_path: Path) -> None:
    first = _write_edition(tmp_path / "a", "2026-W46", "done")
    second = _write_edition(tmp_path / "b", "2026-W47", "done")
    (second.folder / "figures.json").unlink()
    markup = render_comparison(build_view(), first, second)
    assert "Số liệu lưu kèm bản chốt 2026-W47 đã mất hoặc hỏng" in markup
    assert str(tmp_path) not in markup
    assert "<table" not in markup
