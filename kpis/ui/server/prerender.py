"""Work done before a visitor waits for it: imports, fonts, one chart; the first pages of a new version."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pandas

from kpis.charts import fonts
from kpis.errors import KpisError
from kpis.language.messages import LANGUAGES, Language, load_catalogue
from kpis.ui.agency import page as agency
from kpis.ui.agency import rows_to_fix
from kpis.ui.entries import page as entries
from kpis.ui.findings import page as findings
from kpis.ui.frame import page_frame, startup
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.overview.page import load_overview
from kpis.ui.pack import comparison, edition_buttons, edition_pages, edition_table, selection
from kpis.ui.province import page as province
from kpis.ui.server import theme
from kpis.ui.shared import charts, data, filters
from kpis.ui.shared.entry_explanations import load_entry_explanations
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
    """Load fonts, catalogues, style sheet and chart library into their caches; about two seconds."""
    for weight in fonts.STYLES:
        fonts.build_woff(weight)
    for lang in LANGUAGES:
        load_catalogue(lang)
    theme.build_stylesheet()
    charts.render_bullet(charts.BulletValues(1, 2, 1, None, "on_track"), "", "vi", "light")


def prerender_latest_version(environ: Mapping[str, str]) -> None:
    """Render the overview of the current version, then every province, into the cache.

    An error is only logged: the visitor sees it on the page itself.
    """
    try:
        version = startup.open_version(environ)
        if version is not None:
            _render_first_pages(version)
    except KpisError as error:
        _log.warning("%s", error)


def _render_first_pages(version: OpenVersion) -> None:
    plans = load_filter_options(version.database, version.today, None).plans
    only_plan = plans[0] if len(plans) == 1 else None
    for lang in LANGUAGES:
        load_overview(version.database, _build_view(version, lang, only_plan))
    for choice in plans:
        if not choice.is_ward:
            view = _build_view(version, DEFAULT_LANGUAGE, choice)
            explanations = load_entry_explanations(version.database, view)
            data.call_cached(version.database, province.render_province, view, explanations)


def _build_view(version: OpenVersion, lang: Language, choice: PlanChoice | None = None) -> PageView:
    """Return the view of a visitor who chose only the language and perhaps a province."""
    query = {"lang": lang, **({"plan": choice.plan} if choice else {})}
    options = FilterOptions(version.today, (choice,) if choice else ())
    return PageView(filters.parse_filters(query, options), choice, version.today, version.sample, "light")


# Imported for their side effect: modules loaded after gc.freeze() slow down every garbage collection.
# Streamlit loads pandas with the first widget (30 ms) and a page on its first visit.
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
    entries,
    *_PACK_MODULES,
)
