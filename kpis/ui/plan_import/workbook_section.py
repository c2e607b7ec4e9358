"""The workbook of the shown revision to take away, and one that comes back with decisions."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from kpis import settings
from kpis.errors import KpisError
from kpis.language.messages import explain
from kpis.plan_import.review.book.read import read_book, take_in_book
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.store.files import as_store_error
from kpis.ui.plan_import import session
from kpis.ui.plan_import.field_widgets import list_offered_agencies
from kpis.ui.shared.page_view import PageView

_MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_LISTED = 20


def render_workbook(draft: Draft, view: PageView) -> None:
    """Draw the download and the upload of the workbook."""
    with st.expander(view.t("Workbook of this revision (offline, to sign)")):
        st.download_button(
            view.t("Download the workbook of revision {revision}", revision=draft.revision),
            lambda: build_book(draft, list_offered_agencies(draft)),
            file_name=f"{draft.plan}-r{draft.revision}.xlsx",
            mime=_MIME_TYPE,
            key="kpis_import_book",
            on_click="ignore",
        )
        with st.form("kpis_import_book_form", border=False):
            upload = st.file_uploader(
                view.t("The workbook with decisions (.xlsx)"), key=session.get_upload_key("book"), max_upload_size=30
            )
            is_sent = st.form_submit_button(view.t("Take in the decisions"), key="kpis_import_book_read")
    if not is_sent:
        return
    if upload is None:
        session.add_messages([view.t("No file was chosen. Choose the workbook first.")])
    else:
        session.add_messages(_take_in(draft, upload.getvalue(), view))
        session.release_uploads()
    st.rerun()


def _take_in(draft: Draft, content: bytes, view: PageView) -> Sequence[str]:
    folder = DraftFolder(settings.get_register_folder(os.environ), draft.plan)
    try:
        current = folder.read()
        with as_store_error(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="kpis-book-") as aside:
            path = Path(aside) / f"{draft.plan}.xlsx"
            path.write_bytes(content)
            new, faults = take_in_book(read_book(path), current)
        if not faults and new is not current:
            folder.write(new, current)
    except KpisError as error:
        return [explain(error, view.lang)]
    if faults:
        lines = [
            view.t(
                "{tab}, cell {cell}: {reason}", tab=fault.tab, cell=fault.cell, reason=explain(fault.reason, view.lang)
            )
            for fault in faults[:_MAX_LISTED]
        ]
        more = [view.t("… and {n} more.", n=len(faults) - _MAX_LISTED)] if len(faults) > _MAX_LISTED else []
        return [*lines, *more, view.t("No decision of the workbook was taken in.")]
    changed = sum(row.revision == new.revision for row in new.rows) if new is not current else 0
    return [view.t("The workbook is taken in: {n} rows have other decisions now.", n=changed)]
