"""Words of a proposal: what is measured, and how strongly the clause binds."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.passages import Passage
from kpis.plan_import.proposals.phrases import COMPARED, cut_at_phrase
from kpis.plan_import.proposals.readings import Reading
from kpis.register.model import Force

_TENTATIVE = re.compile(r"(?<!\w)(?:dự kiến|dự báo|ước)(?!\w)")
_CONDITIONAL = re.compile(r"nếu có|khi có (?:yêu cầu|điều kiện|nhu cầu)|nếu đủ điều kiện")
_ASPIRATIONAL = re.compile(r"(?<!\w)(?:phấn đấu|khuyến khích|hướng tới|hướng đến|cơ bản|tiến tới)(?!\w)")
_REPEATED = re.compile(r"hằng năm|mỗi năm|hằng quý|mỗi quý|hằng tháng")
# Words around a quantity's name that are not part of it: when, how much, how firmly.
_AROUND = (
    r"phấn đấu|bảo đảm|đến|tới|hết|vào|cuối|trong|trước|năm|giai đoạn|có|đạt|được|là|ít nhất|tối thiểu|trên|dưới|"
    r"khoảng|hơn|"
    r"không quá|tối đa|dự kiến|từ|lên|xuống|còn|thêm|chiếm|trong đó|đồng thời|và|ở mức|hằng năm|mỗi năm|mỗi quý|"
    r"chỉ tiêu"
)
_HEAD = re.compile(rf"(?:[\W\d_]|so với [^,;]{{1,40}},|(?:{_AROUND})(?!\w)|[a-zđ][.)]\s)*")
_TAIL = re.compile(rf"(?:[\s\d,:;.(/%-]|(?<!\w)(?:{COMPARED}|{_AROUND})(?!\w))*$")
_QUANTITY = re.compile(
    r"(?<!\w)(?:tỷ lệ|tổng|giá trị|số|diện tích|tốc độ|chỉ số|sản lượng|quy mô|tỷ trọng|thu nhập|tỷ suất|"
    r"tuổi thọ)(?!\w)"
)
_OUT_OF = re.compile(r"\s*/\s*[0-9]+(?=\s)")
MAX_NAME_LENGTH = 160
_DIGIT = re.compile(r"[0-9]")
_OPEN_BRACKET = re.compile(r"\s*\([^()]*$")


def describe(passage: Passage, reading: Reading) -> str | None:
    """Return the words that name what is measured: preceding a rate's number, behind a count's, as printed."""
    start, end = reading.tokens[0].start, reading.tokens[-1].end
    if out_of := _OUT_OF.match(passage.folded, end):
        end = out_of.end()
    preceding = _trim(passage, start - len(reading.left), start)
    following = _trim(passage, end, end + len(reading.right))
    is_named = preceding and (reading.is_rank or _QUANTITY.search(fold_text(preceding)))
    words = preceding if is_named or len(following.split()) < 2 else following
    if not words:  # "tăng từ 62 % lên 80 %": what is measured stands before the figure of the past
        begin = start - len(reading.whole_left)
        first = _DIGIT.search(passage.folded, begin, start)
        words = _trim(passage, begin, first.start()) if first else ""
    return cut_at_phrase(_OPEN_BRACKET.sub("", words), MAX_NAME_LENGTH).strip() or None


def _trim(passage: Passage, start: int, end: int) -> str:
    folded = passage.folded[start:end]
    head = _HEAD.match(folded)
    begin = head.end() if head else 0
    tail = _TAIL.search(folded, begin)
    return " ".join(passage.text[start + begin : start + (tail.start() if tail else len(folded))].split()).strip(" *–-")


def find_force(clause: str, passage: Passage) -> Force:
    """Return how strongly a clause binds; an intro's "phấn đấu" holds for its list, except for repeated work."""
    folded = fold_text(clause)
    if _CONDITIONAL.search(folded):
        return "conditional"
    if _TENTATIVE.search(folded):
        return "tentative"
    if _ASPIRATIONAL.search(folded):
        return "aspirational"
    if passage.intro and _ASPIRATIONAL.search(fold_text(passage.intro)) and not _REPEATED.search(folded):
        return "aspirational"
    return "binding"
