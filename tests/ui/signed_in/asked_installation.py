"""The sample with a ledger: questions, answers, returned answers and reminders of several agencies and plans."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from kpis.language import clock
from kpis.reminders.sending_log import get_log_path
from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store import journal
from tests.paths import ROOT

OPENPYXL: Any = import_module("openpyxl")  # it has no types

AGENCIES = (
    ("ha-noi", "Sở Y tế"), ("ha-noi", "Sở Công Thương"), ("ha-noi", "Sở Du lịch"),
    ("dong-thap", "Sở Công Thương"), ("dong-thap", "Sở Tư pháp"), ("bac-kan", "Sở Y tế"),
)  # fmt: skip
RETURNED = (("ha-noi", "Sở Y tế"), ("dong-thap", "Sở Công Thương"))
"""Whose answers were sent back; those of the others stand, with what is promised."""
COLUMNS = ("Cơ quan", "Nội dung yêu cầu", "Giải trình", "Biện pháp", "Cam kết hoàn thành", "Ngày trả lời", "Mã yêu cầu")
KINDS = ("Hỏi", "Đáp", "Biện-pháp", "Trả-lại", "người-hỏi", "thư")
_ASKED_AT, _RETURNED_AT = datetime(2026, 11, 10, 2, 0), datetime(2026, 11, 21, 3, 0)
"""The sample's day is 2026-11-21; its sheets are read at two o'clock (UTC), before any answer is returned."""


def build_marker(kind: str, plan: str, agency: str) -> str:
    """Return a word that stands in one place of one agency alone."""
    return f"{kind}-{AGENCIES.index((plan, agency)):02}-chỉ-của-{plan}"


def list_markers(plan: str | None = None, agency: str | None = None) -> set[str]:
    """Return the words of the pages that are about a plan, about one of its agencies, or of all."""
    return {
        build_marker(kind, *pair)
        for kind in KINDS
        for pair in AGENCIES
        if plan in (None, pair[0]) and agency in (None, pair[1])
    }


def create_installation(folder: Path) -> Path:
    """Read the sample with answers in its sheets into a database of its own; return its pointer."""
    shutil.copytree(ROOT / "data/sample", folder, ignore=shutil.ignore_patterns("earlier", "*.py", "__pycache__"))
    sources = folder / "sources.toml"
    sources.write_text(re.sub(r"(?m)^earlier.*\n", "", sources.read_text(encoding="utf-8")), encoding="utf-8")
    pointer = folder / "var" / "kpis.json"
    pointer.parent.mkdir()
    _ask(pointer)
    for plan in {plan for plan, _ in AGENCIES}:
        _answer(folder / f"{plan}.xlsx", plan)
    environ = {
        "KPIS_DATABASE": str(pointer), "KPIS_SOURCES": str(sources), "KPIS_REGISTER": str(folder / "register"),
    }  # fmt: skip
    result = refresh(load_settings(environ), environ, clock.get_utc_now())
    assert {source.outcome for source in result.sources} == {"changed"}
    _remind(pointer)
    return pointer


def _build_id(plan: str, agency: str) -> str:
    return f"YC-{plan}-2026-{AGENCIES.index((plan, agency)) + 1:04}"


def _ask(pointer: Path) -> None:
    events = []
    for plan, agency in AGENCIES:
        question, person = build_marker("Hỏi", plan, agency), build_marker("người-hỏi", plan, agency)
        details = {"plan": plan, "agency": agency, "question": question, "due_on": "2026-11-17"}
        name, reason = _build_id(plan, agency), build_marker("Trả-lại", plan, agency)
        events.append(RequestEvent(name, "asked", _ASKED_AT, _ASKED_AT.date(), person, details))
        if (plan, agency) in RETURNED:
            events.append(RequestEvent(name, "returned", _RETURNED_AT, _RETURNED_AT.date(), person, {"reason": reason}))
    append_events(pointer, _ASKED_AT, lambda _content, _at: events)


def _answer(workbook: Path, plan: str) -> None:
    book = OPENPYXL.load_workbook(workbook)
    sheet = book.create_sheet("Giải trình")
    sheet.append(COLUMNS)
    for name, agency in AGENCIES:
        if name == plan:
            answer, measures = build_marker("Đáp", plan, agency), build_marker("Biện-pháp", plan, agency)
            day = date(2026, 12, 1)
            sheet.append((agency, None, answer, measures, day, date(2026, 11, 19), _build_id(plan, agency)))
    book.save(workbook)


def _remind(pointer: Path) -> None:
    for plan, agency in AGENCIES:
        address = build_marker("thư", plan, agency)
        line = {"at": "2026-11-20T02:00:00", "to": address, "digest": "0" * 64, "state": "sent"}
        journal.append(get_log_path(pointer), line)
