"""What a page says of the files that the machines of a lake share: that they cannot be read now, or are each one's."""

from __future__ import annotations

from markupsafe import Markup

from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.store.shared_files import find_files
from kpis.ui.shared import states
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer_errors import explain_to_viewer

_EACH_ITS_OWN = (
    "Each machine keeps its own editions and audit, as no shared folder is set (KPIS_SHARED): what was made on another "
    "machine is not listed here."
)


def find_folder_problem(settings: Settings) -> StoreError | None:
    """Return why the editions and the audit cannot be read; None where they can."""
    try:
        find_files(settings).require()
    except StoreError as error:
        return error
    return None


def render_folder_notice(settings: Settings, view: PageView) -> Markup:
    """Return the sentence about these files; empty where there is nothing to say."""
    problem = find_folder_problem(settings)
    if problem is not None:
        return states.render_notices([states.render_notice(explain_to_viewer(problem, view))])
    if settings.lake is not None and settings.shared is None:
        return states.render_notices([states.render_notice(view.t(_EACH_ITS_OWN))])
    return Markup("")
