"""The columns of the tab of explanations, and the names of an agency's column on every tab (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.sheet.model import Field

AGENCY_HEADERS = ("Cơ quan", "Đơn vị", "Cơ quan báo cáo")
EXPLANATION_HEADERS: Mapping[Field, tuple[str, ...]] = {
    "subject": ("Mã",),
    "agency": AGENCY_HEADERS,
    "asked_on": ("Ngày yêu cầu",),
    "question": ("Nội dung yêu cầu",),
    "answer_due_on": ("Hạn trả lời",),
    "explanation": ("Giải trình",),
    "remedies": ("Biện pháp",),
    "promised_on": ("Cam kết hoàn thành",),
    "answered_on": ("Ngày trả lời",),
    "answered_by": ("Người trả lời",),
    "request": ("Mã yêu cầu",),
}
"""The accepted headers of the tab of explanations, the usual one first."""
