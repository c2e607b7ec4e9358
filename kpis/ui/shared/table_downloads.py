"""The download under a table: a table drawn with a name can be downloaded, without any other list of tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from markupsafe import Markup

from kpis.pack.xlsx.tab import CellValue
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import build_list_url
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_collection import CollectedTable, add_table
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery

DOWNLOAD_PATH = "/tai-bang/"


@dataclass(frozen=True)
class TableName:
    """What a table of a page is called (lower-case letters and hyphens), with what is asked of its page.

    `title` is that of its workbook. `query.target` and `query.source` tell tables of one name apart.
    """

    page: str
    name: str
    title: str
    view: PageView
    query: TableQuery = NOTHING_ASKED


def offer_table(
    table: TableName, titles: Sequence[str], build_rows: Callable[[], Sequence[Sequence[CellValue]]]
) -> Markup | None:
    """Return the link to a table as a workbook; `build_rows` is called only for the workbook."""
    name, query = f"{table.page}-{table.name}", table.query
    add_table((name, query.target, query.source), lambda: CollectedTable(table.title, tuple(titles), build_rows()))
    return render_download_link(name, table.page, table.view, query)


def render_download_link(name: str, page: str, view: PageView, query: TableQuery) -> Markup | None:
    """Return the link to all rows that the filters leave, as a workbook; None if the page may not be opened."""
    url = build_download_url(name, page, view, query)
    link = html.render_link(url, view.t("Download this table (.xlsx)"), is_download=True)
    return tag("p", link, class_="kpis-below") if url else None


def build_download_url(name: str, page: str, view: PageView, query: TableQuery) -> str:
    """Return the address of a table as a workbook, with the query of its page; "" if the page may not be opened."""
    address = urlsplit(build_list_url(view, page, replace(query, page=1)))
    if not address.path:
        return ""
    return f"{DOWNLOAD_PATH}{name}.xlsx" + (f"?{address.query}" if address.query else "")
