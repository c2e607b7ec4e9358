"""The audit: complete lines, in one chain, or the action is not done."""

import json
import multiprocessing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.access.errors import AuditError

NOW = datetime.fromisoformat("2026-11-29T08:00:00")


def list_files(log: AuditLog) -> list[Path]:
    return sorted(log.folder.glob("*.jsonl"))


def test_lines_continue_across_months(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "kpis.json")
    for days in (0, 1, 5, 40):
        log.append("seal", "a@x.vn", NOW + timedelta(days=days), fingerprint="f" * 64)
    assert [file.name for file in list_files(log)] == ["2026-11.jsonl", "2026-12.jsonl", "2027-01.jsonl"]
    assert log.list_faults() == []
    assert [line.action for line in log.read()] == ["seal"] * 4


@pytest.mark.parametrize("damage", ["changed", "removed", "file", "inserted"])
def test_a_changed_missing_or_added_line_is_found(tmp_path: Path, damage: str) -> None:
    log = AuditLog(tmp_path / "kpis.json")
    for days in range(0, 80, 10):
        log.append("sign_in", f"{days}@x.vn", NOW + timedelta(days=days))
    first, second, *_ = list_files(log)
    lines = second.read_bytes().splitlines(keepends=True)
    if damage == "changed":
        record = json.loads(lines[0])
        lines[0] = json.dumps({**record, "person": "other@x.vn"}).encode() + b"\n"
    elif damage == "removed":
        del lines[0]
    elif damage == "inserted":
        lines.insert(1, lines[0])
    if damage == "file":
        first.unlink()
    else:
        second.write_bytes(b"".join(lines))
    assert log.list_faults()


def test_half_a_line_of_a_killed_process_is_named_and_does_not_swallow_the_next(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "kpis.json")
    log.append("sign_in", "a@x.vn", NOW)
    with list_files(log)[0].open("ab") as file:
        file.write(b'{"at":"2026')
    log.append("sign_out", "a@x.vn", NOW)
    assert [line.action for line in log.read()] == ["sign_in", "sign_out"]
    assert log.list_faults() == ["2026-11.jsonl:2"]


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(AuditError, match="was not done"):
        AuditLog(tmp_path / "kpis.json").append("seal", "a@x.vn", NOW)


@pytest.mark.parametrize("length", [1, 65_000, 65_536, 200_000])
def test_a_line_continues_one_of_any_length(tmp_path: Path, length: int) -> None:
    log = AuditLog(tmp_path / "kpis.json")
    log.append("sign_in", "a@x.vn", NOW)
    log.append("sign_in", "x" * length, NOW)
    log.append("sign_in", "b@x.vn", NOW)
    assert log.list_faults() == []
    assert [len(line.person) for line in log.read()] == [6, length, 6]


def append_many(pointer: Path, name: str) -> None:
    log = AuditLog(pointer)
    for number in range(20):
        log.append("download", name, NOW, number=number)


def test_processes_that_write_at_once_keep_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=append_many, args=(tmp_path / "kpis.json", f"{n}@x.vn")) for n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    log = AuditLog(tmp_path / "kpis.json")
    assert log.list_faults() == []
    assert len(list(log.read())) == 60
