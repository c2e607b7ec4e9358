"""Reads how an officer settles a doubt: the columns Xác nhận and Sự kiện chung (design.md §5)."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from kpis.checks.row_identity import make_unread_key
from kpis.language.normalization import fold
from kpis.sheet.model import Cell

Confirmation = Literal["none", "confirmed", "unknown"]

YES_WORDS = ("x", "có", "đúng", "đã kiểm tra", "true")
"""What confirms a row in the column Xác nhận, in any case; the first one is in the drop-down."""
_ANSWER_WORDS = frozenset(
    {
        "co", "khong", "ko", "chua", "dung", "sai", "phai", "roi", "vang", "da", "ok", "yes", "no", "true", "false",
        "xac", "nhan", "ro", "biet", "chac", "la", "nhe", "chung", "rieng", "khac", "cung",
    }
)  # fmt: skip
"""Words, without diacritics, that only answer whether there is a shared event; such texts name none."""
_ANSWERS = frozenset({"x", "v", "n a", "da kiem tra", "su kien", "su kien chung", "su kien rieng"})

_CONFIRMING_KEYS = frozenset(map(fold, YES_WORDS))
_WORD = re.compile(r"\d+|[^\W\d_]+")


def read_confirmation(cell: Cell) -> Confirmation:
    """Return whether a cell of Xác nhận confirms its row; an unticked box is like an empty cell."""
    if cell.kind == "empty" or is_unticked(cell):
        return "none"
    return "confirmed" if fold(cell.text) in _CONFIRMING_KEYS else "unknown"


def is_unticked(cell: Cell) -> bool:
    """True for an unticked box. Google fills whole columns with it; a CSV file holds it as text ("False")."""
    return len(cell.text) == len("FALSE") and cell.kind in {"boolean", "text"} and cell.text.upper() == "FALSE"


def read_shared_event(cell: Cell) -> str | None:
    """Return the text of Sự kiện chung in a form to compare; None if it names no event.

    Case, diacritics, punctuation, spaces and leading zeros do not matter: two spellings of one name must not
    make two events of it. Words of yes and no, and signs alone, name no event.
    """
    if cell.kind in {"empty", "error", "boolean"}:
        return None
    words = [str(int(word)) if word.isdecimal() else _fold_word(word) for word in _WORD.findall(cell.text)]
    key = " ".join(words)
    return None if key in _ANSWERS or _ANSWER_WORDS.issuperset(key.split()) else key


def list_key_parts(confirmed: Cell, shared_event: Cell) -> list[str]:
    """Return what both columns add to a row's identity: a shared event and errors, mostly nothing."""
    if confirmed.kind == "empty" and shared_event.kind == "empty":
        return []
    event = read_shared_event(shared_event)
    errors = [make_unread_key(cell.text) for cell in (confirmed, shared_event) if cell.kind == "error"]
    return [*([] if event is None else [f"event {event}"]), *errors]


def _fold_word(word: str) -> str:
    plain = unicodedata.normalize("NFD", fold(word).replace("đ", "d"))
    return "".join(character for character in plain if not unicodedata.combining(character))
