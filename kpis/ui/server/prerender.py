"""Work done before a visitor waits for it: imports, fonts, one chart; the first pages of a new version."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.access.errors import RightsFileError
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.charts import fonts
from kpis.errors import KpisError
from kpis.language.messages import LANGUAGES, Language, load_catalogue
from kpis.settings import load_settings
from kpis.ui import pages
from kpis.ui.agency import page as agency
from kpis.ui.agency import rows_to_fix
from kpis.ui.entries import page as entries
from kpis.ui.findings import page as findings
from kpis.ui.frame import page_frame, startup
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.overview.page import load_overview
from kpis.ui.pack import comparison, edition_buttons, edition_pages, edition_table, selection
from kpis.ui.province import page as province
from kpis.ui.server import theme
from kpis.ui.server.gate.websockets import OpenSockets
from kpis.ui.shared import charts
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.filters import DEFAULT_LANGUAGE
from kpis.ui.shared.viewer import list_page_slugs
from kpis.ui.sources import loss_buttons, read_now
from kpis.ui.sources import page as sources
from kpis.ui.targets import page as targets
from kpis.ui.tasks import page as tasks

_PACK_MODULES = (selection, comparison, edition_table, edition_buttons, edition_pages)

_log = logging.getLogger("kpis")
_MAX_VIEWERS = 50
_QUIET_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 5.0


def load_shared_assets() -> None:
    """Load fonts, catalogues, style sheet and chart library into their caches; about two seconds."""
    for weight in fonts.STYLES:
        fonts.build_woff(weight)
    for lang in LANGUAGES:
        load_catalogue(lang)
    theme.build_stylesheet()
    charts.render_curve(((date(2026, 1, 1), 1.0),), (), 2.0, "on_track", "", "vi")


def prerender_latest_version(environ: Mapping[str, str]) -> None:
    """Render the first pages of the current version into the cache: of every scope, then every province.

    People with equal scopes share them. An error is only logged: the visitor sees it on the page itself.
    """
    try:
        version = startup.open_version(environ)
        if version is not None:
            viewers = list_viewers(environ)
            _render_first_pages(version, viewers)
            for viewer in [viewer for viewer in viewers if _sees_everything(viewer)][:1]:
                _render_provinces(version, viewer)
    except KpisError as error:
        _log.warning("%s", error)


def list_viewers(environ: Mapping[str, str]) -> list[Viewer]:
    """Return one viewer for every set of rights in the rights file, those of most people first; at most fifty.

    Without a rights file that is everybody; with one that cannot be used nobody.
    """
    paths = get_access_paths(load_settings(environ, read_only=True))
    if not is_enforced(paths):
        return [OPEN_VIEWER]
    try:
        rights = AccessState(paths, environ).get_rights()
    except RightsFileError:
        return []
    entries_by_email: dict[str, set[Entry]] = {}
    for entry in rights.entries:
        entries_by_email.setdefault(entry.email, set()).add(replace(entry, email=""))
    people = Counter(frozenset(own_entries) for own_entries in entries_by_email.values())
    return [Viewer(Person("", same_entries)) for same_entries, _ in people.most_common(_MAX_VIEWERS)]


def _sees_everything(viewer: Viewer) -> bool:
    return viewer.person is None or viewer.person.sees_all_plans


def _render_first_pages(version: OpenVersion, viewers: Sequence[Viewer]) -> None:
    for viewer in viewers:
        for lang in LANGUAGES if _sees_everything(viewer) else (DEFAULT_LANGUAGE,):
            _wait_until_quiet()
            seen = _resolve(version, viewer, list_page_slugs(viewer)[0], lang)
            if seen.view.has_fixed_agency:
                agency.load_agency(seen.database, seen.row_database, seen.view)
            else:
                load_overview(seen.database, seen.view)


def _render_provinces(version: OpenVersion, viewer: Viewer) -> None:
    for choice in load_filter_options(version.database, version.today, None).plans:
        if not choice.is_ward:
            _wait_until_quiet()
            seen = _resolve(version, viewer, pages.PROVINCE, plan=choice.plan)
            province.load_province(seen.database, seen.row_database, seen.view)


def _resolve(
    version: OpenVersion, viewer: Viewer, slug: str, lang: Language = DEFAULT_LANGUAGE, plan: str | None = None
) -> ResolvedView:
    """Return the view of a visitor who chose only the language and perhaps a province, as the frame does."""
    query = {"lang": lang, "plan": plan}
    return resolve_view({name: value for name, value in query.items() if value}, version, viewer, slug)


def _wait_until_quiet() -> None:
    """Let visitors go first: wait while somebody is active, a few seconds for each page."""
    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    while time.monotonic() < min(end, OpenSockets.active_at + _QUIET_SECONDS):
        time.sleep(0.1)


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
    loss_buttons,
    targets,
    tasks,
    entries,
    *_PACK_MODULES,
)
