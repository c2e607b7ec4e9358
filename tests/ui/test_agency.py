"""The page of an agency as HTML: milestones reported done, counts of all years, the choice of an agency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from kpis.measures.attainment import compute_targets
from kpis.store.database import Database
from kpis.ui.agency.page import render_agency
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.cli.conftest import VALID_ROWS, Project
from tests.ui.handmade_rows import TODAY

POLICE, TRADE = "Công an tỉnh", "Sở Công Thương"
DONE = tuple(
    (date(2026, 9, day), name, "dong-thap.02", "Hoàn thành", None, "1/BC") for day, name in ((1, TRADE), (2, POLICE))
)
NOT_DONE = (date(2026, 9, 3), "UBND phường Cao Lãnh", "dong-thap.02", 0, None, "2/BC")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    project = Project(tmp_path_factory.mktemp("agency"))
    project.write_workbook([*VALID_ROWS, *DONE, NOT_DONE])
    assert project.run_kpis("sync").code == 0
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def render_page(database: Database, **query: str) -> str:
    options = load_filter_options(database, TODAY, "dong-thap")
    selected = filters.parse_filters({"plan": "dong-thap", **query}, options)
    assert not selected.notices
    markup = render_agency(database, PageView(selected, options.find_plan("dong-thap"), TODAY, False))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(markup)))


def test_a_milestone_reported_done_is_listed_even_if_another_agencys_report_counts(
    database: Database,
) -> None:
    title = "Tích hợp với Tổng đài 1800.6838"
    text = f"Đã báo hoàn thành: {title}"
    assert f"{text} (đã tính cho cơ quan khác cũng báo hoàn thành)" in render_page(database, agency=POLICE)
    assert text in render_page(database, agency=TRADE)
    assert f"{text} (tính" not in render_page(database, agency=TRADE)
    assert "Đã báo hoàn thành" not in render_page(database, agency="UBND phường Cao Lãnh")


def test_counts_over_all_years_are_labelled(database: Database) -> None:
    assert "Số mục (mọi năm) 1 Báo cáo nhiệm vụ (mọi năm) 0" in render_page(database, agency=POLICE, year="2027")


def test_an_agency_that_leads_nothing_but_tasks_is_listed_with_them(database: Database) -> None:
    text = render_page(database)
    assert "chủ trì chỉ tiêu hoặc nhiệm vụ" in text
    assert "Sở Văn hóa, Thể thao và Du lịch – 0/ 1 chưa báo cáo lần nào – 0 0" in text
    assert f"{POLICE} – 0/ 1 02/09/2026 11 tuần 0 0" in text


def test_the_list_has_the_most_silent_first_and_departments_before_communes(database: Database) -> None:
    text = render_page(database)
    silent, reported, commune = (
        text.index(name) for name in ("Sở Văn hóa, Thể thao và Du lịch", POLICE, "UBND phường Cao Lãnh")
    )
    assert text.index("Sở, ngành, cơ quan (") < silent < reported < text.index("Xã, phường (1)") < commune


def test_the_list_counts_a_led_target_by_its_own_status(database: Database) -> None:
    options = load_filter_options(database, TODAY, "dong-thap")
    selected = filters.parse_filters({"plan": "dong-thap"}, options)
    view = PageView(selected, options.find_plan("dong-thap"), TODAY, False)
    counts = Counter(row["status"] for row in compute_targets(database, view.question) if row["lead"] == TRADE)
    row = str(render_agency(database, view)).partition(f">{TRADE}<")[2].partition("</tr>")[0]
    for status, number in counts.items():
        assert re.search(rf'class="kpis-tally kpis-{status}"[^>]*>.*?</span><a [^>]*>{number}</a></span>', row)


def test_an_agencys_page_lists_what_it_has_to_do(database: Database) -> None:
    text = render_page(database, agency=TRADE).partition("Việc cần làm ngay")[2]
    first = text.partition("Đã làm được")[0]
    assert "Chưa có số liệu Sự kiện, chương trình gắn với Ngày Quyền 15/3 : thiếu 1 sự kiện · còn 3 tuần" in first
