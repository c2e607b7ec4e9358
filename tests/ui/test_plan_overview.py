"""The overview of one plan: where it stands, what its rows and cells say, that its figures are the commands'."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpis.language import formatting
from kpis.measures.agency_kinds import load_agency_kinds
from kpis.measures.question import Question
from kpis.measures.todo import fetch_todo
from kpis.measures.todo_owners import group_by_owner
from kpis.store.database import Database
from kpis.ui.agency.agency_choices import build_agency_list
from kpis.ui.overview.page import render_overview
from kpis.ui.overview.target_rows import MAX_ROWS
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.lists.selecting import select_rows
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import TableQuery
from tests.cli.conftest import VALID_ROWS, Project
from tests.ui.handmade_rows import TODAY

ORDER = (
    "Chỉ tiêu, xấu nhất trước", "Sở, ngành và chỉ tiêu", "Xã, phường", "Việc cần làm ngay, theo cơ quan",
    "Thay đổi so với tuần trước", "Cơ quan lâu chưa báo cáo",
)  # fmt: skip
OVERLAY = """
[[target]]
id = "dong-thap.06"
roster = ["Sở Công Thương", "Sở Y tế", "UBND cấp xã"]
"""
ROWS = (
    *VALID_ROWS,
    (date(2026, 9, 1), "UBND phường Cao Lãnh", "dong-thap.06", 2, 5, "1/BC"),
    (date(2026, 9, 2), "Sở Y tế", "dong-thap.06", 7, 7, "2/BC"),
    (date(2026, 9, 3), "Công an tỉnh", "dong-thap.02", "Hoàn thành", None, "3/BC"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("plan-overview"))
    overlay = project.folder / "register" / "plans" / "dong-thap.toml"
    overlay.parent.mkdir(parents=True)
    overlay.write_text(OVERLAY, encoding="utf-8")
    project.write_workbook(ROWS)
    assert project.run_kpis("sync").code == 0
    return project


@pytest.fixture(scope="module")
def database(project: Project) -> Iterator[Database]:
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def render(database: Database, **query: str) -> str:
    options = load_filter_options(database, TODAY, query.get("plan"))
    selected = filters.parse_filters(query, options)
    assert not selected.notices
    view = PageView(selected, options.find_plan(selected.plan), TODAY, False)
    return str(render_overview(database, view))


def strip_tags(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def read_attainment(project: Project, *options: str) -> list[dict[str, Any]]:
    run = project.run_kpis("attainment", "--as-of", TODAY.isoformat(), "--plan", "dong-thap", "--json", *options)
    return [row for row in json.loads(run.out) if row["span"] is None]


def test_a_configuration_with_one_plan_has_the_view_without_a_filter(database: Database) -> None:
    assert "kpis-plan" in render(database)
    text = strip_tags(render(database))
    positions = [text.index(title) for title in ORDER]
    assert positions == sorted(positions)
    assert render(database) == render(database, plan="dong-thap")


def test_every_row_has_the_status_and_the_figure_of_the_command(database: Database, project: Project) -> None:
    markup = render(database)
    rows = {row["target"]: row for row in read_attainment(project)}
    statuses = dict(re.findall(r'data-target="([^"]+)" data-status="([^"]+)"', markup))
    assert statuses == {target: row["status"] for target, row in rows.items()}
    counted = [row for row in rows.values() if row["measure"] == "count" and row["comparator"] == ">="]
    assert counted
    for row in counted:
        line = re.search(rf'<li[^>]*data-target="{row["target"]}".*?</li>', markup)
        assert line
        actual, floor = (formatting.format_number(row[name], "vi") for name in ("actual", "floor"))
        assert f">{actual}/{floor} {row['unit']}<" in line[0]


def test_the_tiles_count_the_rows_of_the_command(database: Database, project: Project) -> None:
    counts = Counter(row["status"] for row in read_attainment(project) if row["status"] != "carried")
    text = strip_tags(render(database))
    for word, status in (("Chậm nhịp", "behind"), ("Chưa có số liệu", "no_data"), ("Quá hạn", "overdue")):
        assert f"{word} {counts[status]} /{counts.total()}" in text


def test_the_rows_are_sorted_by_status_then_by_due_day(database: Database, project: Project) -> None:
    order = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained_late", "attained", "not_started")
    rows = {row["target"]: row for row in read_attainment(project)}
    targets = re.findall(r'data-target="([^"]+)"', render(database))
    keys = [(order.index(rows[target]["status"]), rows[target]["due_on"]) for target in targets]
    assert keys == sorted(keys)


def test_a_row_says_how_many_of_the_roster_lack(database: Database, project: Project) -> None:
    (row,) = (row for row in read_attainment(project) if row["target"] == "dong-thap.06")
    lacking = row["roster_size"] - row["reporting_agencies"]
    line = re.search(r'<li[^>]*data-target="dong-thap.06".*?</li>', render(database))
    assert line and row["roster_size"] > 100
    assert f"Sở Công Thương · {lacking}/{row['roster_size']} chưa báo cáo" in strip_tags(line[0])


def test_a_cell_is_the_agencys_figure_of_the_command(database: Database, project: Project) -> None:
    by_agency = {(row["agency"], row["target"]): row for row in read_attainment(project, "--by", "agency")}
    markup = render(database)
    table = markup.partition("kpis-departments")[2].partition("</table>")[0]
    titles = re.findall(r'<th scope="col" title="[^"]+"><a[^>]*>([^<]+)</a></th>', table)
    health = table.partition(">Sở Y tế<")[2].partition("</tr>")[0]
    cells = re.findall(r"<td.*?</td>", health)
    assert len(cells) == len(titles) == len(read_attainment(project))
    number = by_agency["Sở Y tế", "dong-thap.06"]
    (trained,) = (cell for cell in cells if "7/7" in cell)
    assert (number["numerator"], number["denominator"], number["status"]) == (7, 7, "attained")
    assert 'class="kpis-sign kpis-attained"' in trained
    assert sum("không giao" in cell for cell in cells) == len(cells) - sum(
        agency == "Sở Y tế" for agency, _ in by_agency
    )
    trade = table.partition(">Sở Công Thương<")[2].partition("</tr>")[0]
    led = [row for row in read_attainment(project) if row["target"].startswith("dong-thap")]
    assert trade.count(">chủ trì<") == len(led)


def test_an_agency_without_a_part_has_the_bare_number_that_it_added(database: Database) -> None:
    table = render(database).partition("kpis-departments")[2].partition("</table>")[0]
    trade = table.partition(">Sở Công Thương<")[2].partition("</tr>")[0]
    (news,) = (cell for cell in re.findall(r"<td.*?</td>", trade) if ">7<" in cell)  # 3 + 4 news items
    assert "kpis-sign" not in news


def test_the_communes_are_one_line_with_the_ten_worst(database: Database, project: Project) -> None:
    parts = [row for row in read_attainment(project, "--by", "agency") if row["agency"].startswith("UBND ")]
    lacking = {row["agency"] for row in parts if row["status"] in ("overdue", "behind", "no_data")}
    with_parts = {row["agency"] for row in parts if row["status"]}
    markup = render(database)
    sentence = f"{len(lacking)}/{len(with_parts)} xã, phường được giao chỉ tiêu riêng"
    assert sentence in re.sub(r"</?a\b[^>]*>", "", markup)
    worst = markup.partition('class="kpis-communes"')[2].partition("</ul>")[0]
    assert worst.count("<li>") == 11  # ten and how many more
    assert f"và {len(lacking) - 10} mục nữa (tất cả {len(lacking)})" in strip_tags(worst)


def test_the_number_of_lacking_communes_leads_to_exactly_them(database: Database, project: Project) -> None:
    parts = read_attainment(project, "--by", "agency")
    lacking = {
        row["agency"]
        for row in parts
        if row["agency"].startswith("UBND ") and row["status"] in ("overdue", "behind", "no_data")
    }
    assert 'href="/agency?plan=dong-thap&amp;status=lacking"' in render(database, plan="dong-thap")
    options = load_filter_options(database, TODAY, "dong-thap")
    view = PageView(filters.parse_filters({"plan": "dong-thap"}, options), options.find_plan("dong-thap"), TODAY, False)
    table = build_agency_list(database, view, ())
    assert {row.values[0] for row in select_rows(table, TableQuery(status=("lacking",))).rows} == lacking


def test_more_communes_that_owe_the_same_stand_once(database: Database) -> None:
    text = strip_tags(render(database, as_of="2030-12-20")).partition("Việc cần làm ngay, theo cơ quan")[2]
    assert re.search(r"102 xã, phường .*UBND ", text.partition("Thay đổi so với tuần trước")[0])


def test_rows_beyond_the_first_are_folded_and_counted(tmp_path: Any) -> None:
    project = Project(tmp_path)
    project.sources.write_text('[[source]]\nid = "hn"\nplan = "ha-noi"\nworkbook = "dong-thap.xlsx"\n', "utf-8")
    project.write_workbook([(date(2026, 3, 1), "Sở Công Thương", "Tin bài", 3, None, "https://a.example/1")])
    assert project.run_kpis("sync").code == 0
    opened = Database.open(project.database)
    assert opened is not None
    section = render(opened, as_of="2026-12-31").partition("Chỉ tiêu, xấu nhất trước")[2].partition("</section>")[0]
    opened.close()
    first, _, rest = section.partition("<details")
    assert first.count("data-target=") == MAX_ROWS
    assert f"và {rest.count('data-target=')} mục nữa" in rest


def test_a_late_part_of_a_target_on_pace_is_to_do_for_its_agency(tmp_path: Path) -> None:
    """As on the page of that agency, and in its reminder."""
    project = Project(tmp_path)
    late = (date(2026, 9, 4), "Công an tỉnh", "dong-thap.06", 0, 8, "4/BC")
    project.write_workbook((*ROWS[:-2], (date(2026, 9, 2), "Sở Y tế", "dong-thap.06", 70, 70, "2/BC"), late))
    assert project.run_kpis("sync").code == 0
    statuses = {row["target"]: row["status"] for row in read_attainment(project)}
    assert statuses["dong-thap.06"] == "on_track"
    with closing(Database.open(project.database) or pytest.fail("nothing is published")) as database:
        markup = render(database)
        kinds = load_agency_kinds(database, {"dong-thap"})
        todo = fetch_todo(database, Question(TODAY, plans=frozenset({"dong-thap"})), with_late_parts=True)
    assert "dong-thap.06" in [item.subject for item in todo.select_agency("Công an tỉnh")]
    section = markup[markup.index("Việc cần làm ngay") : markup.index("Thay đổi so với")]
    assert section.count('class="kpis-owner"') == len(group_by_owner(todo.items, kinds))
    assert "Công an tỉnh" in strip_tags(section)
