"""A progress bar goes with its work: above an error there is none that says that the work goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.ui.frame import sample
from tests.paths import ROOT


def _open_sample() -> None:
    import os

    import streamlit as st

    from kpis.errors import KpisError
    from kpis.ui.frame import startup

    try:
        startup.open_version_or_sample(os.environ, "vi")
    except KpisError as error:
        st.text(str(error))


def test_nothing_says_that_the_sample_is_being_read_above_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_settings: Settings, _environ: object, report_fraction: Callable[[float], None]) -> None:
        report_fraction(0.5)
        raise StoreError("The database cannot be opened.")

    monkeypatch.setattr(sample, "read_sample_once", fail)
    monkeypatch.setenv("KPIS_DATABASE", str(tmp_path / "kpis.json"))
    monkeypatch.delenv("KPIS_SOURCES", raising=False)
    run = AppTest.from_function(_open_sample).run()
    assert [text.value for text in run.text] == ["The database cannot be opened."]
    assert not run.get("progress")


def test_every_bar_is_drawn_by_the_function_that_takes_it_away() -> None:
    scripts = [*(ROOT / "kpis").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    drawing = [path.name for path in scripts if re.search(r"\bst\.progress\(", path.read_text(encoding="utf-8"))]
    assert drawing == ["progress_bars.py"]
