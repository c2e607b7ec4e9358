"""`plan import` writes a draft and its workbook, once, and never over what somebody decided."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.plan_import.review.book.read import read_book, take_in_book
from kpis.plan_import.review.draft.folder import DraftFolder
from tests.cli.command_runner import CliRun, run_kpis
from tests.plan_import.review.small_draft import TEXT, fill_in

Importer = Callable[..., CliRun]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    return tmp_path / "register"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def run_import(tmp_path: Path, document: Path, register: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """Import the document for can-tho in an empty current folder, with its register beside the sources file."""
    (folder := tmp_path / "current").mkdir()
    monkeypatch.chdir(folder)
    environ = {"KPIS_SOURCES": str(register.with_name("sources.toml"))}

    def run(*arguments: str, path: Path = document) -> CliRun:
        place = () if "--place" in arguments else ("--place", "thành phố Cần Thơ")
        return run_kpis("plan", "import", str(path), "--plan", "can-tho", *place, *arguments, environ=environ)

    return run


def test_a_draft_its_document_and_its_book_are_written(run_import: Importer, register: Path, document: Path) -> None:
    run = run_import()
    assert run.code == 0
    assert "Sổ duyệt (lần sửa 1) ở can-tho.xlsx: có " in run.err
    folder = DraftFolder(register, "can-tho")
    draft = folder.read()
    assert folder.read_document(draft) == document.read_bytes()
    assert draft.sha256 == hashlib.sha256(document.read_bytes()).hexdigest()
    assert take_in_book(read_book(Path("can-tho.xlsx")), draft) == (draft, [])
    assert f"có {draft.count_undecided()} dòng cần quyết định" in run.err


def test_out_names_the_book_and_english_its_sentences(run_import: Importer, tmp_path: Path) -> None:
    out = tmp_path / "sổ" / "duyệt.xlsx"
    run = run_import("--out", str(out), "--lang", "en")
    assert run.code == 0
    assert f"The workbook of revision 1 is in {out}" in run.err
    assert out.is_file() and not Path("can-tho.xlsx").exists()


def test_json_alone_writes_nothing(run_import: Importer, register: Path) -> None:
    run = run_import("--json")
    assert (run.code, run.json["header"]["number"]) == (0, "77/KH-UBND")
    assert not register.exists() and not list(Path().iterdir())


def test_a_document_without_any_proposal_leaves_no_draft(run_import: Importer, register: Path, tmp_path: Path) -> None:
    (path := tmp_path / "thu.txt").write_text("Kính gửi các sở, ngành.\n\nTrân trọng cảm ơn.", encoding="utf-8")
    assert run_import(path=path).code == 1
    assert not register.exists() and not list(Path().iterdir())


def test_a_book_that_exists_is_never_overwritten(run_import: Importer, register: Path) -> None:
    Path("can-tho.xlsx").write_bytes(b"decided")
    run = run_import()
    assert run.code == 2
    assert "“can-tho.xlsx” đã có" in run.err
    assert Path("can-tho.xlsx").read_bytes() == b"decided"
    assert not register.exists()


def test_the_same_document_again_writes_the_book_of_the_draft_with_what_is_decided(
    run_import: Importer, register: Path
) -> None:
    run_import()
    folder, path = DraftFolder(register, "can-tho"), Path("can-tho.xlsx")
    fill_in(path, "target", "CT001", "drop")
    draft = folder.read()
    decided, _ = take_in_book(read_book(path), draft)
    folder.write(decided, draft)
    run = run_import("--out", "lan-2.xlsx")
    assert run.code == 0
    assert "được dùng tiếp" in run.err and "lần sửa 2" in run.err
    assert take_in_book(read_book(Path("lan-2.xlsx")), decided) == (decided, [])


@pytest.mark.parametrize("is_other_place", [False, True])
def test_another_document_or_place_for_a_plan_with_a_draft_is_refused_with_the_next_step(
    run_import: Importer, register: Path, tmp_path: Path, is_other_place: bool
) -> None:
    run_import()
    draft = DraftFolder(register, "can-tho").read()
    (other := tmp_path / "khac.txt").write_text(TEXT + ("" if is_other_place else "\nHết.\n"), encoding="utf-8")
    arguments = ("--place", "tỉnh Đồng Tháp") if is_other_place else ()
    run = run_import("--out", "khac.xlsx", *arguments, path=other)
    assert run.code == 1
    assert "Đã có bản nháp của kế hoạch “can-tho”" in run.err and "đặt mã khác" in run.err
    assert not Path("khac.xlsx").exists()
    assert DraftFolder(register, "can-tho").read() == draft


def test_a_damaged_draft_is_named_before_the_document_is_read(run_import: Importer, register: Path) -> None:
    (register / "drafts" / "can-tho").mkdir(parents=True)
    (register / "drafts" / "can-tho" / "draft.json").write_text("{", encoding="utf-8")
    run = run_import()
    assert run.code == 1
    assert "draft.json bị hỏng" in run.err


def test_a_place_that_is_none_is_refused_before_anything_is_written(run_import: Importer, register: Path) -> None:
    run = run_import("--place", "tỉnh Cần Thi")
    assert run.code == 2
    assert "Không có địa phương" in run.err
    assert not register.exists()


def test_a_book_that_cannot_be_written_leaves_no_draft(run_import: Importer, register: Path, document: Path) -> None:
    run = run_import("--out", str(document / "duyet.xlsx"))
    assert run.code == 3
    assert "duyet.xlsx" in run.err
    assert not register.exists()


def test_a_draft_that_cannot_be_written_leaves_no_book(run_import: Importer, register: Path) -> None:
    register.mkdir()
    (register / "drafts").write_bytes(b"a file where a folder must be")
    run = run_import()
    assert run.code == 3
    assert "draft" in run.err
    assert not list(Path().iterdir())
