"""Who does something with requests on this page."""

from __future__ import annotations

import os

from kpis.language import clock
from kpis.requests.asking import Asker
from kpis.settings import load_settings
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right


def require_asker(view: PageView, plan: str) -> Asker:
    """Return the viewer as the one who acts on requests of a plan; NotAllowedError where rights do not allow it."""
    viewer = require_right("request", plan)
    person = "" if viewer.person is None else viewer.person.email
    return Asker(load_settings(os.environ), person, clock.get_utc_now(), view.today)
