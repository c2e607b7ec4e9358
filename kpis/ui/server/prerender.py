"""What a visitor would wait for, done before: imports, typeface, one chart; a new version's first pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pandas

from kpis.charts import fonts
from kpis.errors import KpisError
from kpis.language.messages import LANGUAGES, Language, load_catalogue
from kpis.ui.agency import page as agency
from kpis.ui.agency import rows_to_fix
from kpis.ui.findings import page as findings
from kpis.ui.frame import page_frame, startup
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.overview.page import render_overview
from kpis.ui.pack import comparison, edition_buttons, edition_pages, edition_table, selection
from kpis.ui.province import page as province
from kpis.ui.server import theme
from kpis.ui.shared import charts, data, filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.filters import DEFAULT_LANGUAGE, FilterOptions, PlanChoice
from kpis.ui.shared.page_view import PageView
from kpis.ui.sources import page as sources
from kpis.ui.sources import read_now
from kpis.ui.targets import page as targets
from kpis.ui.tasks import page as tasks

_PACK_MODULES = (selection, comparison, edition_table, edition_buttons, edition_pages)

_log = logging.getLogger("kpis")


def load_shared_assets() -> None:
    """Loads and makes it all once; about two seconds."""
    for weight in fonts.STYLES:
        fonts.build_woff(weight)
    for lang in LANGUAGES:
        load_catalogue(lang)
    theme.build_stylesheet()
    charts.render_bullet(charts.BulletValues(1, 2, 1, None, "on_track"), "", "vi", "light")


def prerender_latest_version(environ: Mapping[str, str]) -> None:
    """Draws the overview of the version that serves now, then every province, unless that is done.

    What keeps them from being drawn is logged here and told to the visitor by the page itself.
    """
    try:
        opened = startup.open_version(environ)
        if opened is not None:
            _render_first_pages(opened)
    except KpisError as error:
        _log.warning("%s", error)


def _render_first_pages(version: OpenVersion) -> None:
    for lang in LANGUAGES:
        data.call_cached(version.database, render_overview, _build_view(version, lang))
    for choice in load_filter_options(version.database, version.today, None).plans:
        if not choice.is_ward:
            data.call_cached(
                version.database, province.render_province, _build_view(version, DEFAULT_LANGUAGE, choice)
            )


def _build_view(version: OpenVersion, lang: Language, choice: PlanChoice | None = None) -> PageView:
    """What a visitor sees who asks for nothing but a province."""
    asked = {"lang": lang, **({"plan": choice.plan} if choice else {})}
    offered = FilterOptions(version.today, (choice,) if choice else ())
    return PageView(filters.parse_filters(asked, offered), choice, version.today, version.sample, "light")


# Imported for their own imports: what is loaded after the server's start is searched for garbage at every
# visit. Streamlit loads pandas with the first widget (30 ms), and a page with its first visit.
_ = (
    page_frame,
    pandas,
    agency,
    rows_to_fix,
    findings,
    province,
    sources,
    read_now,
    targets,
    tasks,
    *_PACK_MODULES,
)
