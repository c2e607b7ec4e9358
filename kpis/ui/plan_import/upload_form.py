"""The form that takes an issued document: what it is for, the file; the import with its progress."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from kpis.errors import KpisError, UsageError
from kpis.plan_import.documents.bounds import MAX_FILE_BYTES
from kpis.plan_import.review.draft.model import Draft
from kpis.ui.plan_import import session
from kpis.ui.plan_import.importing import ImportedDraft, UploadedDocument, import_document
from kpis.ui.plan_import.subject_choice import render_mode, render_subject_fields
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.progress_bars import show_progress
from kpis.ui.shared.viewer import require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer


def render_upload_form(view: PageView, register: Path) -> None:
    """Draw the form; when it is sent, import the document and show its draft, or say why not."""
    limit = MAX_FILE_BYTES >> 20
    mode = render_mode(view)
    with st.form("kpis_import_upload", border=False):
        # Without `type`: the page itself says what to do with a .doc, in the reader's language.
        upload = st.file_uploader(
            view.t("The issued document: .docx, .pdf with text, .txt or .md, up to {limit} MB", limit=limit),
            key=session.get_upload_key("document"),
            max_upload_size=limit,
        )
        plan, place = render_subject_fields(view, mode)
        is_sent = st.form_submit_button(view.t("Read the document"), type="primary", key="kpis_import_read")
    if not is_sent:
        return
    if upload is None:
        session.add_messages("page", [view.t("No file was chosen. Choose the issued document first.")])
    elif mode != "new" and not plan:
        session.add_messages("page", [view.t("No plan was chosen. Choose the plan that the document changes.")])
    elif mode == "new" and not (plan and place):
        sentence = view.t("Write the id of the new plan and its place first; the chosen file stays.")
        session.add_messages("page", [sentence])
    else:
        document = UploadedDocument(upload.name, upload.getvalue(), plan, place, mode)
        _import_with_progress(view, register, document)
    st.rerun()


def _import_with_progress(view: PageView, register: Path, document: UploadedDocument) -> None:
    """Import, and keep what came of it for the next run; the file stays where only the id or place is refused."""
    try:
        viewer = require_right("import_plan", document.plan)
        with show_progress(view.t("Reading the document…")) as bar:

            def report(page: int, pages: int) -> None:
                text = view.t("Page {page} of {pages} read…", page=page, pages=pages)
                bar.progress(min(page / pages, 1.0) if pages else 1.0, text=text)

            imported = import_document(
                document, register, os.environ, report, lambda each: viewer.may("import_plan", each)
            )
    except KpisError as error:
        messages = [explain_to_viewer(error, view), view.t("Nothing was imported; the register is as it was.")]
        if not isinstance(error, UsageError):
            session.release_uploads()
    else:
        messages = _describe(imported, view)
        session.open_draft(imported.draft.plan)
        session.release_uploads()
    session.add_messages("page", messages)


def _describe(imported: ImportedDraft, view: PageView) -> list[str]:
    draft = imported.draft
    notes = [view.t(text, **values) for text, values in imported.notes]
    if not imported.is_new:
        sentence = view.t(
            "The draft of “{plan}” is from the same document and goes on with what is decided.", plan=draft.plan
        )  # fmt: skip
    elif draft.mode == "new":
        sentence = _count_proposals(draft, view)
    else:
        sentence = _count_clauses(draft, view)
    return [sentence, *notes]


def _count_proposals(draft: Draft, view: PageView) -> str:
    counts = {
        kind: sum(not row.is_added for row in draft.list_rows(kind))
        for kind in ("target", "milestone", "task", "agency", "number")
    }
    return view.t(
        "{file}: {targets} values of targets, {milestones} milestones, {tasks} tasks, {agencies} agencies "
        "proposed; {n} numbers left over. Nothing counts until it is reviewed and accepted.",
        file=draft.file_name, targets=counts["target"], milestones=counts["milestone"], tasks=counts["task"],
        agencies=counts["agency"], n=counts["number"],
    )  # fmt: skip


def _count_clauses(draft: Draft, view: PageView) -> str:
    """Return how many entries the document changes, ends or adds, lacks, and what it leaves unclear."""
    effects = [row.proposed.get("effect", "") for row in draft.rows if row.role == "clause" and not row.is_added]
    return view.t(
        "{file}: {changes} clauses change an entry of “{plan}”, {repeals} end one, {additions} add one, {unclear} are "
        "unclear; {missing} entries are not in the new text; {n} numbers left over. Nothing counts until it is "
        "reviewed and accepted.",
        file=draft.file_name, plan=draft.plan, changes=effects.count("change"), repeals=effects.count("repeal"),
        additions=effects.count("add"), unclear=effects.count(""),
        missing=sum(row.role == "in_force" and row.needs_decision for row in draft.rows),
        n=len(draft.list_rows("number")),
    )  # fmt: skip
