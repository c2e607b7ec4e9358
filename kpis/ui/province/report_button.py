"""The yearly report of the plan shown, the Word document that `report` writes: made only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from kpis.errors import KpisError
from kpis.language.messages import explain
from kpis.report.figures import gather_report, resolve_report_day
from kpis.store.database import Database
from kpis.store.files import convert_os_error
from kpis.ui.shared import data, html, states
from kpis.ui.shared.page_view import PageView

_RESULT_KEY = "kpis_report_made"
_DOCX_MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class ReportRequest:
    """What a report is about, of which version of the figures."""

    plan: str
    year: int
    as_of: date
    version: int

    @property
    def file_name(self) -> str:
        """Its file's name."""
        return f"bao-cao-{self.plan}-{self.year}-den-{self.as_of.isoformat()}.docx"


def render_report_button(view: PageView) -> None:
    """The button that makes the report, what came of it and its download; nothing where no plan is shown."""
    if view.plan is not None:
        _render_report_fragment(view, view.plan.plan)


@st.fragment
def _render_report_fragment(view: PageView, plan: str) -> None:
    db = data.get_current_database()
    asked = ReportRequest(plan, view.filters.year, view.as_of, db.version)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            view.t("Make the report of {year} (Word)", year=asked.year), key="kpis_report_make"
        )
        place = st.empty()
    if pressed:
        bar = place.progress(0.0, text=view.t("Gathering the figures…"))
        st.session_state[_RESULT_KEY] = (
            asked,
            _build_report(db, asked, view, lambda done, said: bar.progress(done, text=said)),
        )
    known, made = st.session_state.get(_RESULT_KEY, (None, None))
    if known != asked:
        return
    if isinstance(made, bytes):
        label = view.t("Download the report (.docx)")
        place.download_button(
            label,
            made,
            asked.file_name,
            _DOCX_MIME_TYPE,
            key="kpis_report_download",
            on_click="ignore",
            type="primary",
        )
        said = view.t(
            "The report is as of {day}. Text highlighted in yellow is still to be written.",
            day=view.format_day(asked.as_of),
        )
        html.show_markup(states.render_notices([states.render_notice(said)]))
    else:
        place.empty()
        html.show_markup(states.render_notices([states.render_notice(str(made))]))


def _build_report(
    db: Database, request: ReportRequest, view: PageView, report_progress: Callable[[float, str], object]
) -> bytes | str:
    """The document, the same bytes as the command's; a sentence where it cannot be made."""
    from kpis.report.document import write_report  # python-docx takes a second to load

    try:
        resolve_report_day(request.year, view.today, request.as_of)
        figures = gather_report(db, request.plan, request.year, request.as_of)
        report_progress(0.5, view.t("Writing the report…"))
        with TemporaryDirectory(prefix="kpis-report-") as folder:
            return write_report(figures, Path(folder) / request.file_name).read_bytes()
    except KpisError as error:
        return explain(error, view.lang)
    except OSError as error:
        return explain(convert_os_error(error, Path(request.file_name)), view.lang)
