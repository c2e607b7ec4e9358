"""What keeps figures from being results is said over them: unread, empty, old sheets; a day to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from kpis.language.clock import parse_moment
from kpis.measures.data_availability import Reach
from kpis.services.refresh import refresh
from kpis.settings import settings
from kpis.store.database import Database
from kpis.sync.status import LastRead, last_read
from kpis.ui import pages
from kpis.ui.frame.caveats import said_of
from kpis.ui.frame.freshness import freshness
from tests.paths import SAMPLE
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, TODAY, view

WHOLE = Reach(*(frozenset({"ha-noi", "dong-thap", "bac-kan"}),) * 3, rows={"ha-noi": 5, "dong-thap": 5})
SHOWN = [DONG_THAP, replace(HA_NOI, has_tasks=True)]


def said(reached: Reach, days: dict[str, LastRead] | None = None, page: str = pages.OVERVIEW) -> list[str]:
    lines = said_of(view(), SHOWN, reached, days or {}, page)
    return [re.sub(r"<[^>]+>", "", line) for line in lines]


def test_where_everything_is_read_and_counts_nothing_is_said() -> None:
    assert said(WHOLE) == []


def test_a_place_never_read_is_named_and_leads_to_the_sources() -> None:
    reached = replace(WHOLE, read=frozenset({"ha-noi"}))
    (line,) = said_of(view(), SHOWN, reached, {}, pages.OVERVIEW)
    assert "của Đồng Tháp: số 0" in line
    assert 'href="/sources"' in line


def test_an_empty_sheet_and_one_whose_rows_were_all_sent_back_are_told_apart() -> None:
    reached = replace(WHOLE, counted=frozenset(), rows={"ha-noi": 3, "dong-thap": 0})
    assert said(reached) == [
        "Bảng tính của Đồng Tháp chưa có dòng nào: số 0 ở đó là chưa nhập số liệu. Xem nguồn số liệu.",
        "Mọi dòng đã đọc của Hà Nội đều bị trả lại: số 0 ở đó chưa phải kết quả thực hiện. Xem dòng cần sửa.",
    ]


def test_tasks_that_no_sheet_has_a_tab_for_are_told_of_where_tasks_are_shown() -> None:
    reached = replace(WHOLE, tasks=frozenset())  # Đồng Tháp's plan here has no tasks
    assert said(reached)[0].startswith("Bảng tính của Hà Nội chưa có trang tính Nhiệm vụ: ")
    assert said(reached, page=pages.TARGETS) == []


def test_a_place_that_is_not_read_any_more_is_named_with_its_day() -> None:
    days = {"ha-noi": LastRead(date(2026, 11, 10), True), "elsewhere": LastRead(TODAY, True)}
    assert said(WHOLE, days) == [
        "Không đọc được số liệu mới của Hà Nội (từ 10/11/2026): việc làm sau ngày đó chưa được tính. "
        "Xem nguồn số liệu."
    ]
    assert "của một nguồn của Hà Nội (từ" in said(WHOLE, {"ha-noi": LastRead(date(2026, 11, 10), False)})[0]


def test_a_day_that_has_not_come_says_so() -> None:
    asked = view()
    asked = replace(asked, filters=replace(asked.filters, as_of=TODAY + timedelta(days=1)))
    (line,) = said_of(asked, [BAC_KAN], WHOLE, {}, pages.TARGETS)
    assert "Ngày 22/11/2026 chưa đến" in line


def test_a_source_that_fails_keeps_its_own_age_and_its_place_is_named_from_the_next_day(
    tmp_path: Path,
) -> None:
    for name in ("ha-noi", "dong-thap"):
        (tmp_path / f"{name}.xlsx").write_bytes((SAMPLE / f"{name}.xlsx").read_bytes())
    listed = [
        f'[[source]]\nid = "{n}"\nplan = "{n}"\nworkbook = "{n}.xlsx"\n' for n in ("ha-noi", "dong-thap")
    ]
    (tmp_path / "sources.toml").write_text("\n".join(listed), encoding="utf-8")
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}
    refresh(settings(environ), environ, parse_moment("2026-11-21 10:00"))
    (tmp_path / "ha-noi.xlsx").unlink()
    refresh(settings(environ), environ, parse_moment("2026-11-24 10:00"))
    db = Database.open(tmp_path / "kpis.json")
    assert db is not None
    assert last_read(db, db.pointer, date(2026, 11, 21)) == {}
    assert last_read(db, db.pointer, date(2026, 11, 24)) == {
        "ha-noi": LastRead(date(2026, 11, 21), whole=True)
    }
    there, other, both = (freshness(db, date(2026, 11, 24), plan) for plan in ("ha-noi", "dong-thap", None))
    assert there.read_at and other.read_at
    assert (there.read_at.day, there.sources, there.failed) == (21, 1, 1)
    assert (other.read_at.day, other.sources, other.failed) == (24, 1, 0)
    assert (both.sources, both.failed) == (2, 1)


def test_a_source_that_another_replaced_is_not_missed_and_one_of_two_is_told_as_one(tmp_path: Path) -> None:
    sheet = (SAMPLE / "ha-noi.xlsx").read_bytes()
    environ = {"KPIS_SOURCES": str(tmp_path / "sources.toml"), "KPIS_DATABASE": str(tmp_path / "kpis.json")}

    def sync(moment: str, *names: str) -> Database:
        listed = [f'[[source]]\nid = "{n}"\nplan = "ha-noi"\nworkbook = "{n}.xlsx"\n' for n in names]
        (tmp_path / "sources.toml").write_text("\n".join(listed), encoding="utf-8")
        refresh(settings(environ), environ, parse_moment(moment))
        db = Database.open(tmp_path / "kpis.json")
        assert db is not None
        return db

    (tmp_path / "old.xlsx").write_bytes(sheet)
    sync("2026-11-21 10:00", "old")
    (tmp_path / "new.xlsx").write_bytes((SAMPLE / "earlier" / "2026-10-30" / "ha-noi.xlsx").read_bytes())
    replaced = sync("2026-11-24 10:00", "new")
    assert last_read(replaced, replaced.pointer, date(2026, 11, 24)) == {}
    (tmp_path / "old.xlsx").unlink()
    both = sync("2026-11-25 10:00", "new", "old")
    assert last_read(both, both.pointer, date(2026, 11, 25)) == {
        "ha-noi": LastRead(date(2026, 11, 21), whole=False)
    }
