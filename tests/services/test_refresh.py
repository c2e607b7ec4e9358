"""Configured sources are read once; a sample has its own days and starts with its earlier readings."""

from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.services.refresh import choose_sync_time, refresh
from kpis.settings import Settings
from kpis.sources.config import SourcesFile
from kpis.store.database import Database
from tests.cli.conftest import VALID_ROWS, Project

NOW = datetime(2027, 8, 1, 5)


@pytest.fixture
def sample(tmp_path: Path) -> Settings:
    """A sample with two readings; the earlier one has one row less."""
    earlier = Project(tmp_path / "earlier")
    earlier.write_workbook(VALID_ROWS[:2])
    earlier.prepend_to_sources("sample = true\ntoday = 2026-11-13\n")
    last = Project(tmp_path)
    last.write_workbook(VALID_ROWS)
    last.prepend_to_sources('sample = true\ntoday = 2026-11-21\nearlier = ["earlier/sources.toml"]\n')
    return Settings("vi", last.sources, last.database, None, sample=True)


def test_a_sample_starts_with_its_earlier_reading_each_on_its_own_day(sample: Settings) -> None:
    calls: list[tuple[int, int, str]] = []
    result = refresh(sample, {}, NOW, progress=lambda done, total, name: calls.append((done, total, name)))
    assert [(source.read, source.recorded) for source in result.sources] == [(3, 1)]
    assert calls == [(0, 2, "dong-thap"), (1, 2, "dong-thap"), (2, 2, "")]
    database = Database.open(sample.pointer)
    assert database is not None
    recorded = database.fetch_rows("select distinct recorded_at from entries order by 1")
    database.close()
    assert [row["recorded_at"] for row in recorded] == [datetime(2026, 11, 13, 2), datetime(2026, 11, 21, 2)]


def test_a_sample_that_was_read_does_not_start_again(sample: Settings) -> None:
    refresh(sample, {}, NOW)
    result = refresh(sample, {}, NOW)
    assert ([source.outcome for source in result.sources], result.published) == (["unchanged"], False)


def test_an_explicit_time_takes_precedence_over_the_samples_own(sample: Settings) -> None:
    result = refresh(sample, {}, datetime(2026, 4, 15), explicit_now=True)
    assert [(source.accepted, source.rejected) for source in result.sources] == [(2, 1)]


def test_only_a_sample_has_its_own_day() -> None:
    assert choose_sync_time(SourcesFile(()), NOW) == NOW
    assert choose_sync_time(SourcesFile((), sample=True, today=date(2026, 11, 21)), NOW) == datetime(2026, 11, 21, 2)
