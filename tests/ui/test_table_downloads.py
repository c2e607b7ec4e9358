"""Under every table of a page stands its workbook: all rows, numbers as numbers, texts as they stand, in scope."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from markupsafe import Markup

from bench.databases import ensure_database
from kpis.access.audit import AuditLine
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.language.messages import Language
from kpis.pack.xlsx.tab import Percentage
from kpis.ui.audit.content import MAX_LINES, AuditContent, render_audit
from kpis.ui.frame import startup
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.server.list_downloads import build_file
from kpis.ui.server.page_tables import find_page
from kpis.ui.shared.cell_values import to_cell_value
from kpis.ui.shared.html import tag
from kpis.ui.shared.table_collection import collect_tables
from kpis.ui.shared.table_query import TableQuery, parse_table_query
from tests.ui.handmade_rows import build_view
from tests.ui.test_counts_lead_to_their_list import RENDERERS

OPENPYXL: Any = import_module("openpyxl")  # it has no types
HTML: Any = import_module("lxml.html")
AGENCY = "Sở Công Thương"
PATHS = (
    "/overview",
    "/overview?plan=dong-thap",
    "/province?plan=dong-thap",
    f"/agency?plan=dong-thap&agency={quote_plus(AGENCY)}",
    "/agency?plan=dong-thap",
    "/tasks",
    "/targets",
    "/findings",
    "/sources",
    "/explanations",
    "/entries?plan=dong-thap&target=dong-thap.10",
)


def build_viewer(role: Role, plan: str, *agencies: str) -> Viewer:
    entry = Entry("a@x.vn", role, frozenset({plan}), frozenset(agencies))
    return Viewer(Person("a@x.vn", frozenset({entry})), "session")


def see(pointer: Path, path: str, viewer: Viewer = OPEN_VIEWER) -> tuple[str, ResolvedView, dict[str, str]]:
    address = urlsplit(path)
    params, page = dict(parse_qsl(address.query)), address.path.strip("/")
    version = startup.open_version({"KPIS_DATABASE": str(pointer)})
    assert version is not None
    return page, resolve_view(params, version, viewer, page), params


def draw(pointer: Path, path: str, viewer: Viewer = OPEN_VIEWER) -> str:
    page, seen, params = see(pointer, path, viewer)
    return str(RENDERERS[page](seen.database, seen.view, parse_table_query(params)))


def download(pointer: Path, url: str, viewer: Viewer = OPEN_VIEWER) -> list[tuple[Any, ...]] | None:
    address = urlsplit(url)
    name = address.path.rpartition("/")[2].removesuffix(".xlsx")
    built = build_file(name, dict(parse_qsl(address.query)), viewer, {"KPIS_DATABASE": str(pointer)})
    if built is None:
        return None
    [sheet] = OPENPYXL.load_workbook(BytesIO(built[1])).worksheets
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def list_tables(markup: str) -> Iterator[tuple[Any, str]]:
    """Yield each table that a reader sees, with the address of its workbook."""
    for table in HTML.fromstring(f"<div>{markup}</div>").iter("table"):
        ancestors = [str(each.get("class") or "") for each in table.iterancestors()]
        if any("kpis-hidden" in classes.split() for classes in ancestors):
            continue
        scope = table.getparent()
        while scope.tag not in ("section", "details") or "kpis-rest" in str(scope.get("class")):
            scope = scope.getparent()
        links = [link.get("href") for link in scope.iter("a") if link.get("download") is not None]
        yield table, links[0] if links else ""


@pytest.mark.parametrize("path", PATHS)
def test_under_every_table_stands_its_workbook_with_at_least_its_rows(sample_pointer: Path, path: str) -> None:
    urls: dict[str, int] = {}
    for table, url in list_tables(draw(sample_pointer, path)):
        assert url, HTML.tostring(table)[:300]
        urls[url] = urls.get(url, 0) + len(table.findall("./tbody/tr"))
    for url, count in urls.items():
        rows = download(sample_pointer, url)
        assert rows is not None, url
        assert all(rows[0]), url
        if "departments" not in url:  # which has a row for each target of an agency
            assert len(rows) - 1 >= count - draw(sample_pointer, path).count("rowgroup"), url


def test_with_34_plans_the_ranking_has_a_workbook_of_numbers(tmp_path_factory: pytest.TempPathFactory) -> None:
    pointer = ensure_database("2k", tmp_path_factory.mktemp("nation"))
    urls = [url for _, url in list_tables(draw(pointer, "/overview"))]
    assert not urls  # the ranking is a list of names; its table is for screen readers
    rows = download(pointer, "/tai-bang/overview-ranking.xlsx")
    assert rows is not None and len(rows) > 34
    assert all(isinstance(number, int) for number in rows[1][1:])


def test_a_number_is_a_number_and_a_status_a_column_of_its_own(sample_pointer: Path) -> None:
    rows = download(sample_pointer, "/tai-bang/overview-matrix.xlsx")
    assert rows is not None
    first = rows[0].index(next(title for title in rows[0] if str(title).endswith(": trạng thái"))) - 1
    figures = [row[first] for row in rows[1:] if row[first] is not None]
    assert figures and all(isinstance(figure, int | float) for figure in figures)


@pytest.mark.parametrize(
    ("cell", "kind", "lang", "expected"),
    [
        ("1.234", "number", "vi", 1234),
        ("1.234", "text", "vi", "1.234"),
        ("1,234", "number", "en", 1234),
        ("-3,5", "number", "vi", -3.5),
        ("48%", "number", "vi", Percentage(0.48)),
        ("3/8", "number", "vi", "3/8"),
        ("–", "number", "vi", None),
        ("–", "text", "vi", "–"),
        ("1.23", "number", "vi", "1.23"),
        ("=1+1", "number", "vi", "=1+1"),
        ("&lt;b&gt; &amp;", "text", "vi", "&lt;b&gt; &amp;"),
        (tag("span", "<b> & 'x'"), "text", "vi", "<b> & 'x'"),
        (Markup("<span>a<small class='kpis-under'>b</small></span>"), "text", "vi", "a\nb"),
        (12, "number", "vi", 12),
        (None, "text", "vi", None),
    ],
)
def test_a_cell_says_in_the_workbook_what_it_says_on_the_page(
    cell: object, kind: str, lang: Language, expected: object
) -> None:
    assert to_cell_value(cell, kind, lang) == expected  # type: ignore[arg-type]


def test_a_table_of_another_plan_or_page_does_not_exist_for_a_reader(sample_pointer: Path) -> None:
    leader, officer = build_viewer("leader", "dong-thap"), build_viewer("officer", "dong-thap", AGENCY)
    rows = download(sample_pointer, "/tai-bang/province-contributions.xlsx?plan=ha-noi&target=ha-noi.12", leader)
    assert rows is None
    for name in ("province-tasks-by-lead", "overview-matrix", "overview-departments", "audit-lines"):
        assert download(sample_pointer, f"/tai-bang/{name}.xlsx?plan=dong-thap", officer) is None
    assert download(sample_pointer, "/tai-bang/audit-lines.xlsx", leader) is None
    of_officer = download(sample_pointer, "/tai-bang/agency-contributions.xlsx?plan=dong-thap&agency=x", officer)
    wide = f"/tai-bang/agency-contributions.xlsx?plan=dong-thap&agency={quote_plus(AGENCY)}"
    assert of_officer and of_officer == download(sample_pointer, wide, leader)


def test_no_table_has_a_name_that_nothing_answers(sample_pointer: Path) -> None:
    assert find_page("overview-matrix") == "overview" and find_page("passwords") == find_page("targets-x") == ""
    assert download(sample_pointer, "/tai-bang/overview-nothing.xlsx") is None


def test_the_audit_has_every_line_that_its_filters_leave() -> None:
    line = AuditLine("2026-11-21T01:00:00Z", "download", "a@x.vn", {})
    lines = (line,) * (MAX_LINES + 7)
    query = TableQuery(lead="a@x.vn", source="download")
    with collect_tables() as tables:
        markup = render_audit(AuditContent(lines, ()), lines, build_view(), query)
    assert "lead=a%40x.vn" in markup and markup.count("<tr") == MAX_LINES + 1
    assert len(tables["audit-lines", "", "download"].rows) == MAX_LINES + 7
