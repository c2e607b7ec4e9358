"""The workbook of the shown revision to take away, and one that comes back with decisions."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from kpis import settings
from kpis.access.identities import Viewer
from kpis.errors import KpisError
from kpis.plan_import.review.book.read import read_book, take_in_book
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.plan_import.review.visible_indicators import hide_indicators
from kpis.register.load import load_register
from kpis.store.files import as_store_error
from kpis.ui.plan_import import session
from kpis.ui.shared import html
from kpis.ui.shared.download_links import render_download
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_LISTED = 20


def render_workbook(draft: Draft, view: PageView) -> None:
    """Draw the download and the upload of the workbook."""
    with st.expander(view.t("Workbook of this revision (offline, to sign)")):
        link = render_download(
            view.t("Download the workbook of revision {revision}", revision=draft.revision),
            partial(_build_book, draft, get_viewer()),
            f"{draft.plan}-r{draft.revision}.xlsx",
            _MIME_TYPE,
            "import_plan",
            draft.plan,
        )
        html.show_markup(tag("p", link, class_="kpis kpis-downloads", lang=view.lang))
        with st.form("kpis_import_book_form", border=False):
            upload = st.file_uploader(
                view.t("The workbook with decisions (.xlsx)"), key=session.get_upload_key("book"), max_upload_size=30
            )
            is_sent = st.form_submit_button(view.t("Take in the decisions"), key="kpis_import_book_read")
    if not is_sent:
        return
    if upload is None:
        session.add_messages("page", [view.t("No file was chosen. Choose the workbook first.")])
    else:
        session.add_messages("page", _take_in(draft, upload.getvalue(), view))
        session.release_uploads()
    st.rerun()


def _build_book(draft: Draft, viewer: Viewer) -> bytes:
    overlay = settings.find_overlay(os.environ)
    register = hide_indicators(load_register(overlay=overlay), overlay, partial(viewer.may, "import_plan"))
    names = [indicator.name_vi for indicator in register.indicators.values()]
    return build_book(draft, list_offered_agencies(draft), names)


def _take_in(draft: Draft, content: bytes, view: PageView) -> Sequence[str]:
    folder = DraftFolder(settings.get_register_folder(os.environ), draft.plan)
    try:
        require_right("import_plan", draft.plan)
        current = folder.read()
        with as_store_error(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="kpis-book-") as aside:
            path = Path(aside) / f"{draft.plan}.xlsx"
            path.write_bytes(content)
            new, faults = take_in_book(read_book(path), current)
        if not faults and new is not current:
            folder.write(new, current)
    except KpisError as error:
        return [explain_to_viewer(error, view)]
    if faults:
        lines = [
            view.t(
                "{tab}, cell {cell}: {reason}",
                tab=fault.tab,
                cell=fault.cell,
                reason=explain_to_viewer(fault.reason, view),
            )
            for fault in faults[:_MAX_LISTED]
        ]
        more = [view.t("… and {n} more.", n=len(faults) - _MAX_LISTED)] if len(faults) > _MAX_LISTED else []
        return [*lines, *more, view.t("No decision of the workbook was taken in.")]
    changed = sum(row.revision == new.revision for row in new.rows) if new is not current else 0
    return [view.t("The workbook is taken in: {n} rows have other decisions now.", n=changed)]
