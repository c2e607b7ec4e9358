"""What a visitor would wait for, done before: imports, typeface, one chart; the overview of a new version."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pandas

from kpis.charts import fonts
from kpis.errors import KpisError
from kpis.language.messages import LANGUAGES, catalogue
from kpis.ui import charts, data, filters, frame, startup, theme
from kpis.ui.agency import mend
from kpis.ui.agency import page as agency
from kpis.ui.findings import page as findings
from kpis.ui.overview.page import overview
from kpis.ui.pack import choose, compare, editions, make, preview
from kpis.ui.province import page as province
from kpis.ui.sources import again
from kpis.ui.sources import page as sources
from kpis.ui.targets import page as targets
from kpis.ui.tasks import page as tasks
from kpis.ui.view import View

_PACK = (choose, compare, editions, make, preview)

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
    """Draws the overview of the version that serves now, unless that is done (design.md §8).

    What keeps it from being drawn is logged here and told to the visitor by the page itself.
    """
    try:
        opened = startup.opened(environ)
    except KpisError as error:
        _log.warning("%s", error)
        return
    if opened is None:
        return
    for lang in LANGUAGES:
        asked = filters.read({"lang": lang}, filters.Scope(opened.today))
        view = View(asked, None, opened.today, opened.sample, "light")
        data.ask(opened.database, overview, view)


# Imported for their own imports: what is loaded after the server's start is searched for garbage at every
# visit. Streamlit loads pandas with the first widget (30 ms), and a page with its first visit.
_ = (frame, pandas, agency, mend, findings, province, sources, again, targets, tasks, *_PACK)
