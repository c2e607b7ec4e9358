"""`kpis remind` on a province's sheet: who is reminded of what, who has no address, when nobody is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpis.reminders.text_files import write_text_files
from tests.cli.command_runner import NOW, CliRun, run_kpis
from tests.paths import ROOT
from tests.reminders.conftest import Mailbox, build_reminder

CONTACTS = """
[[contact]]
plan = "thai-nguyen"
agency = "Sở Công Thương"
emails = ["sct@x.vn"]

[[contact]]
plan = "dong-thap"
agency = "Sở Công Thương"
emails = ["sct-dt@x.vn"]

[[contact]]
pattern = "UBND *"
emails = ["ubnd@x.vn"]
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two provinces with their sheets, read."""
    folder = tmp_path_factory.mktemp("installation")
    sources = "".join(
        f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{ROOT / "data" / "sample" / plan}.xlsx"\n'
        for plan in ("thai-nguyen", "dong-thap")
    )
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    (folder / "contacts.toml").write_text(CONTACTS, encoding="utf-8")
    assert run_kpis("sync", environ=build_environment(folder)).code == 0
    return folder


def build_environment(folder: Path) -> dict[str, str]:
    return {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "var" / "kpis.json")}


def remind(folder: Path, *argv: str, days_later: int = 0, environ: Mapping[str, str] | None = None) -> CliRun:
    now = NOW + timedelta(days=days_later)
    return run_kpis("remind", *argv, environ={**build_environment(folder), **(environ or {})}, now=now)


def test_it_prints_one_text_an_address_and_names_who_has_none(installation: Path) -> None:
    run = remind(installation)
    assert run.code == 0
    texts = run.out.split("→ ")[1:]
    department = next(text for text in texts if text.startswith("sct@x.vn"))
    assert "Sở Công Thương – Thái Nguyên" in department
    assert "• Quá hạn: Ít nhất 2 hội nghị" in department
    assert all(len(text.split("\n\n", 1)[1]) <= 2_002 for text in texts)
    assert "Chưa có địa chỉ: " in run.err
    assert "Sở Y tế (Thái Nguyên)" in run.err


def test_it_writes_files_for_sending_by_hand(installation: Path, tmp_path: Path) -> None:
    assert remind(installation, "--out", str(tmp_path / "texts")).code == 0
    names = sorted(path.name for path in (tmp_path / "texts").iterdir())
    assert names[0] == "khong-co-dia-chi.txt"
    assert "sct@x.vn.txt" in names
    assert "Sở Y tế – Thái Nguyên" in (tmp_path / "texts" / "khong-co-dia-chi.txt").read_text(encoding="utf-8")


def test_a_text_of_an_earlier_run_does_not_stay_for_who_owes_nothing(installation: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    assert remind(installation, "--out", str(texts)).code == 0
    earlier = texts / "xong@x.vn.txt"
    earlier.write_bytes((texts / "sct@x.vn.txt").read_bytes())
    note = texts / "ghi-chu@x.vn.txt"
    note.write_text("Số máy văn thư", encoding="utf-8")
    assert remind(installation, "--out", str(texts)).code == 0
    assert (earlier.exists(), note.exists(), (texts / "sct@x.vn.txt").exists()) == (False, True, True)


def test_addresses_that_differ_in_one_letter_have_files_of_their_own(tmp_path: Path) -> None:
    emails = ("a+b@x.vn", "a_b@x.vn", "a/b@x.vn", "a*b@x.vn")
    reminders = [build_reminder(email) for email in emails]
    write_text_files(tmp_path, reminders, (), as_of=date(2026, 11, 23), address=None, lang="vi")
    assert len([path for path in tmp_path.iterdir() if "@" in path.name]) == len(emails)


def test_it_sends_once_a_week(installation: Path, smtp: str, mailbox: Mailbox) -> None:
    settings = {"KPIS_SMTP": smtp, "KPIS_MAIL_FROM": "nhac@x.vn"}
    first, second = (remind(installation, "--send", environ=settings) for _ in range(2))
    assert first.code == second.code == 0
    assert "đã gửi: sct@x.vn" in first.out
    assert "không gửi lại, tuần này đã gửi đúng nội dung ấy: sct@x.vn" in second.out
    assert mailbox.list_receivers().count("sct@x.vn") == 1


def test_an_old_reading_reminds_nobody_and_says_so(installation: Path) -> None:
    run = remind(installation, days_later=4)
    assert run.code == 0
    assert run.out == ""
    assert "Thái Nguyên: có nguồn không đọc được trong 3 ngày qua nên không nhắc ai." in run.err


def test_the_sample_reminds_nobody(tmp_path: Path) -> None:
    environ = {"KPIS_DATABASE": str(tmp_path / "kpis.json")}
    assert run_kpis("sync", environ=environ).code == 0
    run = run_kpis("remind", environ=environ)
    assert (run.code, run.out) == (0, "")
    assert "số liệu minh họa" in run.err


@pytest.mark.parametrize("days", ["-1", "x", "1000", "1.5", ""])
def test_a_number_of_days_that_is_none_is_refused(installation: Path, days: str) -> None:
    run = remind(installation, f"--days={days}")
    assert run.code == 2
    assert "--days" in run.err


def test_more_days_remind_of_more_tasks(installation: Path) -> None:
    none, soon = (remind(installation, "--days", days).out for days in ("0", "60"))
    assert "Sắp đến hạn" not in none
    assert "• Sắp đến hạn: " in soon
