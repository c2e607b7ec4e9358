"""The four statuses of a task report and the words people type for them (design.md §4 Tab "Nhiệm vụ")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kpis.language.normalization import fold, fold_to_alphanumeric

ReportedStatus = Literal["not_started", "in_progress", "done", "paused"]

# "Chưa xong" and "Chưa hoàn thành" are missing on purpose: they do not say whether the task has begun.
STATUS_WORDS: Mapping[ReportedStatus, tuple[str, ...]] = {
    "not_started": (
        "Chưa thực hiện", "Chưa làm", "Chưa bắt đầu", "Chưa triển khai", "Chưa tiến hành", "Not started",
    ),
    "in_progress": (
        "Đang thực hiện", "Đang làm", "Đang triển khai", "Đang tiến hành", "Tiếp tục duy trì", "Đang duy trì",
        "Duy trì", "Tiếp tục thực hiện", "Tiếp tục triển khai", "Tiếp tục", "Thường xuyên",
        "Thực hiện thường xuyên", "In progress",
    ),
    "done": (
        "Hoàn thành", "Đã hoàn thành", "Đã xong", "Xong", "Xong rồi", "Đã xong rồi", "Làm xong", "Đã làm",
        "Đã làm xong", "Đã thực hiện",
        "Đã thực hiện xong", "Hoàn tất", "Đã hoàn tất", "Done",
    ),
    "paused": ("Tạm dừng", "Đang tạm dừng", "Tạm ngừng", "Tạm hoãn", "Hoãn", "Paused"),
}  # fmt: skip
"""The first word of each status is the one in the drop-down."""

_STATUS_BY_WORD: Mapping[str, ReportedStatus] = {
    fold(word): status for status, words in STATUS_WORDS.items() for word in words
}
_STATUS_WITHOUT_DIACRITICS: Mapping[str, ReportedStatus] = {
    fold_to_alphanumeric(word): status for status, words in STATUS_WORDS.items() for word in words
}
"""No two statuses share a word without diacritics; a test checks it."""


def read_status(text: str) -> ReportedStatus | None:
    """Return the status that a text names, with or without diacritics; None if it names none."""
    return _STATUS_BY_WORD.get(fold(text)) or _STATUS_WITHOUT_DIACRITICS.get(fold_to_alphanumeric(text))
