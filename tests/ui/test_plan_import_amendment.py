"""Amendments on the page Nhập kế hoạch: what changes beside what is in force, several rows at once, corrections."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpis.access.errors import NotAllowedError
from kpis.access.identities import Viewer
from kpis.access.rights import Action, Entry, Person
from kpis.plan_import.review.draft.acceptable import list_acceptable
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.draft.outdated import OutdatedError
from kpis.plan_import.review.versions.writing import list_versions
from kpis.services.plan_acceptance import AcceptanceChoices, accept_draft
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.ui.plan_import import acceptance_section, subject_choice, upload_form
from kpis.ui.plan_import.deciding import accept_rows, decide
from kpis.ui.plan_import.importing import UploadedDocument, import_document
from kpis.ui.plan_import.session import get_widget_key
from tests.cli.command_runner import NOW
from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AMENDMENT, AmendedInstallation, write_amendment
from tests.plan_import.review.small_draft import TEXT
from tests.ui.plan_import_visit import Review, list_texts, press, show

CLAUSE = "Thay thế cụm từ “90%” bằng cụm từ “95%” tại khoản 1 mục I."


class AmendedReview(Review):
    """An installation whose plan is accepted, and the visits of reviewers of a document that amends it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.installation = AmendedInstallation(folder)
        self.installation.accept_plan()
        super().__init__(folder, monkeypatch)

    def amend(self, text: str = AMENDMENT, mode: Any = "amends", name: str = "sua-doi.txt") -> Draft:
        """Import a document that amends the plan, as the page does."""
        upload = UploadedDocument(name, text.encode(), PLAN, mode=mode)
        return import_document(upload, self.register, self.environ).draft

    def decide_clauses(self, only: Mapping[str, str] | None = None) -> Draft:
        """Take every clause as it is proposed, keep what a new text lacks, drop what is left over."""
        draft = self.read()
        for row in draft.rows:
            if not row.needs_decision or row.decision is not None:
                continue
            is_empty = row.kind == "number" or (row.kind == "header" and not row.proposed)
            entered = {}
            if row.proposed.get("effect") == "add" and row.kind == "target":
                entered = {"lead": "Sở Công Thương", "accumulation": "increment"}
            decision = (only or {}).get(row.id, "drop" if is_empty else "accept")
            draft = decide(self.register, draft, row.id, decision, entered)  # type: ignore[arg-type]
        return draft

    def read_version(self, number: int) -> dict[str, Any]:
        """Return what version.toml says of a version."""
        path = self.register / "plans" / PLAN / str(number) / "version.toml"
        return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AmendedReview:
    return AmendedReview(tmp_path / "tỉnh", monkeypatch)


def find_clause(draft: Draft, effect: str, kind: str = "target") -> str:
    rows = [row for row in draft.rows if row.role == "clause" and row.proposed.get("effect") == effect]
    return next(row.id for row in rows if row.kind == kind)


def send(test: AppTest, mode: str, plan: str | None, text: str, name: str = "sua-doi.txt") -> AppTest:
    test.radio(key="kpis_import_mode").set_value(mode).run()
    (key,) = [str(each.key) for each in test.file_uploader if "_document_" in str(each.key)]
    test.file_uploader(key=key).set_value((name, text.encode(), ""))
    test.selectbox(key="kpis_import_amended").set_value(plan)
    return press(test, "read")


def test_an_amendment_decided_on_the_page_is_accepted_as_the_next_version(review: AmendedReview) -> None:
    draft = review.amend(write_amendment(CLAUSE))
    needed = [row for row in draft.rows if row.needs_decision]
    assert {row.role for row in needed} == {"proposal", "clause"}
    outcome = accept_draft(draft, "Lan", review.environ, NOW)
    assert {fault.row.id for fault in outcome.faults} >= {row.id for row in needed}
    decided = draft.with_rows({row.id: row.with_decision("accept", {}) for row in needed})
    DraftFolder(review.register, PLAN).write(decided, draft)
    asked_at: list[bool] = []

    def refuse() -> None:
        asked_at.append((review.register / "plans" / PLAN / "2").exists())
        raise NotAllowedError("taken away")

    with pytest.raises(NotAllowedError):
        accept_draft(decided, "Lan", review.environ, NOW, require_right=refuse)
    assert asked_at == [False] and len(list_versions(review.register, PLAN)) == 1
    outcome = accept_draft(decided, "Lan", review.environ, NOW)
    assert (list(outcome.faults), outcome.targets) == ([], 3)
    version = review.read_version(2)["version"]
    assert (version["reviewer"], version["number"]) == ("Lan", 2)
    assert review.installation.list_targets()[f"{PLAN}.02"]["floor"] == 0.95
    with pytest.raises(ReviewError, match="accepted already"):
        accept_draft(decided, "Lan", review.environ, NOW)


def test_an_uploaded_amendment_shows_old_beside_new_with_its_clause(review: AmendedReview) -> None:
    visit = send(review.visit(), "amends", PLAN, AMENDMENT)
    texts = list_texts(visit)
    assert "sua-doi.txt: 3 điểm sửa một mục của “can-tho”, 1 điểm bãi bỏ, 1 điểm bổ sung" in texts, texts
    draft = review.read()
    assert (draft.mode, draft.basis) == ("amends", 1)
    code = find_clause(draft, "change")
    texts = list_texts(show(visit, "target", code))
    entry = draft.get_row(code).proposed["amends"]
    assert f"Điểm này sửa {entry}" in texts and "Nội dung thay đổi" in texts
    assert "đang có hiệu lực" in texts and "theo văn bản" in texts
    assert "Sửa đổi gạch đầu dòng thứ nhất khoản 1 mục I" in texts
    task = find_clause(draft, "repeal", "task")
    assert "Điểm này bãi bỏ NV001" in list_texts(show(visit, "task", task))
    new = find_clause(draft, "add")
    assert "bổ sung một mục mới" in list_texts(show(visit, "target", new))
    assert "Đang có hiệu lực; điểm" in list_texts(show(visit, "target", entry))


def test_only_plans_that_are_there_can_be_chosen(review: AmendedReview) -> None:
    visit = review.visit()
    visit.radio(key="kpis_import_mode").set_value("amends").run()
    options = visit.selectbox(key="kpis_import_amended").options
    assert options[0].startswith(PLAN) and any(option.startswith("ha-noi") for option in options)
    assert "Chưa chọn kế hoạch nào" in list_texts(send(visit, "amends", None, AMENDMENT))
    assert DraftFolder(review.register, PLAN).read().mode == "new"


def test_acceptance_on_the_page_has_the_day_the_years_and_the_reviewer(
    review: AmendedReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person("lan@x.vn", frozenset({Entry("lan@x.vn", "focal", frozenset({PLAN}))}))
    monkeypatch.setattr(acceptance_section, "require_right", lambda *_: Viewer(person))
    draft = review.amend()
    review.decide_clauses()
    visit = review.visit()
    assert "Để trống: 01/07/2027, theo văn bản." in list_texts(visit)
    visit.date_input(key=f"kpis_import_in_force_{draft.id}").set_value(date(2027, 8, 1))
    visit.multiselect(key=f"kpis_import_again_{draft.id}").set_value([2027])
    press(visit, "accept_plan")
    texts = list_texts(visit)
    assert "Phiên bản 2: 120/QĐ-UBND" in texts and "hiệu lực từ 01/08/2027" in texts, texts
    version = review.read_version(2)["version"]
    assert (version["reviewer"], version["judges_again"]) == ("lan@x.vn", [2027])
    assert version["in_force_from"] == date(2027, 8, 1)
    note = list(journal.read(DatabasePaths(review.folder / "var" / "kpis.json").journal))[-1]
    assert (note["by"], note["in_force_from"], note["judges_again"]) == ("lan@x.vn", "2027-08-01", "2027")
    assert not [each for each in visit.selectbox if each.key == "kpis_import_draft"]


def test_the_page_names_what_is_over_and_what_is_not_judged_before_acceptance(
    review: AmendedReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    growth = "Sửa đổi gạch đầu dòng thứ hai khoản 1 mục I như sau:\n\n“- Đến năm 2028, số chợ được lát nền tăng 20%.”"
    draft = review.amend(
        f"{AMENDMENT.partition('2. Bổ sung')[0]}2. {growth}\n{AMENDMENT[AMENDMENT.index('Điều 2.') :]}"
    )
    assert "theo bản trước" not in list_texts(review.visit()), "nothing is decided"
    review.decide_clauses()
    visit = review.visit()
    texts = list_texts(visit)
    assert "phần đến hạn năm 2026 vẫn đánh giá theo bản trước" in texts, texts
    assert "thì chọn năm đó ở ô “Năm mà bản này đánh giá lại" in texts
    assert "không chấm: mức tăng, giảm chưa có số gốc và năm gốc" in texts, texts
    visit.multiselect(key=f"kpis_import_again_{draft.id}").set_value([2026]).run()
    assert "theo bản trước" not in list_texts(visit)
    monkeypatch.setattr(acceptance_section, "_MAX_RESULTS", 1)
    visit.multiselect(key=f"kpis_import_again_{draft.id}").set_value([]).run()
    press(visit, "accept_plan")
    texts = list_texts(visit)
    assert "không chấm: mức tăng" in texts and "theo bản trước" not in texts
    assert "… và 1" in texts, texts


def test_a_refused_day_is_a_sentence_and_nothing_changes(review: AmendedReview) -> None:
    draft = review.amend(AMENDMENT.replace("Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2027.", ""))
    review.decide_clauses()
    visit = review.visit()
    assert "Để trống: 15/06/2027, là ngày ban hành." in list_texts(visit)
    choices = AcceptanceChoices(in_force_from=date(2031, 1, 1))
    with pytest.raises(ReviewError, match="2031 is not a year of the plan"):
        accept_draft(review.read(), "Lan", review.environ, NOW, choices)
    assert draft.id and not (review.register / "plans" / PLAN / "2").exists()


def test_what_a_new_text_lacks_is_kept_or_ended_by_the_reviewer_alone(review: AmendedReview) -> None:
    new_text = TEXT.replace("- Bảng giá được treo ở 12 lối vào.\n\n", "").replace(
        "2\tTập huấn người bán hàng\tSở Y tế\tSở Công Thương\tLớp học\tHằng năm\n", ""
    ).replace("Số: 77/KH-UBND", "Số: 90/KH-UBND")  # fmt: skip
    draft = review.amend(new_text.replace("90%", "80%"), "whole")
    (missing,) = [row for row in draft.list_rows("task") if row.role == "in_force" and row.needs_decision]
    assert missing.id not in {row.id for row in list_acceptable(draft, "task")}
    visit = review.visit()
    texts = list_texts(show(visit, "task", missing.id))
    assert "không có trong văn bản mới" in texts
    press(visit, "drop")
    assert review.read().get_row(missing.id).decision == "drop"


def test_an_entry_is_ended_only_beside_the_clause_that_ends_it(review: AmendedReview) -> None:
    draft = review.amend(write_amendment(CLAUSE))
    visit = review.visit()
    show(visit, "task", "NV001")
    press(visit, "drop")
    assert "hãy chép vào đây nguyên văn điểm, khoản sửa đổi hoặc bãi bỏ dòng này" in list_texts(visit)
    assert review.read().get_row("NV001").decision is None
    widget = visit.text_area(key=get_widget_key(draft, draft.get_row("NV001"), "clause"))
    widget.set_value("Các nội dung khác của Kế hoạch số 77/KH-UBND giữ nguyên.")
    press(visit, "drop")
    assert review.read().get_row("NV001").decision == "drop"


def test_several_rows_are_accepted_as_one_revision_and_never_one_with_a_gap(review: AmendedReview) -> None:
    plan = "can-tho-2027"
    upload = UploadedDocument(
        "khac.txt", TEXT.replace("2026 - 2028", "2027 - 2028").encode(), plan, "thành phố Cần Thơ"
    )
    draft = import_document(upload, review.register, review.environ).draft
    tasks = accept_rows(review.register, draft, "task")
    draft = DraftFolder(review.register, plan).read()
    assert [row.id for row in tasks] == ["NV001", "NV002"] and draft.revision == 2
    assert not list_acceptable(draft, "target"), "no text says who leads"
    rows = list_acceptable(draft, "target", "Sở Công Thương")
    assert all(row.get_value("lead") == "Sở Công Thương" and row.confidence >= 0.7 for row in rows)
    assert "CT001" not in {row.id for row in rows}, "how its entries count is not said"
    assert not list_acceptable(draft, "number")
    with pytest.raises(OutdatedError):
        accept_rows(review.register, replace(draft, revision=1), "header")
    draft = decide(review.register, draft, "NV001", "drop", {})
    assert (draft.revision, draft.get_row("NV001").decision) == (3, "drop")


def test_a_misread_version_is_opened_again_and_replaced_with_the_reason(review: AmendedReview) -> None:
    visit = press(review.visit(), "reopen")
    draft = review.read()
    assert draft.get_row("NV001").decision == "accept", "the decisions of the book that was accepted"
    assert "đã mở lại" in list_texts(visit).casefold()
    assert "a correction is under review" in review.installation.run("plan", "list").out
    show(visit, "target", "CT002")
    row = draft.get_row("CT002")
    visit.text_input(key=get_widget_key(draft, row, "floor")).set_value("85 %")
    press(visit, "change")
    press(visit, "accept_plan")
    assert "--why" in list_texts(visit), "a correction says why"
    visit.text_area(key=f"kpis_import_why_{draft.id}").set_value("Đọc 90 % thay vì 85 %")
    press(visit, "accept_plan")
    texts = list_texts(visit)
    assert "đính chính phiên bản 1" in texts and "Đọc 90 % thay vì 85 %" in texts, texts
    version = review.read_version(2)["version"]
    assert (version["corrects"], version["why"]) == (1, "Đọc 90 % thay vì 85 %")
    assert review.installation.list_targets()[f"{PLAN}.02"]["floor"] == 0.85
    assert not [each for each in visit.selectbox if each.key == "kpis_import_draft"]
    # The corrected version is corrected once; the correction itself can be.
    assert len(visit.selectbox(key="kpis_import_version").options) == 1


def test_a_focal_department_sees_and_imports_its_own_plans_alone(
    review: AmendedReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person("a@x.vn", frozenset({Entry("a@x.vn", "focal", frozenset({PLAN}))}))
    monkeypatch.setattr(subject_choice, "get_viewer", lambda: Viewer(person))
    visit = review.visit()
    visit.radio(key="kpis_import_mode").set_value("amends").run()
    assert [each.split(" ")[0] for each in visit.selectbox(key="kpis_import_amended").options] == [PLAN]
    wanted: list[tuple[Action, str]] = []

    def require(action: Action, plan: str) -> Viewer:
        wanted.append((action, plan))
        return Viewer(person)

    monkeypatch.setattr(upload_form, "require_right", require)
    send(visit, "amends", PLAN, AMENDMENT)
    assert wanted == [("import_plan", PLAN)]


def test_a_document_of_another_place_is_remarked_at_once(review: AmendedReview) -> None:
    visit = send(review.visit(), "amends", PLAN, AMENDMENT.replace("THÀNH PHỐ CẦN THƠ", "TỈNH AN GIANG"))
    assert "văn bản là của" in list_texts(visit) and "thành phố Cần Thơ" in list_texts(visit)
