"""Sealed editions: reproducible bytes, revisions, no partial output, concurrent exports, due weeks."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.language.messages import explain
from kpis.pack.edition import sealing as editions_module
from kpis.pack.edition.comparison import compare_editions
from kpis.pack.edition.due_weeks import list_due_weeks
from kpis.pack.edition.folders import EditionError, compute_digest, list_editions, list_unreadable, read_edition
from kpis.pack.edition.sealing import EditionRequest, SealResult, seal
from kpis.pack.edition.writers import Writer
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.meeting.parts import EditionParts
from kpis.pack.pptx.slides import write_slides
from kpis.store.database import Database
from tests.pack.fixtures import TODAY

pytestmark = pytest.mark.slow

MakeEdition = Callable[..., SealResult]
MakeRequest = Callable[..., EditionRequest]


def _write_stub(figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime) -> list[Path]:
    path = folder / "said.txt"
    path.write_text(f"{sealed_at} {parts.annex.footer_lines} {compute_fingerprint(figures)}", encoding="utf-8")
    return [path]


@pytest.fixture(autouse=True)
def stub_writers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace all writers by one that writes a line of text, unless a test asks for `real_writers`."""
    if "real_writers" not in request.fixturenames:
        monkeypatch.setattr(editions_module, "list_writers", lambda: ({"said": _write_stub}, {}))


@pytest.fixture
def real_writers() -> None:
    """Marks a test that runs the real writers."""


@pytest.fixture
def make_edition(database: Database, pointer: Path, make_request: MakeRequest, tmp_path: Path) -> MakeEdition:
    """Seal an edition of the ward under `tmp_path`."""

    def seal_edition(**changes: str | None) -> SealResult:
        return seal(database, pointer, make_request(**changes), tmp_path)

    return seal_edition


def _read_files(sealed: SealResult) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sealed.edition.paths}


def _list_remaining(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()} - {".editions.lock"}


def test_sealing_again_later_returns_the_same_bytes(make_edition: MakeEdition) -> None:
    first = make_edition()
    sealed_bytes = _read_files(first)
    repeated = make_edition(now="2026-11-21 18:00")
    assert (first.outcome, repeated.outcome) == ("made", "unchanged")
    assert _read_files(repeated) == sealed_bytes
    assert repeated.edition == first.edition


def test_two_runs_of_all_writers_give_the_same_bytes(
    real_writers: None, database: Database, pointer: Path, make_request: MakeRequest, tmp_path: Path
) -> None:
    first, second = (seal(database, pointer, make_request(), tmp_path / name) for name in "ab")
    assert _read_files(first) == _read_files(second)
    assert {path.suffix for path in first.edition.paths} >= {".pdf", ".png", ".json"}


def test_amended_figures_make_a_new_revision(make_edition: MakeEdition) -> None:
    first = make_edition()
    record = first.edition.folder / "edition.json"
    fields = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**fields, "figures_sha256": "0" * 64}), encoding="utf-8")
    second = make_edition()
    assert second.outcome == "amended"
    assert second.edition.folder.name == "r2"
    assert second.edition.name == "2026-W47 r2"
    assert first.edition.folder.is_dir()
    assert make_edition().outcome == "unchanged"


def test_an_altered_file_is_detected_and_not_overwritten(make_edition: MakeEdition) -> None:
    first = make_edition()
    (first.edition.folder / "said.txt").write_text("other", encoding="utf-8")
    assert first.edition.list_altered_files() == ["said.txt"]
    assert make_edition().outcome == "restored"
    assert (first.edition.folder / "said.txt").read_text(encoding="utf-8") == "other"


def test_an_edition_is_compared_with_the_one_before_it(make_edition: MakeEdition) -> None:
    earlier = make_edition(week="2026-W45", now="2026-11-09 08:00").edition
    later = make_edition().edition
    assert later.compared_with == "2026-W45"
    assert (later.since, later.since_known_at) == (earlier.as_of, earlier.sealed_at)
    make_edition(week="2026-W46")
    assert make_edition().outcome == "unchanged"


def test_sealed_editions_can_be_read_back_and_compared(make_edition: MakeEdition, tmp_path: Path) -> None:
    first, second = make_edition(week="2026-W10").edition, make_edition().edition
    assert read_edition(second.folder) == second
    assert list_editions(tmp_path) == [second, first]
    pairs = compare_editions(first, second, "vi")
    assert len(pairs.targets) == 5
    assert any(pair.differs for pair in pairs.targets)
    same = compare_editions(first, first, "vi")
    assert not any(pair.differs for pair in (*same.targets, *same.tasks))


def test_an_edition_without_ends_of_periods_is_compared_by_their_starts(make_edition: MakeEdition) -> None:
    first, second = make_edition(week="2026-W10").edition, make_edition().edition
    pairs = compare_editions(first, second, "vi").targets
    path = first.folder / "figures.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for row in record["targets"]:
        del row["period_end"]
    path.write_text(json.dumps(record), encoding="utf-8")
    earlier = replace(first, files={**first.files, "figures.json": compute_digest(path)})
    assert compare_editions(earlier, second, "vi").targets == pairs


def test_the_tasks_of_two_editions_are_compared_too(
    database: Database, pointer: Path, make_request: MakeRequest, tmp_path: Path
) -> None:
    first, second = (
        seal(database, pointer, make_request(week=week, plan="dong-thap"), tmp_path).edition
        for week in ("2026-W20", "2026-W47")
    )
    stored_tasks = json.loads((second.folder / "figures.json").read_text(encoding="utf-8"))["tasks"]
    tasks = compare_editions(first, second, "vi").tasks
    assert len(tasks) == len(stored_tasks) > 5
    differ = [pair for pair in tasks if pair.differs]
    assert {pair.place for pair in differ} == {"Đồng Tháp"}
    assert {pair.title for pair in differ} <= {task["title_vi"] for task in stored_tasks}
    assert all(pair.second and pair.second.label and not pair.second.fraction for pair in differ)


@pytest.mark.parametrize("damage", ["lost", "other", "cut"])
def test_comparing_an_edition_with_lost_or_damaged_figures_is_an_error(make_edition: MakeEdition, damage: str) -> None:
    first, second = make_edition(week="2026-W10").edition, make_edition().edition
    figures_file = second.folder / "figures.json"
    text = figures_file.read_text(encoding="utf-8")
    figures_file.write_text({"other": text.replace("W", "V") + " ", "cut": text[:99]}.get(damage, ""), "utf-8")
    if damage == "lost":
        figures_file.unlink()
    with pytest.raises(EditionError) as caught:
        compare_editions(first, second, "vi")
    message = explain(caught.value, "vi")
    assert message.startswith("Số liệu lưu kèm bản chốt 2026-W47 đã mất hoặc hỏng")
    assert str(figures_file.parent.parent.parent) not in message


def test_a_full_disk_leaves_nothing(make_edition: MakeEdition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_to_full_disk(
        figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime
    ) -> list[Path]:
        _write_stub(figures, parts, folder, sealed_at)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writers: tuple[Mapping[str, Writer], Mapping[str, Writer]] = {"said": _write_stub}, {"full": write_to_full_disk}
    monkeypatch.setattr(editions_module, "list_writers", lambda: writers)
    with pytest.raises(StoreError):
        make_edition()
    assert _list_remaining(tmp_path) == set()


def test_ctrl_c_stops_the_slides_in_the_other_thread_and_leaves_nothing(
    make_edition: MakeEdition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = threading.Event(), threading.Event()

    def write_many_slides(
        figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime
    ) -> list[Path]:
        started.set()
        try:
            page = parts.annex.pages[1]
            write_slides(replace(parts.annex, pages=(page,) * 9_000), folder, sealed_at)
        finally:
            ended.set()
        return []

    def raise_keyboard_interrupt(
        figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime
    ) -> list[Path]:
        assert started.wait(30)
        raise KeyboardInterrupt

    writers: tuple[Mapping[str, Writer], Mapping[str, Writer]] = (
        {"pages": raise_keyboard_interrupt},
        {"slides": write_many_slides},
    )
    monkeypatch.setattr(editions_module, "list_writers", lambda: writers)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        make_edition()
    assert ended.is_set()
    assert time.monotonic() - start < 20  # nine thousand slides take minutes
    assert _list_remaining(tmp_path) == set()


def test_a_killed_export_leaves_no_edition_and_the_next_one_cleans_up(
    make_edition: MakeEdition, pointer: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable, "-m", "kpis", "pack", "--week", "2026-W47", "--out", str(tmp_path),
        "--database", str(pointer),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".making-*/.typst-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert list_editions(tmp_path) == []
    make_edition()
    assert _list_remaining(tmp_path) == {"2026-W47-bac-kan"}


@pytest.mark.parametrize("moment", ["*", "*/.typst-*", "*/figures.json"])
def test_what_a_killed_export_leaves_is_removed_by_the_next_one_elsewhere(
    make_edition: MakeEdition,
    pointer: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    elsewhere, temporary = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("tmp")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    process = subprocess.Popen(
        [
            sys.executable, "-m", "kpis", "pack", "--week", "2026-W47", "--out", str(elsewhere),
            "--database", str(pointer),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(elsewhere.glob(f".making-{moment}")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    make_edition()
    assert list(elsewhere.glob(".making-*")) == []
    assert list(temporary.glob("kpis-work-*")) == []
    assert _list_remaining(tmp_path) == {"2026-W47-bac-kan"}


def test_concurrent_exports_make_one_edition(
    database: Database, pointer: Path, make_request: MakeRequest, tmp_path: Path
) -> None:
    outcomes: list[str] = []

    def run() -> None:
        outcomes.append(seal(database, pointer, make_request(), tmp_path).outcome)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "unchanged", "unchanged"]
    assert len(list_editions(tmp_path)) == 1


def test_due_weeks_are_sealed_once_and_gaps_are_filled(make_edition: MakeEdition, tmp_path: Path) -> None:
    make_edition(week="2026-W43")
    weeks = list_due_weeks(tmp_path, "bac-kan", "vi", TODAY)
    assert [str(week) for week in weeks] == ["2026-W44", "2026-W45", "2026-W46"]
    for week in weeks:
        make_edition(week=str(week))
    assert list_due_weeks(tmp_path, "bac-kan", "vi", TODAY) == []
    assert [str(week) for week in list_due_weeks(tmp_path, None, "vi", TODAY)] == ["2026-W46"]


def test_an_unreadable_edition_blocks_no_other_and_gets_a_new_revision(
    make_edition: MakeEdition, tmp_path: Path
) -> None:
    earlier = make_edition(week="2026-W45").edition
    broken = make_edition(week="2026-W46").edition.folder / "edition.json"
    broken.write_text("{", encoding="utf-8")
    later = make_edition()
    assert (later.outcome, later.edition.compared_with) == ("made", "2026-W45")
    assert list_editions(tmp_path) == [later.edition, earlier]
    (left_out,) = list_unreadable(tmp_path, "bac-kan", "vi")
    assert explain(left_out, "vi") == (
        "Không đọc được bản chốt ở 2026-W46-bac-kan/r1 nên bỏ qua; các bản khác vẫn giữ nguyên."
    )
    repeated = make_edition(week="2026-W46")
    assert (repeated.outcome, repeated.edition.revision) == ("restored", 2)
    assert broken.read_text(encoding="utf-8") == "{"


def test_a_week_before_any_plan_gives_an_edition_without_follow_ups(make_edition: MakeEdition) -> None:
    sealed = make_edition(week="2020-W10", plan=None)
    assert sealed.edition.follow_ups == ()
    assert sealed.edition.scope_name == "tất cả kế hoạch (0)"
