"""Several machines watch one lake: one reads the sheets, all follow, and what is here is shown when it is away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from bench.websocket_session import PROTOCOL, build_headers, build_stream_url, encode_rerun, is_script_finished
from kpis.language import clock
from kpis.screenshot.app_server import find_free_port, is_answering, stop_process
from kpis.services.health import check_health
from kpis.services.lake_following import LakeFollower
from kpis.services.lake_state import SILENT_AFTER, LakeState, find_lake_problem, write_lake_state
from kpis.services.reading_duty import ReadingDuty
from kpis.services.watcher_status import WatcherStatus
from kpis.settings import load_settings
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import OTHER_LAKE_MESSAGE
from kpis.store.lake.leader_lock import describe_leader
from kpis.store.shared_files import find_files
from kpis.store.versions import find_current_version
from kpis.sync.result import Message
from kpis.ui.frame.watcher_notice import list_watcher_notices
from tests.cli.command_runner import run_kpis
from tests.cli.conftest import INVALID_ROWS, VALID_ROWS
from tests.paths import ROOT
from tests.postgres_server import PostgresServer
from tests.store.lake.test_commands import LakeProject, lake_project  # noqa: F401 - a fixture

SECONDS = 180
"""The longest wait, on a machine that does much else."""


@pytest.fixture
def followed(lake_project: LakeProject) -> LakeProject:  # noqa: F811
    """A lake with one version, which no machine but the one that read it has yet."""
    lake_project.run("store", "create", "--data", str(lake_project.data))
    assert lake_project.run("sync").code == 0
    return lake_project


def wait_until(is_reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def get_environ(project: LakeProject, local: Path) -> dict[str, str]:
    """Return the environment of another machine."""
    return {**os.environ, **project.environ, "KPIS_LOCAL": str(local), "KPIS_WATCH": "10s", "KPIS_LANGUAGE": "vi"}


@contextmanager
def run_watch(
    environ: Mapping[str, str], command: tuple[str, ...] = ("kpis.services.watch",)
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=dict(environ), stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_single_watch_reads_for_every_machine_until_it_ends(
    followed: LakeProject, lake_address: LakeAddress, tmp_path: Path
) -> None:
    first, second = tmp_path / "first" / "kpis.json", tmp_path / "second" / "kpis.json"
    with run_watch(get_environ(followed, first.parent)) as reader:
        number = wait_for_version(first, above=1)  # weeks have ended since the first reading
        with run_watch(get_environ(followed, second.parent)) as successor:
            wait_for_version(second, above=number - 1)
            write_rows(followed, 1)
            number = wait_for_version(first, above=number)
            assert wait_for_version(second, above=number - 1) == number
            assert find_reader(lake_address) == reader.pid
            reader.kill()
            write_rows(followed, 2)
            wait_for_version(second, above=number)
            assert find_reader(lake_address) == successor.pid


def test_a_machine_that_never_reads_follows_with_a_role_that_may_only_read(
    followed: LakeProject, follower_address: LakeAddress, lake_address: LakeAddress, tmp_path: Path
) -> None:
    environ = get_environ(followed, tmp_path / "third")
    environ["KPIS_DATABASE"] = f"ducklake:postgres:{follower_address.conninfo}"
    with run_watch(environ, ("kpis", "store", "follow")) as process:
        wait_for_version(tmp_path / "third" / "kpis.json", above=0)
        assert find_reader(lake_address) is None
        process.terminate()
        assert process.wait(SECONDS) == 0


def find_reader(address: LakeAddress) -> int | None:
    reader = describe_leader(address, "watcher")
    return None if reader is None else reader.process_id


def write_rows(project: LakeProject, quantity: int) -> None:
    """Write the sheet with one more row."""
    row = (date(2026, 5, 2), "Sở Công Thương", "Tin bài", quantity, None, "https://a.example/5")
    task = ("dong-thap.III.6", None, "Sở Công Thương", "Hoàn thành", date(2026, 6, 2))
    project.project.write_workbook([*VALID_ROWS, *INVALID_ROWS, row], [task])


def wait_for_version(pointer: Path, *, above: int) -> int:
    """Wait until a machine has a version of a higher number, and return it."""
    wait_until(lambda: (find_current_version(pointer) or 0) > above)
    number = find_current_version(pointer)
    assert number is not None
    return number


def test_the_duty_to_read_belongs_to_one_and_passes_on(lake_address: LakeAddress) -> None:
    with ReadingDuty(None) as alone:
        assert alone.is_ours()
    with ReadingDuty(lake_address) as second:
        with ReadingDuty(lake_address) as first:
            assert [first.is_ours(), second.is_ours(), first.is_ours()] == [True, False, True]
        assert second.is_ours()


def test_a_lake_that_is_away_is_told_and_followed_again(
    followed: LakeProject, postgres: PostgresServer, lake_address: LakeAddress, tmp_path: Path
) -> None:
    environ = get_environ(followed, tmp_path / "other")
    with closing(LakeFollower(lake_address, find_files(load_settings(environ)), "vi")) as follower:
        check_what_is_told(follower, postgres, lake_address, environ)


def check_what_is_told(
    follower: LakeFollower, postgres: PostgresServer, lake_address: LakeAddress, environ: Mapping[str, str]
) -> None:
    settings = load_settings(environ)
    pointer = settings.pointer
    follower.ask()
    assert find_current_version(pointer) == 1
    assert list_watcher_notices(pointer, "vi") == []
    assert check_health(environ, WatcherStatus(), clock.get_utc_now(), settings).problems == ()
    postgres.stop("immediate")
    try:
        follower.ask()
        problem = find_lake_problem(pointer, clock.get_utc_now())
        assert problem is not None
        assert problem.version == 1
        (notice,) = list_watcher_notices(pointer, "vi")
        assert notice.startswith("Không kết nối được với kho dữ liệu dùng chung từ ")
        assert postgres.host not in notice
        (long_notice,) = list_watcher_notices(pointer, "vi", with_folders=True)
        assert f"PostgreSQL tại {lake_address.describe()} không trả lời" in long_notice
        assert check_health(environ, WatcherStatus(), clock.get_utc_now(), settings).problems == ("lake",)
        follower.ask()
        later = find_lake_problem(pointer, clock.get_utc_now())
        assert later is not None and later.since == problem.since
        hour_later = clock.get_utc_now() + timedelta(hours=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "get_utc_now", lambda: hour_later)
            follower.ask()
            assert list_watcher_notices(pointer, "vi") == [notice]
        doctor = run_kpis("doctor", environ=environ, now=clock.get_utc_now())
        assert doctor.code == 3
        lines = [line for line in doctor.out.splitlines() if "kho chung" in line]
        assert [line[0] for line in lines] == ["✗", "✗"]
        everything = notice + long_notice + doctor.out + (pointer.parent / "kpis-lake.json").read_text()
        assert [password for password in postgres.passwords.values() if password in everything] == []
    finally:
        postgres.start()
    follower.ask()
    assert find_lake_problem(pointer, clock.get_utc_now()) is None
    late = clock.get_utc_now() + 2 * SILENT_AFTER
    assert find_lake_problem(pointer, late) is not None


def test_a_lake_that_is_refused_is_not_called_unreachable(tmp_path: Path) -> None:
    reason = Message(OTHER_LAKE_MESSAGE, {"lake": "db:5432/kpis", "path": "x", "version": 3, "number": 9})
    now = clock.get_utc_now()
    write_lake_state(tmp_path / "kpis.json", LakeState(now, now, reason, 9, now))
    (notice,) = list_watcher_notices(tmp_path / "kpis.json", "vi")
    assert notice.startswith("Máy này không theo kho dữ liệu dùng chung từ ") and "db:5432" not in notice
    write_lake_state(tmp_path / "kpis.json", LakeState(now, now, Message("refused"), 9, now))
    (notice,) = list_watcher_notices(tmp_path / "kpis.json", "vi", with_folders=True)
    assert notice.startswith("Không kết nối được") and notice.endswith(" refused.")


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def read_page(host: str) -> str:
    """Return all that a browser receives for the overview."""
    headers = build_headers(host)
    with connect(build_stream_url(host), subprotocols=[PROTOCOL], max_size=None, additional_headers=headers) as socket:
        socket.send(encode_rerun())
        received = b""
        while True:
            message = socket.recv(timeout=SECONDS, decode=False)
            received += message
            if is_script_finished(ForwardMsg.FromString(message)):
                return received.decode(errors="replace")


def read_command_lines() -> str:
    """Return the command line of every process of this machine, as anyone may read it."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(lines)


@pytest.mark.slow
def test_a_server_serves_while_postgresql_is_stopped(
    followed: LakeProject, page_address: LakeAddress, postgres: PostgresServer, tmp_path: Path
) -> None:
    """PostgreSQL stops while pages load: each is complete, says which version it shows, and no secret is anywhere.

    The server has the role of pages; the watch beside it, with the leader's, reads and follows.
    """
    watch = get_environ(followed, tmp_path / "server")
    page = watch | {"KPIS_WATCH": "apart", "KPIS_DATABASE": f"ducklake:postgres:{page_address.conninfo}"}
    address = f"http://127.0.0.1:{find_free_port()}"
    host, log = address.removeprefix("http://"), tmp_path / "server.log"
    command = ["-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1", "--server.headless", "true"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command, "--server.port", address.rpartition(":")[2]],
            cwd=ROOT, env=page, stdout=output, stderr=output,
        )  # fmt: skip
    stack = ExitStack()
    try:
        wait_until(lambda: is_answering(address))
        assert fetch(f"{address}/health") == (503, "not ok"), "the role of the pages follows nothing"
        stack.enter_context(run_watch(watch))
        wait_until(lambda: fetch(f"{address}/health") == (200, "ok"))
        status, figures = fetch(f"{address}/api/attainment")
        assert status == 200 and json.loads(figures)
        with ThreadPoolExecutor(2) as pool:
            loads = [pool.submit(read_page, host) for _ in range(6)]
            postgres.stop("immediate")
            try:
                wait_until(lambda: fetch(f"{address}/health") == (503, "not ok"))
                seen = [load.result() for load in loads]
                for _ in range(5):
                    assert fetch(f"{address}/api/attainment") == (200, figures)
                    assert fetch(f"{address}/health/live") == (200, "ok")
                seen.append(read_page(host))
                lines = read_command_lines()
                assert process.poll() is None
            finally:
                postgres.start()
        assert all("Đồng Tháp" in page for page in seen)
        assert "Không kết nối được với kho dữ liệu dùng chung từ " in seen[-1]
        assert "nên số liệu đang xem là bản " in seen[-1]
        wait_until(lambda: fetch(f"{address}/health") == (200, "ok"))
        assert process.poll() is None
    finally:
        stack.close()
        stop_process(process)
    everything = "".join([*seen, lines, log.read_text(encoding="utf-8")])
    assert [password for password in postgres.passwords.values() if password in everything] == []
