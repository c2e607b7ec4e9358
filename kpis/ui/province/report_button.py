"""The button for the yearly report of the plan shown: the same Word document as the command `report`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from kpis.errors import KpisError
from kpis.report.figures import gather_report, resolve_report_day
from kpis.store.database import Database
from kpis.store.files import convert_os_error
from kpis.store.work_folders import open_work_folder
from kpis.ui.shared import data, guarded_buttons, html, states
from kpis.ui.shared.download_links import render_download
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_RESULT_KEY = "kpis_report_result"
_DOCX_MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class ReportRequest:
    """What a report is about, and the database version."""

    plan: str
    year: int
    as_of: date
    version: int

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"bao-cao-{self.plan}-{self.year}-den-{self.as_of.isoformat()}.docx"


def render_report_button(view: PageView) -> None:
    """Draw the button that creates the report, its download or error, for who may; nothing if no plan is shown."""
    if view.plan is not None and get_viewer().may("report", view.plan.plan):
        _render_report_fragment(view, view.plan.plan)


@st.fragment
def _render_report_fragment(view: PageView, plan: str) -> None:
    db = data.get_current_database()
    request = ReportRequest(plan, view.filters.year, view.as_of, db.version)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(view.t("Create the report of {year} (Word)", year=request.year), key=guarded_buttons.REPORT)
        slot = st.empty()
    if pressed:
        bar = slot.progress(0.0, text=view.t("Gathering the figures…"))
        st.session_state[_RESULT_KEY] = (
            request,
            _build_report(db, request, view, lambda done, text: bar.progress(done, text=text)),
        )
    last_request, result = st.session_state.get(_RESULT_KEY, (None, None))
    if last_request != request:
        return
    if isinstance(result, bytes):
        label = view.t("Download the report (.docx)")
        with slot:
            html.show_markup(
                render_download(label, lambda: result, request.file_name, _DOCX_MIME_TYPE, "report", request.plan)
            )
        sentence = view.t(
            "The report is as of {day}. Text highlighted in yellow is still to be written.",
            day=view.format_day(request.as_of),
        )
        html.show_markup(states.render_notices([states.render_notice(sentence)]))
    else:
        slot.empty()
        html.show_markup(states.render_notices([states.render_notice(str(result))]))


def _build_report(
    db: Database, request: ReportRequest, view: PageView, report_progress: Callable[[float, str], object]
) -> bytes | str:
    """Return the document, the same bytes as the command's, or a message if it cannot be created."""
    from kpis.report.document import write_report  # python-docx takes a second to load

    try:
        require_right("report", request.plan)
        resolve_report_day(request.year, view.today, request.as_of)
        figures = gather_report(db, request.plan, request.year, request.as_of)
        report_progress(0.5, view.t("Writing the report…"))
        with open_work_folder("report") as folder:
            return write_report(figures, folder / request.file_name).read_bytes()
    except KpisError as error:
        return explain_to_viewer(error, view)
    except OSError as error:
        return explain_to_viewer(convert_os_error(error, Path(request.file_name)), view)
