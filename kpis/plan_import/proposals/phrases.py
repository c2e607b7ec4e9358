"""Where a long text may be cut: at the border of a phrase, never in the middle of a comparison."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.folding import fold_text

COMPARED = (
    r"so với (?:mức|thời điểm|cùng kỳ)|so với|so(?= (?:năm|cùng))|cùng kỳ|cao hơn|thấp hơn|nhiều hơn|ít hơn|"
    r"bằng|gấp"
)
"""Words that wait for what they compare with."""

_WAITING = re.compile(
    rf"(?:[\s,:;.(/–-]|(?<!\w)(?:{COMPARED}|và|hoặc|của|từ|đến|tới|lên|xuống|còn|đạt|được|là|có|cho|với|tại|trong|trên|"
    r"theo|về|ít nhất|tối thiểu|không quá|tối đa|so|năm)(?!\w))*$"
)
_BORDER = re.compile(r"\s*[,;:]\s|\s+[–-]\s")


def cut_at_phrase(text: str, length: int) -> str:
    """Return a text of at most `length` characters: whole, else up to a border of phrases in its last third, else up
    to a word, without words at its end that wait for others."""
    if len(text) <= length:
        return text
    start = text[: length + 1]
    borders = [border.start() for border in _BORDER.finditer(start) if border.start() >= length * 2 // 3]
    cut = start[: borders[-1]] if borders else start.rsplit(" ", 1)[0][:length]
    waiting = _WAITING.search(fold_text(cut))
    return cut[: waiting.start()] if waiting and waiting.start() else cut
