"""The page of the audit: newest first, filtered, escaped, and a changed line is named."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.requests.model import EVENT_KINDS
from kpis.store.shared_files import InstallationFiles
from kpis.ui.audit.content import MAX_LINES, load_audit, render_audit
from kpis.ui.audit.words import ACTION_LABELS
from tests.ui.handmade_rows import build_view

NOW = datetime.fromisoformat("2026-11-29T08:00:00")


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    pointer = tmp_path / "kpis.json"
    log = AuditLog(pointer)
    log.append("sign_in", "a@x.vn", NOW, kind="provider", rights="f" * 64)
    log.append("seal", "a@x.vn", NOW + timedelta(minutes=1), edition="2026-W47", scope="ha-noi", fingerprint="e" * 64)
    log.append("refused", "b@x.vn", NOW + timedelta(minutes=2), wanted="seal", plan="<b>ha-noi</b>")
    log.append("later_action", "", NOW + timedelta(minutes=3), anything="**x**")
    return pointer


def draw(pointer: Path, person: str | None = None, action: str | None = None, lang: str = "vi") -> str:
    content = load_audit(InstallationFiles(pointer))
    return str(render_audit(content, content.select(person, action), build_view(lang=lang)))  # type: ignore[arg-type]


def test_lines_are_shown_newest_first_with_their_words(pointer: Path) -> None:
    text = draw(pointer)
    assert text.index("later_action") < text.index("Bị từ chối: không có quyền") < text.index("Chốt bản")
    assert "15:01 29/11/2026" in text and "dấu vân số liệu: eeeeeeeeeeee<" in text and "4/4 dòng" in text
    assert "Cả 4 dòng đều nối tiếp nhau" in text
    english = draw(pointer, lang="en")
    assert "Sealed an edition" in english and "All 4 lines continue each other" in english


def test_everything_that_is_done_with_a_request_has_words() -> None:
    actions = {f"request_{kind}" for kind in EVENT_KINDS - {"written", "not_written"}}  # those a sync does
    assert actions <= set(ACTION_LABELS)


def test_text_of_the_audit_is_escaped(pointer: Path) -> None:
    text = draw(pointer)
    assert "&lt;b&gt;ha-noi&lt;/b&gt;" in text and "<b>ha-noi" not in text and "anything: **x**" in text


def test_lines_are_filtered_by_person_and_action(pointer: Path) -> None:
    content = load_audit(InstallationFiles(pointer))
    assert content.people == ["a@x.vn", "b@x.vn"]
    assert content.actions == ["later_action", "refused", "seal", "sign_in"]
    assert [line.action for line in content.select("a@x.vn", None)] == ["seal", "sign_in"]
    assert [line.person for line in content.select(None, "refused")] == ["b@x.vn"]
    assert "b@x.vn" not in draw(pointer, person="a@x.vn")


def test_a_changed_line_is_named_and_new_lines_are_seen(pointer: Path) -> None:
    file = AuditLog(pointer).folder / "2026-11.jsonl"
    file.write_bytes(file.read_bytes().replace(b"2026-W47", b"2026-W46"))
    assert "1 dòng bị hỏng hoặc không nối tiếp dòng trước: 2026-11.jsonl:3" in draw(pointer)
    AuditLog(pointer).append("sign_out", "a@x.vn", NOW)
    assert "Đăng xuất" in draw(pointer)


def test_an_installation_without_an_audit_says_so(tmp_path: Path) -> None:
    assert "Chưa ghi dòng nào" in draw(tmp_path / "kpis.json")


def test_a_long_audit_shows_its_newest_lines(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "kpis.json")
    log.append("sign_in", "first@x.vn", NOW)
    for number in range(MAX_LINES):
        log.append("sign_in", f"{number}@x.vn", NOW)
    text = draw(tmp_path / "kpis.json")
    assert f"{MAX_LINES}/{MAX_LINES + 1} dòng" in text and "first@x.vn" not in text
