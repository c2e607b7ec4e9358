"""The language switch: the next run draws its navigation in the chosen language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kpis.ui.frame import page_frame
from kpis.ui.shared import page_view
from tests.ui.handmade_rows import build_view


class QueryParams(dict[str, str]):
    """The query of the address."""

    def from_dict(self, values: dict[str, str]) -> None:
        """Replace the query."""
        self.clear()
        self.update(values)


def test_the_navigation_follows_the_language_in_the_run_after_the_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = SimpleNamespace(session_state={}, query_params=QueryParams())
    monkeypatch.setattr(page_frame, "st", fake)
    monkeypatch.setattr(page_view, "st", fake)
    view = build_view()
    page_view.store_view(view)
    assert page_frame.get_language() == "vi"
    page_frame._update_query(view, lang="en")
    assert fake.query_params == {"lang": "en"}
    assert page_frame.get_language() == "en"
    page_frame._update_query(page_view.get_current_view(), lang="vi")
    assert page_frame.get_language() == "vi"
