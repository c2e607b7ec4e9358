"""design.md §6 Sources file: what it may say, and a named place for what it may not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpis.errors import UsageError
from kpis.sheet.model import Source
from kpis.sources.config import load_sources

ONE_SOURCE = '[[source]]\nid = "a"\nplan = "p"\n'


def _write_file(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file_and_a_folder_is_told_from_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    path = _write_file(
        tmp_path,
        ONE_SOURCE + 'workbook = "a.xlsx"\n[[source]]\nid = "b"\nplan = "q"\nworkbook = "csv"\n'
        '[[source]]\nid = "c"\nplan = "q"\ngoogle = "https://docs.google.com/spreadsheets/d/1"\n',
    )
    found = load_sources(path)
    assert found.sources == (
        Source("a", "p", "workbook", str(tmp_path / "a.xlsx")),
        Source("b", "q", "folder", str(tmp_path / "csv")),
        Source("c", "q", "google", "https://docs.google.com/spreadsheets/d/1"),
    )
    assert (found.sample, found.today, found.earlier_files) == (False, None, ())


def test_what_is_gone_is_called_what_it_was(tmp_path: Path) -> None:
    (tmp_path / "so").write_text("no workbook")
    named = ("gone", "gone/", "gone.xlsx", "so")
    tables = (
        f'[[source]]\nid = "{at}"\nplan = "{at}"\nworkbook = "{name}"\n' for at, name in enumerate(named)
    )
    path = _write_file(tmp_path, "".join(tables))
    kinds = [source.kind for source in load_sources(path).sources]
    assert kinds == ["folder", "folder", "workbook", "workbook"]


def test_a_sample_has_a_day_and_a_history(tmp_path: Path) -> None:
    path = _write_file(
        tmp_path,
        f'\ufeffsample = true\ntoday = 2026-11-21\nearlier = ["x/s.toml"]\n{ONE_SOURCE}workbook = "a.xlsx"\n',
    )
    found = load_sources(path)
    assert (found.sample, found.today, found.earlier_files) == (
        True,
        date(2026, 11, 21),
        (tmp_path / "x/s.toml",),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no source"),
        ("source = 1", "names no source"),
        ("[source]\nid = 'a'", "names no source"),
        ("[[source]\n", "is not TOML"),
        (
            f"{ONE_SOURCE}workbook = 'a'\n[[source]]\nid = 'a'\nplan = 'p'\nworkbook = 'b'",
            "two sources have the id “a”",
        ),
        (f"{ONE_SOURCE}", r"\[\[source\]\] 1: give either workbook or google"),
        (f"{ONE_SOURCE}workbook = 'a'\ngoogle = 'b'", "give either"),
        (f"{ONE_SOURCE}workbok = 'a'", "“workbok” is not known"),
        (f"{ONE_SOURCE}workbook = 3", "workbook is missing or is not a text"),
        ("[[source]]\nplan = 'p'\nworkbook = 'a'", "id is missing"),
        ("[[source]]\nid = ' '\nplan = 'p'\nworkbook = 'a'", "id is missing"),
        ("[[source]]\nid = 'a'\nworkbook = 'a'", "plan is missing"),
        (
            f"{ONE_SOURCE}workbook = 'a'\n[[source]]\nid = 'b'\nplan = 'x'\nworkbook = 'a'",
            "“b” names the plan “x”",
        ),
        (f"smple = true\n{ONE_SOURCE}workbook = 'a'", "“smple” is not known"),
        (f"sample = 'yes'\n{ONE_SOURCE}workbook = 'a'", "sample is true or false"),
        (f"today = 2026-11-21\n{ONE_SOURCE}workbook = 'a'", "for a sample alone"),
        (f"sample = true\ntoday = 2026-11-21T00:00:00\n{ONE_SOURCE}workbook = 'a'", "today is a day"),
        (f"sample = true\nearlier = 'x'\n{ONE_SOURCE}workbook = 'a'", "earlier is a list"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_sources(_write_file(tmp_path, text), {"p"})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        load_sources(tmp_path / "sources.toml")
    with pytest.raises(UsageError, match="cannot be opened"):
        load_sources(tmp_path)
    (tmp_path / "s.toml").write_bytes("id = 'Tiến'".encode("utf-16"))
    with pytest.raises(UsageError, match="is not UTF-8"):
        load_sources(tmp_path / "s.toml")
