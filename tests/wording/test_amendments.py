"""What amendments and corrections changed, as sentences beside a target and in lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kpis.language.messages import Language
from kpis.measures.amended import Amendment
from kpis.measures.clauses import ClauseFacts
from kpis.register.entry_changes import FieldChange
from kpis.register.version_facts import VersionFacts
from kpis.wording.amendments import format_amendment, group_by_entry
from kpis.wording.clauses import format_clauses, format_places, format_quotes


def build_amendment(*fields: FieldChange, **overrides: Any) -> Amendment:
    facts = {"document_number": "123/QĐ-UBND", "in_force_from": date(2026, 7, 1)} | overrides.pop("facts", {})
    version = VersionFacts("can-tho", 2, datetime(2026, 6, 20), "Lan", **facts)
    values: dict[str, Any] = {
        "in_force_from": date(2026, 7, 1), "compared_with": 1, "kind": "target", "entry": "can-tho.01",
        "title_vi": "Tin bài", "change": "changed", "measure": "count", "quote": None, "section": None, "page": None,
        "line": None,
    }  # fmt: skip
    return Amendment(version=version, fields=fields, **{**values, **overrides})


FLOOR = FieldChange("floor", 60, 80)


@pytest.mark.parametrize(
    ("amendment", "sentence"),
    [
        (build_amendment(FLOOR, FieldChange("title_vi", "a", "b")), "60 → 80 từ 01/07/2026 (123/QĐ-UBND)"),
        (
            build_amendment(FieldChange("floor", Decimal("0.9"), Decimal("0.955")), measure="ratio"),
            "90 % → 95,5 % từ 01/07/2026 (123/QĐ-UBND)",
        ),
        (
            build_amendment(FLOOR, FieldChange("lead", "Sở A", "Sở B")),
            "Mức phải đạt: 60 → 80; Cơ quan chủ trì: Sở A → Sở B từ 01/07/2026 (123/QĐ-UBND)",
        ),
        (build_amendment(FieldChange("title_vi", "a", "b")), "Tên ngắn: a → b từ 01/07/2026 (123/QĐ-UBND)"),
        (build_amendment(change="dropped"), "hết hiệu lực từ 01/07/2026 (123/QĐ-UBND)"),
        (
            build_amendment(change="added", facts={"document_number": None}),
            "bổ sung từ 01/07/2026 (phiên bản 2)",
        ),
        (
            build_amendment(FLOOR, facts={"judges_again": (2025, 2026)}),
            "60 → 80 từ 01/07/2026 (123/QĐ-UBND); đánh giá lại năm 2025, 2026",
        ),
        (
            build_amendment(FLOOR, facts={"corrects": 1, "why": "đọc nhầm"}),
            "đính chính: 60 → 80 (đọc nhầm; Lan)",
        ),
    ],
)  # fmt: skip
def test_a_change_is_one_sentence(amendment: Amendment, sentence: str) -> None:
    assert format_amendment(amendment, "vi") == sentence


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_dropped_entry_of_a_correction_is_named(lang: Language) -> None:
    text = format_amendment(build_amendment(change="dropped", facts={"corrects": 1, "why": "x"}), lang)
    assert text.endswith("(x; Lan)") and "{" not in text


def test_agencies_and_headers_are_no_entries_of_a_list() -> None:
    groups = group_by_entry([build_amendment(FLOOR), build_amendment(kind="agency", entry="Sở Y tế")])
    assert list(groups) == ["can-tho.01"]


def test_a_clause_stands_once_with_its_place() -> None:
    clause: ClauseFacts = {"entry": "a", "quote": "Ít nhất 60 tin bài.", "section": "II.2.c", "page": 4, "line": None}
    assert format_places([clause, clause], "vi") == "mục II.2.c, trang 4"
    assert format_quotes([clause, clause]) == "Ít nhất 60 tin bài."
    assert format_clauses([clause, clause], "Tin bài", "vi") == "mục II.2.c, trang 4: “Ít nhất 60 tin bài.”"
    assert format_clauses([clause], "Ít nhất 60 tin bài.", "vi") == "mục II.2.c, trang 4"
    assert format_clauses([], "Tin bài", "vi") == ""
