"""design.md §6 Sources file: what it may contain, and errors that name the place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.errors import SourceError, UsageError
from kpis.sheet.model import Source
from kpis.sources.config import load_sources
from kpis.sources.read_source import read_source

ONE_SOURCE = '[[source]]\nid = "a"\nplan = "p"\n'


def _write_file(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file_and_folders_differ_from_workbooks(tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    path = _write_file(
        tmp_path,
        ONE_SOURCE + 'workbook = "a.xlsx"\n[[source]]\nid = "b"\nplan = "q"\nworkbook = "csv"\n'
        '[[source]]\nid = "c"\nplan = "q"\ngoogle = "https://docs.google.com/spreadsheets/d/1"\n',
    )
    config = load_sources(path)
    assert config.sources == (
        Source("a", "p", "workbook", str(tmp_path / "a.xlsx")),
        Source("b", "q", "folder", str(tmp_path / "csv")),
        Source("c", "q", "google", "https://docs.google.com/spreadsheets/d/1"),
    )
    assert (config.sample, config.today, config.earlier_files) == (False, None, ())


def test_the_kind_of_a_missing_source_follows_from_its_name(tmp_path: Path) -> None:
    (tmp_path / "so").write_text("no workbook")
    names = ("gone", "gone/", "gone.xlsx", "so")
    tables = (
        f'[[source]]\nid = "{index}"\nplan = "{index}"\nworkbook = "{name}"\n' for index, name in enumerate(names)
    )
    path = _write_file(tmp_path, "".join(tables))
    kinds = [source.kind for source in load_sources(path).sources]
    assert kinds == ["folder", "folder", "workbook", "workbook"]


def test_a_sample_may_have_a_fixed_date_and_a_history(tmp_path: Path) -> None:
    path = _write_file(
        tmp_path,
        f'\ufeffsample = true\ntoday = 2026-11-21\nearlier = ["x/s.toml"]\n{ONE_SOURCE}workbook = "a.xlsx"\n',
    )
    config = load_sources(path)
    assert (config.sample, config.today, config.earlier_files) == (
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
        (f"{ONE_SOURCE}workbook = 3", "workbook is missing or not a text"),
        ("[[source]]\nplan = 'p'\nworkbook = 'a'", "id is missing"),
        ("[[source]]\nid = ' '\nplan = 'p'\nworkbook = 'a'", "id is missing"),
        ("[[source]]\nid = 'a'\nworkbook = 'a'", "plan is missing"),
        (
            f"{ONE_SOURCE}workbook = 'a'\n[[source]]\nid = 'b'\nplan = 'x'\nworkbook = 'a'",
            "“b” names the plan “x”",
        ),
        (f"smple = true\n{ONE_SOURCE}workbook = 'a'", "“smple” is not known"),
        (f"sample = 'yes'\n{ONE_SOURCE}workbook = 'a'", "sample is true or false"),
        (f"today = 2026-11-21\n{ONE_SOURCE}workbook = 'a'", "only for a sample"),
        (f"sample = true\ntoday = 2026-11-21T00:00:00\n{ONE_SOURCE}workbook = 'a'", "today is a date"),
        (f"sample = true\nearlier = 'x'\n{ONE_SOURCE}workbook = 'a'", "earlier is a list"),
    ],
)
def test_an_error_names_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_sources(_write_file(tmp_path, text), {"p"})


def test_a_file_that_cannot_be_read_is_rejected_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_sources(tmp_path / "sources.toml")
    with pytest.raises(UsageError, match="cannot be opened"):
        load_sources(tmp_path)
    (tmp_path / "s.toml").write_bytes("id = 'Tiến'".encode("utf-16"))
    with pytest.raises(UsageError, match="is not UTF-8"):
        load_sources(tmp_path / "s.toml")


def test_a_path_in_a_circle_is_the_fault_of_its_source_alone(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").symlink_to("a.xlsx")
    (tmp_path / "s.toml").write_text('[[source]]\nid = "a"\nplan = "p"\nworkbook = "a.xlsx"\n', encoding="utf-8")
    (source,) = load_sources(tmp_path / "s.toml").sources
    with pytest.raises(SourceError):
        read_source(source, datetime(2026, 11, 21))
