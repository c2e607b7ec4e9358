"""The page Nhập kế hoạch: each decision and refusal, two reviewers at once, text that stays text, accepting."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pypdfium2 import PdfDocument
from streamlit.testing.v1 import AppTest

from kpis.access.errors import NotAllowedError
from kpis.access.identities import Viewer
from kpis.access.rights import Entry, Person
from kpis.plan_import.review.draft import folder
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import CLEARED, Draft, DraftRow, ReviewError
from kpis.store import journal
from kpis.store.files import build_full_disk_error
from kpis.store.paths import DatabasePaths
from kpis.ui.plan_import import acceptance_section, discard_section, row_form, upload_form, workbook_section
from kpis.ui.plan_import.deciding import decide
from kpis.ui.plan_import.open_drafts import find_open_drafts
from kpis.ui.plan_import.session import get_widget_key
from kpis.ui.shared.viewer_errors import explain_to_viewer
from tests.plan_import.review.small_draft import TEXT, build_small_draft, write_small_book
from tests.plan_import.review.small_draft import fill_in as fill_in_book
from tests.ui.handmade_rows import build_view
from tests.ui.plan_import_visit import PLAN, Review, decide_all, list_texts, press, show


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    return Review(tmp_path, monkeypatch)


@pytest.fixture
def visit(review: Review) -> AppTest:
    review.import_text()
    return review.visit()


def fill_in(test: AppTest, review: Review, row: DraftRow, **values: object) -> None:
    draft = review.read()
    widgets: list[Any] = [*test.text_input, *test.text_area, *test.selectbox]
    for name, value in values.items():
        (widget,) = [widget for widget in widgets if widget.key == get_widget_key(draft, row, name)]
        widget.set_value(value)


def test_an_accepted_row_is_the_next_revision_and_the_next_undecided_row_is_shown(
    review: Review, visit: AppTest
) -> None:
    assert visit.session_state["kpis_import_row_header"] == "header.plan"
    press(visit, "accept")
    draft = review.read()
    assert (draft.revision, draft.get_row("header.plan").decision) == (2, "accept")
    assert visit.session_state["kpis_import_row_header"] == "header.place"
    assert "Còn" in list_texts(visit) and "lần 2" in list_texts(visit)


def test_a_target_is_changed_with_what_no_text_says(review: Review, visit: AppTest) -> None:
    show(visit, "target", "CT001")
    row = review.read().get_row("CT001")
    fill_in(visit, review, row, floor="6", lead="Sở Công Thương", accumulation="increment", unit="đợt")
    press(visit, "change")
    row = review.read().get_row("CT001")
    assert row.decision == "change"
    assert (row.get_value("floor"), row.proposed["floor"]) == ("6", "4")
    assert (row.get_value("lead"), row.get_value("accumulation")) == ("Sở Công Thương", "increment")


def test_a_row_is_dropped_and_its_decision_undone(review: Review, visit: AppTest) -> None:
    show(visit, "task", "NV002")
    press(visit, "drop")
    assert review.read().get_row("NV002").decision == "drop"
    show(visit, "task", "NV002")
    press(visit, "undo")
    assert review.read().get_row("NV002").decision is None


def test_every_kind_of_row_can_be_decided(review: Review, visit: AppTest) -> None:
    draft = review.read()
    for kind in ("header", "target", "milestone", "task", "agency", "number"):
        rows = [row for row in draft.list_rows(kind) if not row.is_added]
        if not rows:
            continue
        row = next((row for row in rows if row.id == "header.number"), rows[0])
        show(visit, kind, row.id)
        press(visit, "drop")
        assert review.read().get_row(row.id).decision == "drop", kind


@pytest.mark.parametrize(
    ("values", "button", "sentence"),
    [
        ({}, "accept", "Cơ quan chủ trì"),
        ({"floor": "6", "lead": "Sở Công Thương"}, "accept", "nhưng quyết định là Nhận"),
        ({}, "change", "quyết định là Sửa"),
        ({"floor": "6"}, "drop", "nhưng quyết định là Bỏ"),
        ({"floor": "nhiều", "lead": "Sở Công Thương"}, "change", "không phải là số"),
    ],
)
def test_a_decision_that_contradicts_itself_is_refused_and_what_was_typed_stays(
    values: dict[str, str], button: str, sentence: str, review: Review, visit: AppTest
) -> None:
    show(visit, "target", "CT001")
    row = review.read().get_row("CT001")
    fill_in(visit, review, row, **values)
    press(visit, button)
    assert sentence in list_texts(visit)
    assert review.read().revision == 1
    for name, value in values.items():
        assert visit.session_state[get_widget_key(review.read(), row, name)] == value


def test_an_emptied_value_is_cleared_and_an_untouched_one_stays_the_proposal(review: Review, visit: AppTest) -> None:
    show(visit, "task", "NV001")
    row = review.read().get_row("NV001")
    fill_in(visit, review, row, output="")
    press(visit, "change")
    assert dict(review.read().get_row("NV001").entered) == {"output": CLEARED}


def test_the_second_of_two_reviewers_is_refused_by_name_and_the_first_decision_stays(review: Review) -> None:
    review.import_text()
    first, second = review.visit(), review.visit()
    show(second, "target", "CT001")
    fill_in(second, review, review.read().get_row("CT001"), floor="7", lead="Sở Y tế", accumulation="increment")
    press(first, "accept")
    press(second, "change")
    texts = list_texts(second)
    assert "ở lần 1 khi bạn mở, nay đã ở lần 2" in texts and "header.plan" in texts
    assert "7" in texts.split("chưa được ghi")[1][:200]
    draft = review.read()
    assert (draft.revision, draft.get_row("header.plan").decision) == (2, "accept")
    assert draft.get_row("CT001").decision is None
    press(second, "change")
    assert review.read().get_row("CT001").get_value("floor") == "7"


HOSTILE = "<script>alert(1)</script> **đậm** $x$ [a](http://b.vn) <img src=x onerror=alert(1)>"


def test_text_of_the_document_is_never_markup(review: Review) -> None:
    draft = build_small_draft()
    rows = tuple(
        replace(row, quote=HOSTILE, proposed={**row.proposed, "title": HOSTILE, "unit": HOSTILE})
        if row.kind in {"target", "task"}
        else row
        for row in draft.rows
    )
    text = tuple(replace(block, text=f"{HOSTILE}\t{HOSTILE}" if block.index % 2 else HOSTILE) for block in draft.text)
    draft = replace(draft, rows=rows, text=text, file_name="<b>ke-hoach**x**.txt")
    DraftFolder(review.register, PLAN).create(draft, b"")
    visit = review.visit()
    for kind, row_id in (("target", "CT001"), ("task", "NV001"), ("header", "header.title")):
        show(visit, kind, row_id)
        texts = list_texts(visit)
        assert "<script" not in texts and "<img" not in texts and "<b>" not in texts
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **đậm** $x$ [a](http://b.vn)" in texts
        for name in ("markdown", "caption", "error", "warning", "info", "success", "title", "header", "subheader"):
            assert not visit.get(name)
        widgets = [*visit.text_input, *visit.text_area, *visit.selectbox, *visit.multiselect, *visit.button]
        assert not [widget.label for widget in widgets if "script" in widget.label or "**" in widget.label]
        assert not [widget.help for widget in widgets if widget.help]


def test_a_decided_plan_is_accepted_with_its_workbook_and_noted_in_the_journal(review: Review) -> None:
    review.import_text()
    visit = review.visit()
    press(visit, "accept_plan")
    assert "Chưa chấp nhận" in list_texts(visit)
    assert not (review.register / "plans").exists()
    draft = decide_all(review.register)
    assert draft.count_undecided() == 0
    visit = press(review.visit(), "accept_plan")
    texts = list_texts(visit)
    assert "Đã chấp nhận kế hoạch “can-tho”" in texts, texts
    names = {path.name for path in (review.register / "plans" / PLAN / "1").iterdir()}
    assert {"plan.toml", "agencies.toml", "book.xlsx", "document.txt", "text.txt", "version.toml"} <= names
    (record,) = journal.read(DatabasePaths(review.folder / "var" / "kpis.json").journal)
    assert (record["action"], record["plan"], record["revision"]) == ("accept_plan", PLAN, draft.revision)
    assert [each.key for each in visit.selectbox] == ["kpis_import_version"]  # the draft is no longer open


UPLOADS = {
    "ke-hoach.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "plan import ke-hoach.doc"),
    "rong.txt": (b"", "không có chữ"),
    "hong.docx": (b"PK\x03\x04 no package", "hỏng"),
    "anh.png": (b"\x89PNG", "không phải tệp .docx"),
    "english.txt": (b"This plan is written in plain English and holds no Vietnamese words at all. " * 30, "tiếng Việt"),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_a_file_that_cannot_be_read_is_named_with_the_next_step_and_nothing_is_written(
    name: str, review: Review
) -> None:
    content, sentence = UPLOADS[name]
    visit = send(review.visit(), name, content)
    texts = list_texts(visit)
    assert name in texts and sentence in texts, texts
    assert "Chưa nhập gì; danh mục giữ nguyên như cũ." in texts
    assert not review.register.exists()


def test_a_zip_bomb_and_a_scan_are_refused_by_name(review: Review) -> None:
    texts = list_texts(send(review.visit(), "bom.docx", build_zip_bomb()))
    assert "bom.docx" in texts and "256 MB" in texts
    texts = list_texts(send(review.visit(), "quet.pdf", build_scan()))
    assert "quet.pdf" in texts and "bản quét" in texts and "plan import quet.pdf" in texts
    assert not review.register.exists()


@pytest.mark.parametrize(
    ("plan", "place", "sentence"),
    [
        ("ha-noi", "thành phố Hà Nội", "Kế hoạch “ha-noi” đã có"),
        ("../ra-ngoai", "thành phố Cần Thơ", "không phải mã kế hoạch"),
        ("can-tho", "Cần Thơ", "chưa ghi cấp"),
        ("can-tho", "", "Hãy ghi mã của kế hoạch mới và địa phương trước"),
        ("", "thành phố Cần Thơ", "Hãy ghi mã của kế hoạch mới và địa phương trước"),
        ("can-tho", "thành phố Cần Thở", "Không có địa phương"),
    ],
)
def test_an_id_or_place_that_cannot_be_is_refused(plan: str, place: str, sentence: str, review: Review) -> None:
    visit = send(review.visit(), "ke-hoach.txt", TEXT.encode(), plan, place)
    assert sentence in list_texts(visit)
    assert not review.register.exists()


def test_a_refused_id_keeps_the_chosen_file(review: Review) -> None:
    visit = review.visit()
    key = get_upload_key(visit, "document")
    assert get_upload_key(send(visit, "ke-hoach.txt", TEXT.encode(), plan=""), "document") == key
    assert get_upload_key(send(visit, "ke-hoach.txt", TEXT.encode(), plan="Mã Sai"), "document") == key
    assert get_upload_key(send(visit, "ke-hoach.txt", b"khong co gi"), "document") != key, "the file is refused"


def test_saving_only_what_no_text_says_accepts_the_proposal(review: Review) -> None:
    review.import_text()
    visit = show(review.visit(), "target", "CT001")
    key = next(str(box.key) for box in visit.selectbox if str(box.key).endswith("_CT001_1_lead"))
    press(visit, "change")
    assert review.read().revision == 1
    visit.selectbox(key=key).set_value("Sở Công Thương")
    visit.selectbox(key=key.replace("_lead", "_accumulation")).set_value("increment")
    press(visit, "change")
    row = review.read().get_row("CT001")
    assert (row.decision, row.entered) == ("accept", {"lead": "Sở Công Thương", "accumulation": "increment"})


def test_the_header_is_named_in_words(review: Review) -> None:
    review.import_text()
    visit = review.visit()
    assert any("Cấp: cấp tỉnh" in option for option in visit.selectbox(key="kpis_import_row_header").options)
    visit.button(key="kpis_import_bulk").click().run()
    assert "Mã kế hoạch, Địa phương" in list_texts(visit) and "header." not in list_texts(visit)


def test_an_uploaded_document_becomes_a_draft_once(review: Review) -> None:
    visit = send(review.visit(), "ke-hoach.txt", TEXT.encode())
    assert "dòng chưa quyết định" in list_texts(visit)
    press(visit, "accept")
    visit = send(visit, "ke-hoach.txt", TEXT.encode())
    assert "tiếp tục với các quyết định đã có" in list_texts(visit)
    assert review.read().revision == 2
    visit = send(visit, "khac.txt", TEXT.replace("04 đợt", "05 đợt").encode())
    assert "ke-hoach.txt" in list_texts(visit) and review.read().file_name == "ke-hoach.txt"


def test_a_full_disk_leaves_no_draft(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise build_full_disk_error(review.register)

    monkeypatch.setattr(folder, "write_atomic", fail)
    visit = send(review.visit(), "ke-hoach.txt", TEXT.encode())
    assert "Đĩa đã đầy" in list_texts(visit) or "đầy" in list_texts(visit)
    assert not list(review.register.rglob("draft.json"))


def test_a_book_is_taken_in_once_and_one_of_an_older_revision_names_the_rows(review: Review) -> None:
    draft = review.import_text()
    path = write_small_book(review.folder / "so.xlsx", draft)
    fill_in_book(path, "task", "NV001", "accept")
    visit = review.visit()
    send_book(visit, path.read_bytes())
    assert review.read().get_row("NV001").decision == "accept"
    send_book(visit, path.read_bytes())
    texts = list_texts(visit)
    assert "NV001" in texts and review.read().revision == 2


def test_a_viewer_sees_the_drafts_of_the_own_plans_alone_and_no_folder_of_the_server(review: Review) -> None:
    review.import_text()
    focal = Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "focal", frozenset({PLAN}))})))
    leader = Viewer(Person("b@x.vn", frozenset({Entry("b@x.vn", "leader", frozenset({PLAN}))})))
    assert list(find_open_drafts(review.register, focal).drafts) == [PLAN]
    assert not find_open_drafts(review.register, leader).drafts
    view = replace(build_view(), sees_folders=False)
    folder = DraftFolder(review.register, PLAN)
    folder.get_document_path(review.read()).unlink()
    with pytest.raises(ReviewError) as refused:
        folder.read_document(review.read())
    assert str(review.folder) not in explain_to_viewer(refused.value, view)
    assert str(review.folder) in explain_to_viewer(refused.value, build_view())


def test_nothing_happens_without_the_right(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise NotAllowedError("Your rights do not allow this. Ask the administrator of the dashboard.")

    draft = decide_all(review.register) if review.import_text() else review.read()
    for module in (row_form, upload_form, workbook_section, acceptance_section, discard_section):
        monkeypatch.setattr(module, "require_right", refuse)
    visit = review.visit()
    press(visit, "undo")
    press(visit, "accept_plan")
    discard(visit, draft)
    send_book(visit, write_small_book(review.folder / "so.xlsx", draft).read_bytes())
    send(visit, "khac.txt", TEXT.encode(), plan="can-tho-2027")
    assert "không cho phép" in list_texts(visit)
    assert review.read() == draft
    assert [path.name for path in review.register.iterdir()] == ["drafts"]
    assert [path.name for path in (review.register / "drafts").iterdir()] == [PLAN]


def discard(test: AppTest, draft: Draft) -> AppTest:
    test.checkbox(key=f"kpis_import_discard_sure_{draft.id}_{draft.revision}").set_value(True).run()
    return press(test, "discard")


def test_a_draft_is_discarded_only_when_that_is_confirmed(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person("lan@x.vn", frozenset({Entry("lan@x.vn", "focal", frozenset({PLAN}))}))
    wanted: list[object] = []

    def allow(*right: object) -> Viewer:
        wanted.append(right)
        return Viewer(person)

    monkeypatch.setattr(discard_section, "require_right", allow)
    draft = review.import_text()
    visit = review.visit()
    assert visit.button(key="kpis_import_discard").disabled
    visit.checkbox(key=f"kpis_import_discard_sure_{draft.id}_{draft.revision}").set_value(True).run()
    later = decide(review.register, draft, "NV001", "drop", {})
    assert not visit.button(key="kpis_import_discard").disabled
    visit.run()
    assert visit.button(key="kpis_import_discard").disabled, "somebody decided since: it is to be confirmed again"
    discard(visit, later)
    assert "Đã bỏ bản rà soát của “can-tho” từ văn bản ke-hoach.txt" in list_texts(visit)
    assert wanted == [("import_plan", PLAN)]
    assert DraftFolder(review.register, PLAN).find() is None
    note = list(journal.read(DatabasePaths(review.folder / "var" / "kpis.json").journal))[-1]
    assert (note["action"], note["by"], note["revision"]) == ("discard_draft", "lan@x.vn", later.revision)
    assert not [each for each in visit.selectbox if each.key == "kpis_import_draft"]


def test_no_other_draft_takes_the_place_of_one_that_is_over(review: Review) -> None:
    draft = review.import_text()
    review.import_text(plan="can-tho-2027")
    visit = review.visit()
    assert visit.selectbox(key="kpis_import_draft").value == PLAN
    discard(visit, draft)
    choice = visit.selectbox(key="kpis_import_draft")
    assert (choice.value, len(choice.options)) == (None, 1)
    assert not [each for each in visit.button if each.key == "kpis_import_accept_plan"]
    choice.set_value("can-tho-2027").run()
    assert [each for each in visit.button if each.key == "kpis_import_accept_plan"]
    assert review.visit().selectbox(key="kpis_import_draft").value == "can-tho-2027", "a new visit opens on the first"


def send(
    test: AppTest, name: str, content: bytes, plan: str = PLAN, place: str = "thành phố Cần Thơ"
) -> AppTest:  # fmt: skip
    test.file_uploader(key=get_upload_key(test, "document")).set_value((name, content, ""))
    test.text_input(key="kpis_import_plan").set_value(plan)
    test.text_input(key="kpis_import_place").set_value(place)
    return press(test, "read")


def send_book(test: AppTest, content: bytes) -> AppTest:
    test.file_uploader(key=get_upload_key(test, "book")).set_value(("so.xlsx", content, ""))
    return press(test, "book_read")


def get_upload_key(test: AppTest, name: str) -> str:
    (key,) = [str(each.key) for each in test.file_uploader if f"_{name}_" in str(each.key)]
    return key


def build_zip_bomb() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(300 << 20))
    return buffer.getvalue()


def build_scan() -> bytes:
    document = PdfDocument.new()
    document.new_page(595, 842)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
