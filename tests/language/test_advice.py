"""Advice never tells anybody to delete rows, columns, tabs or figures: what is gone is not counted any more."""

from __future__ import annotations

import re

from kpis.language.messages import load_catalogue

_DELETES = re.compile(
    r"\b(?:delete\b|empty (?:the tab|\{))|\b(?:hãy|hoặc|thì|đi) xóa\b|hãy bỏ (?:dòng|trang|cột)", re.I
)
_ABOUT_OTHER_THINGS = (
    "{path} was damaged and quarantined",  # a file of the database that cannot be read
    "a quotation mark is opened",
    "To withdraw a row",  # how an officer takes back a row of her own; its history stays
)


def test_no_advice_deletes_rows_columns_or_tabs() -> None:
    advice = {
        key: text
        for key, text in load_catalogue("vi").items()
        if (_DELETES.search(key) or _DELETES.search(text)) and not any(part in key for part in _ABOUT_OTHER_THINGS)
    }
    assert advice == {}


def test_the_check_finds_advice_that_deletes() -> None:
    for text in ("Delete what is not needed", "Hãy xóa phần không cần", "or empty {other_cell}", "thì xóa dòng đó"):
        assert _DELETES.search(text)
