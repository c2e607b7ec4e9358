"""`plan import` prints one document of everything that is proposed, and names what it cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_runner import run_kpis

PLAN = """ỦY BAN NHÂN DÂN TỈNH HÀ GIANG

Số: 12/KH-UBND

Hà Giang, ngày 02 tháng 3 năm 2026

KẾ HOẠCH

Phát triển chợ nông thôn giai đoạn 2026-2030

I. MỤC TIÊU

- Đến năm 2030, 85% số xã có chợ đạt chuẩn.

PHỤ LỤC

TT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp
1\tXây chợ ở các xã vùng cao\tSở Công Thương\tUBND các xã, phường
"""
ARGUMENTS = ("--plan", "ha-giang", "--place", "tỉnh Tuyên Quang")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_json_is_one_document_with_header_targets_tasks_agencies_and_ledger(document: Path) -> None:
    run = run_kpis("plan", "import", str(document), *ARGUMENTS, "--json")
    assert run.code == 0
    assert set(run.json) == {"header", "targets", "milestones", "tasks", "agencies", "ledger"}
    assert run.json["header"] == {
        "number": "12/KH-UBND",
        "issued_on": "2026-03-02",
        "issuer": "UBND tỉnh Hà Giang",
        "title": "Phát triển chợ nông thôn giai đoạn 2026-2030",
        "start_year": 2026,
        "end_year": 2030,
        "reporting_days": [],
    }
    (target,) = run.json["targets"]
    assert (target["floor"], target["by_year"], target["place"]["section"]) == (0.85, 2030, "I")
    assert target["quote"] in PLAN
    (task,) = run.json["tasks"]
    assert (task["leads"], task["coordinators"]) == (["Sở Công Thương"], ["UBND các xã, phường"])
    assert [agency["known_as"] for agency in run.json["agencies"]] == ["Sở Công Thương", "UBND các xã, phường"]
    assert "1 nhiệm vụ" in run.err


def test_without_json_a_table_shows_what_is_proposed(document: Path, tmp_path: Path) -> None:
    (register := tmp_path / "register").mkdir()
    out = str(tmp_path / "book.xlsx")
    run = run_kpis("plan", "import", str(document), *ARGUMENTS, "--out", out, environ={"KPIS_REGISTER": str(register)})
    assert run.code == 0
    assert "85% số xã có chợ đạt chuẩn" in run.out
    assert "Xây chợ ở các xã vùng cao" in run.out


def test_a_document_without_any_proposal_is_an_alarm(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Kính gửi các sở, ngành của tỉnh.\n\nTrân trọng cảm ơn.", encoding="utf-8")
    run = run_kpis("plan", "import", str(path), *ARGUMENTS, "--json")
    assert run.code == 1
    assert "Không nhận ra chỉ tiêu, mốc hay nhiệm vụ nào trong letter.txt" in run.err
    assert run.json["targets"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--plan", "ha-noi", "--place", "tỉnh Hà Giang"), 2, "đã có kế hoạch “ha-noi”"),
        (("--plan", "Hà Giang", "--place", "tỉnh Hà Giang"), 2, "không phải là mã"),
        (("--plan", "ha-giang", "--place", "Hà Giang"), 2, "thiếu loại đơn vị hành chính"),
        (("--plan", "ha-giang"), 2, "--place"),
    ],
)
def test_a_wrong_id_or_place_is_refused_before_anything_is_read(
    document: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    run = run_kpis("plan", "import", str(document), *arguments)
    assert (run.code, run.out) == (code, "")
    assert words in run.err


def test_a_file_that_cannot_be_read_is_named_with_the_next_step(tmp_path: Path) -> None:
    run = run_kpis("plan", "import", str(tmp_path / "no.docx"), *ARGUMENTS)
    assert run.code == 1
    assert "Không mở được no.docx" in run.err
