"""The overview of thirty-four provinces: its ranking, grid and to-do are the figures of the commands."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.databases import ensure_database
from kpis.measures.plan_ranking import rank_plans
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.overview.page import render_overview
from kpis.ui.overview.ranking import render_ranking
from kpis.ui.overview.tile_grid import render_tile_grid
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.cli.command_runner import run_kpis
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, build_target, build_view

DAY = date(2026, 12, 20)


@pytest.fixture(scope="module")
def pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_database("2k", tmp_path_factory.mktemp("nation"))


@pytest.fixture(scope="module")
def database(pointer: Path) -> Iterator[Database]:
    opened = Database.open(pointer)
    assert opened is not None
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def markup(database: Database) -> str:
    return render(database)


@pytest.fixture(scope="module")
def rows(pointer: Path) -> list[dict[str, Any]]:
    environ = {"KPIS_DATABASE": str(pointer)}
    run = run_kpis("attainment", "--as-of", DAY.isoformat(), "--json", environ=environ)
    return [row for row in json.loads(run.out) if row["span"] is None and row["status"] != "carried"]


def render(database: Database, **query: str) -> str:
    options = load_filter_options(database, DAY, query.get("plan"))
    selected = filters.parse_filters(query, options)
    return str(render_overview(database, PageView(selected, options.find_plan(selected.plan), DAY, False)))


def count_by_plan(rows: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row["plan"]][row["status"]] += 1
    return counts


def test_the_ranking_has_every_province_with_the_counts_of_the_command(markup: str, rows: list[dict[str, Any]]) -> None:
    ranking = markup.partition('class="kpis-ranking"')[2].partition("</ol>")[0]
    lines = dict(re.findall(r'<li data-plan="([^"]+)">(.*?)</li>', ranking))
    counts = count_by_plan(rows)
    assert len(lines) == 34 and set(lines) == set(counts)
    for plan, line in lines.items():
        met = counts[plan]["attained"] + counts[plan]["attained_late"]
        assert f">{met}/{counts[plan].total()}<" in re.sub(r"</?a\b[^>]*>", "", line)
        numbers = dict(re.findall(r'class="kpis-(overdue|behind|no_data)"><.*?</span><a [^>]*>(\d+)</a></span>', line))
        assert numbers == {
            status: str(counts[plan][status]) for status in ("overdue", "behind", "no_data") if counts[plan][status]
        }
    keys = [
        [-counts[plan][status] / counts[plan].total() for status in ("overdue", "behind", "no_data")] for plan in lines
    ]
    assert keys == sorted(keys)


def test_each_tile_has_the_worst_status_of_its_province_and_how_many_are_attained(
    markup: str, rows: list[dict[str, Any]]
) -> None:
    order = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained_late", "attained")
    statuses: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        statuses[row["province"]].append(row["status"])
    grid = markup.partition('class="kpis-grid"')[2].partition("</ul>")[0]
    tiles = re.findall(r'<li class="kpis-(\w+)" data-province="([^"]+)">(.*?)</li>', grid)
    assert {province for _, province, _ in tiles} == set(statuses)
    for worst, province, tile in tiles:
        assert worst == min(statuses[province], key=order.index)
        met = sum(status.startswith("attained") for status in statuses[province])
        assert f"{met}/{len(statuses[province])}" in tile
        assert f"width:{statuses[province].count('overdue') / len(statuses[province]) * 100:.1f}%" in tile
    assert "Hoàng Sa" in grid and "Trường Sa" in grid


def test_the_table_for_screen_readers_and_print_has_the_same_order(markup: str) -> None:
    ranking = markup.partition('class="kpis-ranking"')[2].partition("</ol>")[0]
    names = re.findall(r'<li data-plan="[^"]+"><a [^>]*>([^<]+)</a>', ranking)
    table = markup.partition("kpis-printed")[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', table) == names
    assert "<a " not in table


def test_a_line_of_to_do_counts_the_late_provinces_of_an_indicator(markup: str, rows: list[dict[str, Any]]) -> None:
    late = {row["plan"] for row in rows if row["indicator"] == "news_items" and row["status"] in ("overdue", "behind")}
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup.partition("Việc cần làm ngay")[2]))
    assert f"Tin bài : {len(late)} tỉnh, thành chậm" in text
    assert "Tin bài : " in text and text.count("Tin bài : ") == 1


def test_a_province_of_the_nation_has_the_view_of_one_plan(database: Database) -> None:
    assert "kpis-plan" in render(database, plan="ha-noi")
    assert "kpis-grid" not in render(database, plan="ha-noi")


def test_rights_that_leave_one_plan_give_its_view_without_a_filter(database: Database) -> None:
    scoped = database.for_scope(Scope(frozenset({"ha-noi"})))
    assert render(scoped) == render(scoped, plan="ha-noi")
    assert "kpis-plan" in render(scoped)


def test_an_unread_plan_is_grey_and_says_so_and_a_ward_stands_apart() -> None:
    plans = {plan.plan: plan for plan in (HA_NOI, DONG_THAP, BAC_KAN)}
    targets = [build_target(plan=plan, status="overdue") for plan in plans]
    standings = rank_plans(targets, {plan.plan: plan.name for plan in plans.values()}, {"ha-noi", "bac-kan"})
    ranking = str(render_ranking(build_view(), standings, plans))
    first, _, wards = ranking.partition("Xã, phường có kế hoạch riêng")
    assert re.findall(r">([^<]+)</a>", first) == ["Hà Nội", "1", "Đồng Tháp"]  # "1": its overdue target
    assert '<li class="kpis-unread">' in first and "chưa đọc nguồn" in first.partition("kpis-unread")[2]
    assert ">Phường Bắc Kạn</a>" in wards
    grid = str(render_tile_grid(build_view(), standings, plans))
    assert re.search(r'<li class="kpis-unread" data-province="Đồng Tháp">', grid)
    assert grid.count('class="kpis-absent"') == 32  # the ward's own province has no plan here


def test_the_tile_of_a_province_with_two_plans_leads_to_the_choice_of_both() -> None:
    later = replace(HA_NOI, plan="ha-noi-2031", name="Hà Nội 2031–2035")
    plans = {plan.plan: plan for plan in (HA_NOI, later, DONG_THAP)}
    targets = [build_target(plan=plan.plan, province=plan.province, place_suffix="") for plan in plans.values()]
    standings = rank_plans(targets, {plan.plan: plan.name for plan in plans.values()}, set(plans))
    grid = str(render_tile_grid(build_view(), standings, plans))
    tile = grid.partition('data-province="Hà Nội"')[2].partition("</li>")[0]
    assert "2 kế hoạch" in tile and 'href="/province?q=H%C3%A0+N%E1%BB%99i"' in tile
    assert 'href="/?plan=dong-thap"' in grid.partition('data-province="Đồng Tháp"')[2].partition("</li>")[0]
    choices = str(render_plan_choices(targets, build_view(), searched="hà nội"))
    assert re.findall(r'href="/province\?plan=([^"]+)"', choices) == ["ha-noi", "ha-noi-2031"]
    assert re.search('<a href="/province"[^>]*>Xem tất cả<', choices)
    assert "dong-thap" in str(render_plan_choices(targets, build_view(), searched="không có"))
