"""Empty, partial, stale and failed states, each with the next step."""

from __future__ import annotations

import logging

from markupsafe import Markup

from kpis.access.errors import NotAllowedError
from kpis.errors import KpisError
from kpis.language.messages import Language, explain, translate
from kpis.ui.shared.html import Child, show_markup, show_ready_mark, tag
from kpis.ui.shared.page_view import get_session_language
from kpis.ui.shared.viewer import get_viewer, runs_server

_log = logging.getLogger("kpis")


def render_state(title: str, *sentences: Child, role: str = "status") -> Markup:
    """Return a state shown instead of a page or part of it: what is wrong and what to do next."""
    paragraphs = [tag("p", sentence) for sentence in sentences if sentence]
    return tag("section", tag("h2", title), *paragraphs, class_="kpis kpis-state", role=role)


def render_notice(*sentence: Child) -> Markup:
    """Return a line above the figures: they are partial, stale, or not for the requested filters."""
    return tag("p", *sentence, class_="kpis-notice", role="status")


def render_notices(lines: list[Markup]) -> Markup:
    """Return several notices; empty for none."""
    return tag("div", *lines, class_="kpis kpis-notices") if lines else Markup()


def render_no_data_yet(lang: Language) -> Markup:
    """Return the state of a dashboard for which no source has been read yet."""
    return render_state(
        translate(lang, "No figures yet"),
        translate(lang, "No source has been read yet."),
    )


def render_empty(lang: Language, sentence: str) -> Markup:
    """Return the state of a page whose filters match nothing; `sentence` says what is missing."""
    return render_state(translate(lang, "Nothing to show"), sentence)


def render_error(error: Exception, lang: Language) -> Markup:
    """Return the message of a KpisError, or for any other error one general sentence without its text."""
    if isinstance(error, KpisError):
        return render_failure(explain(error, lang), lang)
    return render_failure(
        translate(lang, "Something unexpected went wrong; the figures are safe. Load the page again."),
        lang,
        translate(lang, "If it happens again, tell the administrator: the server's log has the details."),
    )


def render_failure(sentence: str, lang: Language, *more: str) -> Markup:
    """Return the state of a page, or a part of it, that could not be shown, with what is said about it."""
    return render_state(translate(lang, "This page could not be shown"), sentence, *more, role="alert")


def handle_script_error(error: Exception) -> bool:
    """Show an error state instead of a traceback, which goes to the log; for `st.App(on_script_error=…)`."""
    _log.error("a page failed", exc_info=error)
    show_markup(render_error(_hide_from_viewer(error), get_session_language()))
    show_ready_mark(None, state="error")
    return True


def _hide_from_viewer(error: Exception) -> Exception:
    """Return the error, or a general one for a viewer who does not run the server: no path, no other plan."""
    if isinstance(error, NotAllowedError):
        return error
    try:
        return error if runs_server(get_viewer()) else RuntimeError()
    except KpisError:
        return RuntimeError()
