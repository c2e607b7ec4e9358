"""The trend on overview, province and a target's entries: charts, the same figures as a table, else a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest

from kpis.language.messages import Language
from kpis.measures.attainment_rows import TargetStatus
from kpis.measures.trend import (
    COUNTED_STATUSES,
    BreakReason,
    CountedWeek,
    TargetWeek,
    count_weeks,
    list_target_weeks,
)
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.entries.target_trend import render_trend
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.trends import render_count_trend, render_target_trend
from tests.cli.conftest import Project
from tests.ui.handmade_rows import build_view

NEWS = "dong-thap.10"
TITLE = "Diễn biến mười hai tuần qua"
DAYS = [date(2026, 12, 20), date(2026, 12, 27), date(2027, 1, 3)]


def make_counted(line: int, reason: BreakReason | None, day: date, **counts: int) -> CountedWeek:
    return CountedWeek(day, line, reason, 9, {name: counts.get(name, 0) for name in COUNTED_STATUSES})


def make_weeks(*weeks: tuple[BreakReason | None, TargetStatus, float | None, str]) -> list[TargetWeek]:
    return [
        TargetWeek(day, 1, reason, measure, status, actual, 0.5)
        for day, (reason, status, actual, measure) in zip(DAYS, weeks, strict=False)
    ]


COUNTED = [
    make_counted(1, "first", DAYS[0], overdue=2, attained=3),
    make_counted(1, None, DAYS[1], overdue=4, attained=4),
    make_counted(2, "year", DAYS[2], no_data=9),
]


def test_six_charts_and_their_figures_as_a_table() -> None:
    markup = str(render_count_trend(build_view(), COUNTED))
    assert markup.count("<img") == 6
    assert "Quá hạn: ngày 20/12/2026 là 2, ngày 03/01/2027 là 0" in markup
    assert markup.index("27/12/2026</th>") < markup.index("Sang năm mới") < markup.index("03/01/2027</th>")
    row = re.search(r"27/12/2026</th>(.*?)</tr>", markup)
    assert row is not None
    assert re.findall(r">(\d+)</td>", row[1]) == ["9", "4", "0", "0", "0", "0", "4"]


@pytest.mark.parametrize(("lang", "without_weeks", "with_a_week"), [("vi", "Chưa có tuần nào", "Mới ghi được một tuần"),
                                                   ("en", "No week yet", "One week is recorded so far")])  # fmt: skip
def test_fewer_than_two_weeks_are_a_sentence(lang: Language, without_weeks: str, with_a_week: str) -> None:
    for weeks, sentence in (([], without_weeks), (COUNTED[:1], with_a_week)):
        markup = str(render_count_trend(build_view(lang), weeks))
        assert sentence in markup
        assert "<img" not in markup
    assert without_weeks in str(render_target_trend(build_view(lang), [], is_partial=False, has_pace=True))


def test_nothing_reported_is_no_zero() -> None:
    weeks = make_weeks(("first", "no_data", 0.0, "count"), (None, "behind", 4.0, "count"))
    markup = str(render_target_trend(build_view(), weeks, is_partial=False, has_pace=True))
    row = re.search(r"20/12/2026</th>(.*?)</tr>", markup)
    assert row is not None
    assert ">–</td>" in row[1]
    assert "Chưa có số liệu" in row[1]
    assert "Đã làm: ngày 20/12/2026 là –, ngày 27/12/2026 là 4" in markup


def test_figures_of_another_kind_are_in_the_table_alone() -> None:
    weeks = make_weeks(
        ("first", "behind", 4.0, "count"), ("version", "behind", 0.25, "ratio"), (None, "on_track", 0.5, "ratio")
    )
    markup = str(render_target_trend(build_view(), weeks, is_partial=True, has_pace=True))
    assert "Đã làm: ngày 27/12/2026 là 25%, ngày 03/01/2027 là 50%" in markup
    assert "20/12/2026</th>" in markup
    assert "phiên bản khác" in markup
    assert "Chỉ tính trên số đã báo cáo" in markup


def test_a_sentence_names_the_target_where_an_agency_is_chosen() -> None:
    weeks = make_weeks(("first", "behind", 1.0, "count"), (None, "behind", 2.0, "count"))
    view = build_view()
    of_agency = replace(view, filters=replace(view.filters, agency="Sở Y tế"))
    sentence = "Tính cho cả chỉ tiêu"
    assert sentence in str(render_target_trend(of_agency, weeks, is_partial=False, has_pace=True))
    assert sentence not in str(render_target_trend(view, weeks, is_partial=False, has_pace=True))


def test_of_a_ceiling_nothing_is_expected() -> None:
    weeks = make_weeks(("first", "on_track", 1.0, "count"), (None, "on_track", 2.0, "count"))
    markup = str(render_target_trend(build_view(), weeks, is_partial=False, has_pace=False))
    assert "Nét đứt" not in markup
    assert markup.count(">–</td>") == 2


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Đồng Tháp, read on four Mondays with more news items each time."""
    project = Project(tmp_path_factory.mktemp("trend"))
    for number, day in enumerate((2, 9, 16, 23)):
        rows = [(date(2026, 10, 1 + at), "Sở Công Thương", NEWS, 4, None, f"{at}/BC") for at in range(number + 1)]
        project.write_workbook(rows)
        assert project.run_kpis("sync", now=datetime(2026, 11, day, 2)).code == 0
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def make_view(database: Database, **params: str) -> PageView:
    today = date(2026, 11, 24)
    options = load_filter_options(database, today, params.get("plan"))
    chosen = filters.parse_filters({"lang": "vi", **params}, options)
    return PageView(chosen, options.find_plan(chosen.plan), today, False)


def test_every_page_shows_the_same_weeks(database: Database) -> None:
    view = make_view(database, plan="dong-thap")
    pages = [str(render_overview(database, view)), str(render_province(database, view))]
    tables = [re.findall(r"(?s)kpis-trend\".*?</table>", page)[0] for page in pages]
    assert tables[0] == tables[1]
    days = re.findall(r"(\d\d/11/2026)</th>", tables[0])
    assert days == ["08/11/2026", "15/11/2026", "22/11/2026"]
    trend = str(render_trend(database, view, NEWS))
    values = [float(text) for text in re.findall(r'"Đã làm">(\d+)</td>', trend)]
    assert values == [4.0, 8.0, 12.0]
    assert all(later > earlier for earlier, later in pairwise(values))


def test_another_year_has_no_trend(database: Database) -> None:
    view = make_view(database, plan="dong-thap")
    earlier = replace(view, filters=replace(view.filters, year=2027))
    assert TITLE not in str(render_overview(database, earlier))
    assert TITLE not in str(render_province(database, earlier))
    assert render_trend(database, earlier, NEWS) is None


def test_who_sees_another_plan_sees_none_of_these_weeks(database: Database) -> None:
    """An officer has the verdicts of the own plan: its weeks are figures of targets, not rows of agencies."""
    view = make_view(database, plan="dong-thap")
    officer = database.for_scope(Scope(frozenset({"dong-thap"}), frozenset({("dong-thap", "Công an tỉnh")})))
    stranger = database.for_scope(Scope(frozenset({"ha-noi"})))
    assert count_weeks(officer, view.as_of, {"dong-thap"}) == count_weeks(database, view.as_of, {"dong-thap"})
    assert count_weeks(stranger, view.as_of, {"dong-thap"}) == []
    assert list_target_weeks(stranger, view.as_of, "dong-thap", NEWS) == []


def test_an_earlier_day_shows_the_weeks_up_to_it(database: Database) -> None:
    view = make_view(database, plan="dong-thap", as_of="2026-11-15")
    assert "22/11/2026</th>" not in str(render_overview(database, view))
    assert "15/11/2026</th>" in str(render_overview(database, view))
