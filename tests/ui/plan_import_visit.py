"""A visit to the page Nhập kế hoạch without a browser: the page's own script, on a register in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.ui.plan_import.deciding import decide
from kpis.ui.plan_import.importing import UploadedDocument, import_document
from tests.plan_import.review.small_draft import HEADER, TEXT
from tests.ui.handmade_rows import build_view

PLAN, PLACE = "can-tho", "thành phố Cần Thơ"
LONG_SECONDS = 60.0


class Review:
    """One installation with a draft, and the visits of its reviewers."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.register = folder, folder / "register"
        self.environ = {
            "KPIS_SOURCES": str(folder / "sources.toml"),
            "KPIS_DATABASE": str(folder / "var" / "kpis.json"),
        }
        (folder / "sources.toml").write_text("", encoding="utf-8")
        for name, value in self.environ.items():
            monkeypatch.setenv(name, value)

    def import_text(self, text: str = TEXT, name: str = "ke-hoach.txt", plan: str = PLAN) -> Draft:
        """Import a plain text as the page does."""
        upload = UploadedDocument(name, text.encode(), plan, PLACE)
        return import_document(upload, self.register, self.environ).draft

    def read(self) -> Draft:
        """Return the draft as stored."""
        return DraftFolder(self.register, PLAN).read()

    def visit(self) -> AppTest:
        """Open the page as another reviewer."""
        test = AppTest.from_function(_run_page, default_timeout=LONG_SECONDS)
        test.session_state["view"] = build_view()
        return test.run()


def _run_page() -> None:
    import streamlit as st

    from kpis.ui.plan_import.page import render_plan_import
    from kpis.ui.shared import page_view

    page_view.store_view(st.session_state["view"])
    render_plan_import(page_view.get_current_view())


def show(test: AppTest, kind: str, row_id: str) -> AppTest:
    """Go to a row, as by the select boxes."""
    test.segmented_control(key="kpis_import_kind").set_value(kind).run()
    return test.selectbox(key=f"kpis_import_row_{kind}").set_value(row_id).run()


def press(test: AppTest, name: str) -> AppTest:
    """Press a button by the end of its key."""
    test.button(key=f"kpis_import_{name}").click().run()
    assert not test.exception, test.exception
    return test


def list_texts(test: AppTest) -> str:
    """Return everything that the page shows as HTML."""
    return "\n".join(element.proto.body for element in test.get("html"))


def decide_all(register: Path) -> Draft:
    """Decide on every row that is undecided as a careful reviewer would."""
    draft = DraftFolder(register, PLAN).read()
    for row in draft.rows:
        if row.is_added or row.decision is not None:
            continue
        name = row.id.removeprefix("header.")
        decision, values = "drop" if row.kind == "number" else "accept", dict[str, str]()
        if row.kind == "header" and name in HEADER and row.proposed.get("value") != HEADER[name]:
            decision, values = "change", {"value": HEADER[name]}
        elif row.kind == "header" and not row.proposed:
            decision = "drop"
        if row.kind in {"target", "milestone"}:
            values = {"lead": "Sở Công Thương"}
            if row.proposed.get("measure") == "count":
                values["accumulation"] = "increment"
            if not row.proposed.get("recurrence"):
                values |= {"recurrence": "by_end", "reason": "Mục tiêu ghi mốc năm cuối."}
        draft = decide(register, draft, row.id, decision, values)  # type: ignore[arg-type]
    return draft
