"""The page of the audit: newest first, filtered, escaped, and a changed line is named."""

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.requests.model import EVENT_KINDS
from kpis.store.shared_files import InstallationFiles
from kpis.ui.audit import words
from kpis.ui.audit.content import MAX_LINES, load_audit, render_audit
from kpis.ui.audit.words import ACTION_LABELS
from tests.paths import ROOT
from tests.ui.handmade_rows import build_view

WRITES = re.compile(r"\b(record_action\(|audit\.append\b|AuditLog\([^)]*\)\.append\(|_record\(|_record_refused\()")
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


def list_written_words() -> tuple[set[str], set[str]]:
    """Return every action that the product writes down, and every name of a detail."""
    actions: set[str] = set()
    names: set[str] = set()
    for path in (ROOT / "kpis").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not WRITES.search(text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and WRITES.search(ast.unparse(node)):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                actions |= set(texts[:1])
                names |= {keyword.arg for keyword in node.keywords if keyword.arg}
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and "details" in ast.unparse(node)[:8]:
                for part in ast.walk(node):
                    keys = part.keys if isinstance(part, ast.Dict) else [getattr(part, "slice", None)]
                    names |= {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return actions, names


def test_every_action_and_detail_that_is_written_has_words_and_no_other() -> None:
    actions, names = list_written_words()
    requests = {f"request_{kind}" for kind in EVENT_KINDS - {"written", "not_written"}}
    assert actions | requests == set(ACTION_LABELS)
    assert len(names) > 15 and names <= set(words._DETAIL_LABELS)


def test_a_restore_is_told_with_its_moment(pointer: Path) -> None:
    details = {"file": "kpis-1.zip", "backup_at": f"{NOW.isoformat()}Z", "number": 7}
    AuditLog(pointer).append("restore", "system:kpis", NOW + timedelta(hours=1), **details)
    text = draw(pointer)
    assert "bản sao lưu lúc: 15:00 29/11/2026 · thành bản số liệu số: 7" in text


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
