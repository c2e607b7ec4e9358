"""The page Giao ban tuần: how a week is named."""

import pytest

from kpis.language.messages import Language
from kpis.pack.weeks import parse_week
from kpis.ui.pack.choose import week_label


@pytest.mark.parametrize(
    ("week", "lang", "said"),
    [
        ("2026-W47", "vi", "2026-W47 · 16–22/11"),
        ("2026-W49", "vi", "2026-W49 · 30/11–06/12"),
        ("2026-W53", "vi", "2026-W53 · 28/12–03/01"),
        ("2026-W47", "en", "2026-W47 · 16 Nov–22 Nov"),
    ],
)
def test_a_week_is_named_shortly(week: str, lang: Language, said: str) -> None:
    assert week_label(parse_week(week), lang) == said
