"""The sample year in a database of its own, its figures and contents, and requests for a small edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kpis.language.clock import parse_moment
from kpis.pack.edition.sealing import EditionRequest
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.figures.weeks import parse_week
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Contents
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database

TODAY = date(2026, 11, 21)
NOW = parse_moment("2026-11-21 10:00")


@pytest.fixture(scope="session")
def pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pointer file of a database with the sample year."""
    path = tmp_path_factory.mktemp("pack") / "kpis.json"
    refresh(load_settings({}, database=str(path)), {}, NOW)
    return path


@pytest.fixture(scope="session")
def database(pointer: Path) -> Database:
    """The database's newest version."""
    newest = Database.open(pointer)
    assert newest is not None
    return newest


@pytest.fixture(scope="session")
def figures(database: Database, pointer: Path) -> EditionFigures:
    """The figures of every plan as of the sample's day."""
    return gather_figures(database, pointer, build_last_week_query(TODAY, None), NOW)


@pytest.fixture(scope="session")
def edition_contents(figures: EditionFigures) -> Contents:
    """The contents of all pages of these figures."""
    return build_contents(figures, NOW, None)


@pytest.fixture
def make_request() -> Callable[..., EditionRequest]:
    """Build a request for the ward's pack, which is the smallest, with some values replaced."""

    def build_request(
        week: str = "2026-W47", plan: str | None = "bac-kan", now: str = "2026-11-21 10:00"
    ) -> EditionRequest:
        return EditionRequest(parse_week(week), plan, "vi", parse_moment(now), TODAY)

    return build_request
