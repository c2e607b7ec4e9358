"""The guides name every code, setting and command, and their links work."""

from __future__ import annotations

import re

import pytest

from kpis.checks.finding_codes import REJECTION_CODES, WARNING_CODES
from kpis.checks.finding_messages import format_sentence
from kpis.checks.reported_status import STATUS_WORDS
from kpis.cli.commands import COMMANDS
from kpis.language.messages import LANGUAGES, Language
from kpis.settings import SETTINGS
from kpis.sheet.tab_headers import HEADERS
from tests.paths import ROOT

EXAMPLES: dict[str, tuple[str, str, str, dict[str, str | int]]] = {
    "date_missing": ("A12", "Ngày", "", {}),
    "date_unreadable": ("A12", "Ngày", "31/02/2026", {"reason": "calendar"}),
    "date_future": ("A12", "Ngày", "05/12/2026", {}),
    "date_outside_plan": ("A12", "Ngày", "28/12/2025", {"first": 2026, "last": 2030}),
    "agency_missing": ("B12", "Cơ quan", "", {}),
    "agency_unknown": ("B12", "Cơ quan", "Ba Đình", {"nearest": "UBND phường Ba Đình"}),
    "target_missing": ("C12", "Chỉ tiêu", "", {}),
    "target_unknown": ("C12", "Chỉ tiêu", "ha-noi.99", {}),
    "target_ended": ("C9", "Chỉ tiêu", "dong-thap.07", {"day": "01/07/2026"}),
    "target_ambiguous": (
        "C12",
        "Chỉ tiêu",
        "Hội nghị, hội thảo, tập huấn",
        {"candidates": "dong-thap.07, dong-thap.11"},
    ),
    "quantity_missing": ("D12", "Số lượng", "", {}),
    "quantity_unreadable": ("D12", "Số lượng", "2 sự kiện", {}),
    "quantity_negative": ("D12", "Số lượng", "-1", {}),
    "quantity_not_whole": ("D12", "Số lượng", "1,5", {}),
    "content_missing": ("F12", "Nội dung", "", {}),
    "denominator_missing": ("E12", "Tổng số", "", {}),
    "numerator_exceeds_denominator": ("D12", "Số lượng", "15", {"total": 12}),
    "formula_error": ("D12", "Số lượng", "#REF!", {}),
    "columns_disagree": (
        "D12",
        "Số lượng",
        "5",
        {"other_cell": "E12", "other_header": "Kết quả", "other_value": "7"},
    ),
    "duplicate_row": ("A12", "Ngày", "", {"row": 8}),
    "task_missing": ("A12", "Mã", "", {"example": "dong-thap.III.5"}),
    "task_unknown": ("A12", "Mã", "thai-nguyen.IX.3", {"example": "dong-thap.III.5"}),
    "task_ambiguous": (
        "A12",
        "Mã",
        "II.1",
        {"candidates": "can-tho.nv003 (Mở lớp tập huấn); can-tho.nv007 (Kiểm tra chợ)"},
    ),
    "status_missing": ("D12", "Trạng thái", "", {}),
    "status_unknown": ("D12", "Trạng thái", "Cơ bản xong", {}),
    "request_missing": ("F5", "Giải trình", "", {}),
    "request_unknown": ("K5", "Mã yêu cầu", "YC-ha-noi-2026-0009", {}),
    "request_mismatch": (
        "K5",
        "Mã yêu cầu",
        "YC-ha-noi-2026-0001",
        {"request": "YC-ha-noi-2026-0001", "subject": "ha-noi.02", "agency": "Sở Y tế"},
    ),
    "request_ambiguous": (
        "K5",
        "Mã yêu cầu",
        "",
        {"agency": "Sở Y tế", "candidates": "YC-ha-noi-2026-0001, YC-ha-noi-2026-0004"},
    ),
    "answer_before_request": ("I5", "Ngày trả lời", "01/11/2026", {"asked": "10/11/2026"}),
    "evidence_missing": ("G12", "Minh chứng", "", {}),
    "evidence_shared": ("G12", "Minh chứng", "", {"row": 8}),
    "looks_cumulative": ("D12", "Số lượng", "", {}),
    "ratio_fell": ("D12", "Số lượng", "", {"before": "6/8"}),
    "same_day_conflict": ("D12", "Số lượng", "", {}),
    "confirmation_unknown": ("I12", "Xác nhận", "không", {}),
    "shared_event_apart": ("J12", "Sự kiện chung", "Lễ hội", {"row": 8, "days": 31}),
    "date_order_doubtful": ("A12", "Ngày", "05/03/2026", {"swapped": "03/05/2026"}),
    "milestone_withdrawn": ("D12", "Số lượng", "", {}),
    "not_the_lead": ("B12", "Cơ quan", "CDC", {"lead": "Sở Y tế"}),
    "successor_total_fell": ("D12", "Số lượng", "9", {"before": "11", "agencies": "Sở Nội vụ"}),
}
"""For each code: cell, header, value and detail, as the guides show it."""

OFFICER_GUIDES = ("huong-dan-can-bo.md", "guide-officer.md")
ADMINISTRATOR_GUIDES = ("quan-tri.md", "administrator.md")


def _read_page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("guide", "lang"), list(zip(OFFICER_GUIDES, LANGUAGES, strict=True)))
def test_the_officers_guide_shows_every_code_with_its_sentence(guide: str, lang: Language) -> None:
    text = _read_page(guide)
    rows = {
        code: f"| `{code}` | {format_sentence(code, lang, *EXAMPLES[code])} |"
        for code in (*REJECTION_CODES, *WARNING_CODES)
    }
    assert [row for row in rows.values() if row not in text] == []


@pytest.mark.parametrize("page", ADMINISTRATOR_GUIDES)
def test_the_administrators_page_names_every_setting_and_command(page: str) -> None:
    text = _read_page(page)
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []
    assert [name for name in COMMANDS if not re.search(rf"`(python -m kpis )?{name}[` ]", text)] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in folder.glob("*.md") if page.name != "README.md" and page.name not in index] == []


def test_every_direct_requirement_is_explained() -> None:
    explained = "".join(page.read_text(encoding="utf-8").lower() for page in (ROOT / "docs" / "decisions").glob("*.md"))
    direct = [
        line.split("==")[0].lower()
        for name in ("requirements.txt", "requirements-lake.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").split("# needed by")[0].splitlines()
        if "==" in line
    ]
    assert [name for name in direct if name not in explained] == []


@pytest.mark.parametrize("guide", OFFICER_GUIDES)
def test_the_officers_guide_names_every_header_and_status(guide: str) -> None:
    text = _read_page(guide)
    headers = [name for fields in HEADERS.values() for names in fields.values() for name in names]
    assert [name for name in headers if name not in text] == []
    assert [words[0] for words in STATUS_WORDS.values() if words[0] not in text] == []
