"""Spellings of one Vietnamese word brought to one form, so that rules are written once.

The result has the length of the text: positions found in it hold in the text as well.
"""

from __future__ import annotations

import re

_OLD_TONES = str.maketrans("áàảãạéèẻẽẹýỳỷỹỵ", "aaaaaeeeeeyyyyy")
_FINAL_PAIR = re.compile(r"o[áàảãạéèẻẽẹ](?!\w)|(?<!q)u[ýỳỷỹỵ](?!\w)")
_MARKED = {
    "o": dict(zip("áàảãạéèẻẽẹ", "óòỏõọóòỏõọ", strict=True)),
    "u": dict(zip("ýỳỷỹỵ", "úùủũụ", strict=True)),
}
_WORDS = re.compile(r"(?<!\w)(tỉ|hàng|qui|đảm bảo)(?!\w)(?=(\s+(?:năm|quý|tháng|tuần|ngày|kỳ)(?!\w))?)")
_SAME = {"tỉ": "tỷ", "qui": "quy", "đảm bảo": "bảo đảm"}
_SPACES = re.compile(r"[\s\u00a0]")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "÷": "-", "’": "'", "*": " "})


def fold_text(text: str) -> str:
    """Return the text in lower case with one spelling for each word ("hoá" → "hóa", "tỉ lệ" → "tỷ lệ").

    Dashes and white space become "-" and a blank. A text whose lower case has another length
    (no Vietnamese one has) is only lowered where the length stays.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    lowered = _SPACES.sub(" ", lowered).translate(_DASHES)
    return _WORDS.sub(_replace_word, _FINAL_PAIR.sub(_move_tone, lowered))


def _move_tone(pair: re.Match[str]) -> str:
    first, second = pair.group()[0], pair.group()[1]
    return _MARKED[first][second] + second.translate(_OLD_TONES)


def _replace_word(word: re.Match[str]) -> str:
    if word[1] == "hàng":
        return "hằng" if word[2] else "hàng"
    return _SAME[word[1]]
