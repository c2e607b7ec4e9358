"""Which headings open goals, the general objective, or a report of what has been."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.folding import fold_text

_GOALS = re.compile(r"(?<!\w)(?:mục tiêu|chỉ tiêu|các mục tiêu)(?!\w)")
_GENERAL = re.compile(r"(?:mục tiêu|chỉ tiêu)\s*(?:chung|tổng quát)")
_NOT_GOALS = re.compile(r"mục tiêu quốc gia|nguồn lực|kinh phí|tổ chức thực hiện|giải pháp")
_STATE_HEADING = re.compile(
    r"\W*(?:(?:phần (?:thứ )?\w+|[ivxl]+|[a-h]|\d{1,2}(?:\.\d{1,2})*)\s?[-.):/]*\s*)?(?:về |khái quát |đánh giá |"
    r"một số )?"
    r"(?:kết quả (?:thực hiện|đạt được|công tác|nổi bật|giai đoạn|năm)|những kết quả|thực trạng|tình hình(?! mới)|"
    r"sự cần thiết|hiện trạng|đặc điểm|bối cảnh|khái quát|thuận lợi|khó khăn|tồn tại|hạn chế|"
    r"kết quả$|đánh giá (?:chung|kết quả|tình hình|thực trạng))"
)
_GOALS_NAMED = re.compile(r"(?<!\w)(?:mục tiêu|chỉ tiêu|nhiệm vụ|kế hoạch năm|giải pháp)(?!\w)")
_LONGEST_HEADING = 160


def is_goals_heading(text: str) -> bool:
    """Tell whether a heading opens goals or indicators, not a national target programme or the ways to them."""
    folded = fold_text(text)
    return len(text) <= _LONGEST_HEADING and bool(_GOALS.search(folded)) and not _NOT_GOALS.search(folded)


def is_general_heading(text: str) -> bool:
    """Tell whether a heading opens the general objective."""
    return bool(_GENERAL.search(fold_text(text)))


def is_state_heading(text: str) -> bool:
    """Tell whether a heading opens what has been: results, the state, the reasons for a plan."""
    return bool(_STATE_HEADING.match(fold_text(text)) and not _GOALS_NAMED.search(fold_text(text)))
