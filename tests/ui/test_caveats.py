"""Warnings above figures that are not results: unread, empty or old sheets, a day in the future."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kpis.language.clock import parse_moment
from kpis.measures.data_availability import DataAvailability
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database
from kpis.sync.result import Message
from kpis.sync.status import LastRead, find_last_reads, find_unread_tabs
from kpis.ui import pages
from kpis.ui.frame.caveats import render_plan_caveats, render_unread_tabs
from kpis.ui.frame.freshness import load_freshness
from tests.paths import SAMPLE
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, TODAY, build_view

OPENPYXL: Any = import_module("openpyxl")  # it has no types
pytestmark = pytest.mark.slow

EVERYTHING_READ = DataAvailability(
    *(frozenset({"ha-noi", "dong-thap", "bac-kan"}),) * 3, rows_read={"ha-noi": 5, "dong-thap": 5}
)
PLANS = [DONG_THAP, replace(HA_NOI, has_tasks=True)]


def render_caveat_texts(
    availability: DataAvailability, last_reads: dict[str, LastRead] | None = None, page: str = pages.OVERVIEW
) -> list[str]:
    lines = render_plan_caveats(build_view(), PLANS, availability, last_reads or {}, page)
    return [re.sub(r"<[^>]+>", "", line) for line in lines]


def test_without_missing_data_there_is_no_caveat() -> None:
    assert render_caveat_texts(EVERYTHING_READ) == []


def test_a_place_never_read_is_named_with_a_link_to_the_sources() -> None:
    availability = replace(EVERYTHING_READ, plans_read=frozenset({"ha-noi"}))
    (line,) = render_plan_caveats(build_view(), PLANS, availability, {}, pages.OVERVIEW)
    assert "của Đồng Tháp: số 0" in line
    assert 'href="/sources"' in line


def test_an_empty_sheet_and_one_with_only_rejected_rows_have_different_caveats() -> None:
    availability = replace(
        EVERYTHING_READ, plans_with_counted_rows=frozenset(), rows_read={"ha-noi": 3, "dong-thap": 0}
    )
    assert render_caveat_texts(availability) == [
        "Bảng tính của Đồng Tháp chưa có dòng nào: số 0 ở đó là chưa nhập số liệu. Xem nguồn số liệu.",
        "Mọi dòng đã đọc của Hà Nội đều bị trả lại: số 0 ở đó chưa phải kết quả thực hiện. Xem dòng cần sửa.",
    ]


def test_a_missing_task_tab_is_mentioned_only_on_pages_with_tasks() -> None:
    availability = replace(EVERYTHING_READ, plans_with_tasks=frozenset())  # Đồng Tháp's plan here has no tasks
    assert render_caveat_texts(availability)[0].startswith("Bảng tính của Hà Nội chưa có trang tính Nhiệm vụ: ")
    assert render_caveat_texts(availability, page=pages.TARGETS) == []


def test_a_place_no_longer_read_is_named_with_its_last_day() -> None:
    days = {"ha-noi": LastRead(date(2026, 11, 10), True), "elsewhere": LastRead(TODAY, True)}
    assert render_caveat_texts(EVERYTHING_READ, days) == [
        "Không đọc được số liệu mới của Hà Nội (từ 10/11/2026): việc làm sau ngày đó chưa được tính. Xem nguồn số liệu."
    ]
    assert (
        "của một nguồn của Hà Nội (từ"
        in render_caveat_texts(EVERYTHING_READ, {"ha-noi": LastRead(date(2026, 11, 10), False)})[0]
    )


def test_a_day_in_the_future_has_a_caveat() -> None:
    view = build_view()
    view = replace(view, filters=replace(view.filters, as_of=TODAY + timedelta(days=1)))
    (line,) = render_plan_caveats(view, [BAC_KAN], EVERYTHING_READ, {}, pages.TARGETS)
    assert "Ngày 22/11/2026 chưa đến" in line


def test_tabs_that_look_like_ours_and_are_not_read_are_named_with_their_place_and_rows() -> None:
    note = "“{tab}” ({rows} rows) …"
    tabs = {
        "ha-noi": [Message(note, {"tab": "Bản sao của Tiến độ", "rows": 12})],
        "dong-thap": [Message(note, {"tab": f"<b>Tháng {month}</b>", "rows": month}) for month in range(1, 7)],
        "elsewhere": [Message(note, {"tab": "x", "rows": 1})],
    }
    (line,) = render_unread_tabs(build_view(), [HA_NOI], tabs)
    assert "“Bản sao của Tiến độ” (Hà Nội: 12)" in line
    assert 'href="/sources"' in line
    (line,) = render_unread_tabs(build_view(), [DONG_THAP, HA_NOI], tabs)
    assert "“&lt;b&gt;Tháng 5&lt;/b&gt;” (Đồng Tháp: 5) …" in line
    assert "Tháng 6" not in line
    assert render_unread_tabs(build_view(), [BAC_KAN], tabs) == []


def test_unread_tabs_are_those_of_the_last_good_read(tmp_path: Path) -> None:
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}
    book = OPENPYXL.load_workbook(SAMPLE / "ha-noi.xlsx")
    book.copy_worksheet(book["Tiến độ"]).title = "Bản sao của Tiến độ"
    path = tmp_path / "ha-noi.xlsx"
    source = '[[source]]\nid = "a"\nplan = "ha-noi"\nworkbook = "ha-noi.xlsx"\n'
    (tmp_path / "sources.toml").write_text(source, encoding="utf-8")

    def read_names(moment: str) -> list[object]:
        refresh(load_settings(environ), environ, parse_moment(moment))
        unread = find_unread_tabs(tmp_path / "kpis.json")
        return [message.values["tab"] for message in unread.get("ha-noi", ())]

    book.save(path)
    assert read_names("2026-11-21 10:00") == ["Bản sao của Tiến độ"]
    assert read_names("2026-11-21 11:00") == ["Bản sao của Tiến độ"]  # an unchanged file
    path.unlink()
    assert read_names("2026-11-21 12:00") == ["Bản sao của Tiến độ"]
    book.save(path)
    ignored = f'{source}ignore_tabs = ["Bản sao của Tiến độ"]\n'
    (tmp_path / "sources.toml").write_text(ignored, encoding="utf-8")
    assert read_names("2026-11-21 13:00") == []


def test_a_failing_source_has_its_own_age_and_its_place_is_named_from_the_next_day(
    tmp_path: Path,
) -> None:
    for name in ("ha-noi", "dong-thap"):
        (tmp_path / f"{name}.xlsx").write_bytes((SAMPLE / f"{name}.xlsx").read_bytes())
    entries = [f'[[source]]\nid = "{n}"\nplan = "{n}"\nworkbook = "{n}.xlsx"\n' for n in ("ha-noi", "dong-thap")]
    (tmp_path / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}
    refresh(load_settings(environ), environ, parse_moment("2026-11-21 10:00"))
    (tmp_path / "ha-noi.xlsx").unlink()
    refresh(load_settings(environ), environ, parse_moment("2026-11-24 10:00"))
    db = Database.open(tmp_path / "kpis.json")
    assert db is not None
    assert find_last_reads(db, db.pointer, date(2026, 11, 21)) == {}
    assert find_last_reads(db, db.pointer, date(2026, 11, 24)) == {
        "ha-noi": LastRead(date(2026, 11, 21), is_complete=True)
    }
    failing, other, both = (load_freshness(db, date(2026, 11, 24), plan) for plan in ("ha-noi", "dong-thap", None))
    assert failing.read_at and other.read_at
    assert (failing.read_at.day, failing.sources, failing.failed) == (21, 1, 1)
    assert (other.read_at.day, other.sources, other.failed) == (24, 1, 0)
    assert (both.sources, both.failed) == (2, 1)


def test_a_replaced_source_is_not_missed_and_one_of_two_failing_sources_is_incomplete(tmp_path: Path) -> None:
    sheet = (SAMPLE / "ha-noi.xlsx").read_bytes()
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}

    def sync(moment: str, *names: str) -> Database:
        entries = [f'[[source]]\nid = "{n}"\nplan = "ha-noi"\nworkbook = "{n}.xlsx"\n' for n in names]
        (tmp_path / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
        refresh(load_settings(environ), environ, parse_moment(moment))
        db = Database.open(tmp_path / "kpis.json")
        assert db is not None
        return db

    (tmp_path / "old.xlsx").write_bytes(sheet)
    sync("2026-11-21 10:00", "old")
    (tmp_path / "new.xlsx").write_bytes((SAMPLE / "earlier" / "2026-10-30" / "ha-noi.xlsx").read_bytes())
    replaced = sync("2026-11-24 10:00", "new")
    assert find_last_reads(replaced, replaced.pointer, date(2026, 11, 24)) == {}
    (tmp_path / "old.xlsx").unlink()
    both = sync("2026-11-25 10:00", "new", "old")
    assert find_last_reads(both, both.pointer, date(2026, 11, 25)) == {
        "ha-noi": LastRead(date(2026, 11, 21), is_complete=False)
    }
