"""The page of an agency as HTML: what it reported done, whose figures it counts, and the choice of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from kpis.store.database import Database
from kpis.ui.agency.page import agency
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import scope
from kpis.ui.shared.page_view import View
from tests.cli.conftest import GOOD, Project
from tests.ui.handmade_rows import TODAY

POLICE, TRADE = "Công an tỉnh", "Sở Công Thương"
DONE = tuple(
    (date(2026, 9, day), name, "dong-thap.02", "Hoàn thành", None, "1/BC")
    for day, name in ((1, TRADE), (2, POLICE))
)
NOT_DONE = (date(2026, 9, 3), "UBND phường Cao Lãnh", "dong-thap.02", 0, None, "2/BC")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    project = Project(tmp_path_factory.mktemp("agency"))
    project.write([*GOOD, *DONE, NOT_DONE])
    assert project.kpis("sync").code == 0
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def said(database: Database, **asked: str) -> str:
    offered = scope(database, TODAY, "dong-thap")
    chosen = filters.read({"plan": "dong-thap", **asked}, offered)
    assert not chosen.notices
    shown = agency(database, View(chosen, offered.find("dong-thap"), TODAY, False, "light"))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(shown)))


def test_a_milestone_reported_done_is_said_so_also_where_another_agencys_report_counts(
    database: Database,
) -> None:
    title = "Tích hợp với Tổng đài 1800.6838"
    told = f"Đã báo hoàn thành: {title}"
    assert f"{told} (đã tính cho cơ quan khác cũng báo hoàn thành)" in said(database, agency=POLICE)
    assert told in said(database, agency=TRADE)
    assert f"{told} (tính" not in said(database, agency=TRADE)
    assert "Đã báo hoàn thành" not in said(database, agency="UBND phường Cao Lãnh")


def test_what_counts_every_year_says_so(database: Database) -> None:
    assert "Số mục (mọi năm) 1 Báo cáo nhiệm vụ (mọi năm) 0" in said(database, agency=POLICE, year="2027")


def test_an_agency_that_leads_nothing_but_tasks_can_be_chosen(database: Database) -> None:
    shown = said(database)
    assert "chủ trì chỉ tiêu hoặc nhiệm vụ" in shown
    assert "Số mục Nhiệm vụ chủ trì" in shown
    assert "Sở Văn hóa, Thể thao và Du lịch 0 0 0 1" in shown
    assert f"{POLICE} 1 1 1 1" in shown
