"""What a visitor would wait for, done before: imports, typeface, one chart; a new version's first pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pandas

from kpis.charts import fonts
from kpis.errors import KpisError
from kpis.language.messages import LANGUAGES, Language, catalogue
from kpis.ui.agency import page as agency
from kpis.ui.agency import rows_to_fix
from kpis.ui.findings import page as findings
from kpis.ui.frame import page_frame, startup
from kpis.ui.frame.startup import Opened
from kpis.ui.overview.page import overview
from kpis.ui.pack import comparison, edition_buttons, edition_pages, edition_table, selection
from kpis.ui.province import page as province
from kpis.ui.server import theme
from kpis.ui.shared import charts, data, filters
from kpis.ui.shared.filter_options import scope
from kpis.ui.shared.filters import DEFAULT_LANGUAGE, PlanChoice, Scope
from kpis.ui.shared.page_view import View
from kpis.ui.sources import page as sources
from kpis.ui.sources import read_now
from kpis.ui.targets import page as targets
from kpis.ui.tasks import page as tasks

_PACK = (selection, comparison, edition_table, edition_buttons, edition_pages)

_log = logging.getLogger("kpis")


def everything() -> None:
    """Loads and makes it all once; about two seconds."""
    for weight in fonts.STYLES:
        fonts.woff(weight)
    for lang in LANGUAGES:
        catalogue(lang)
    theme.stylesheet()
    charts.bullet(charts.Bullet(1, 2, 1, None, "on_track"), "", "vi", "light")


def newest(environ: Mapping[str, str]) -> None:
    """Draws the overview of the version that serves now, then every province, unless that is done.

    What keeps them from being drawn is logged here and told to the visitor by the page itself.
    """
    try:
        opened = startup.opened(environ)
        if opened is not None:
            _draw(opened)
    except KpisError as error:
        _log.warning("%s", error)


def _draw(opened: Opened) -> None:
    for lang in LANGUAGES:
        data.ask(opened.database, overview, _view(opened, lang))
    for choice in scope(opened.database, opened.today, None).plans:
        if not choice.ward:
            data.ask(opened.database, province.province, _view(opened, DEFAULT_LANGUAGE, choice))


def _view(opened: Opened, lang: Language, choice: PlanChoice | None = None) -> View:
    """What a visitor sees who asks for nothing but a province."""
    asked = {"lang": lang, **({"plan": choice.plan} if choice else {})}
    offered = Scope(opened.today, (choice,) if choice else ())
    return View(filters.read(asked, offered), choice, opened.today, opened.sample, "light")


# Imported for their own imports: what is loaded after the server's start is searched for garbage at every
# visit. Streamlit loads pandas with the first widget (30 ms), and a page with its first visit.
_ = (page_frame, pandas, agency, rows_to_fix, findings, province, sources, read_now, targets, tasks, *_PACK)
