"""The stand-in and a client for it, on a clock that only moves when somebody waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kpis.sheet.model import Source
from kpis.sources.google import credentials
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.credentials import Key, need_key
from kpis.sources.google.limiter import Limiter
from kpis.sources.google.transport import Patience
from tests.google_stand_in import Spreadsheet, StandIn

NOW = datetime(2026, 11, 21, 2, 0)
HEADER: list[object] = ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Nội dung", "Minh chứng", "Phản hồi"]
ROWS: list[list[object]] = [
    HEADER,
    [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 47, "Bản tin", "https://example.org/1"],
    [date(2026, 4, 1), "Sở Công Thương", "Tin bài", 3, "Bản tin", "https://example.org/2"],
]


@dataclass
class FakeTime:
    """A clock in seconds that moves when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test's secrets.toml would be, so that nobody's own is read."""
    path = tmp_path / ".streamlit" / "secrets.toml"
    monkeypatch.setattr(credentials, "secrets_files", lambda: (path,))
    return path


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def google(time: FakeTime) -> Iterator[StandIn]:
    """Google on loopback; at the end nothing may have gone against its discovery documents."""
    with StandIn(time.clock) as standin:
        yield standin
    assert standin.violations == []


@pytest.fixture
def key(google: StandIn) -> Key:
    return need_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(google.key())})


@pytest.fixture
def patience(time: FakeTime) -> Patience:
    """Waits without waiting."""
    reads, writes = (Limiter(clock=time.clock, sleep=time.sleep) for _ in range(2))
    return Patience(reads=reads, writes=writes, clock=time.clock, sleep=time.sleep)


@pytest.fixture
def client(google: StandIn, key: Key, patience: Patience) -> Iterator[GoogleClient]:
    with closing(open_client(key, write=True, base=google.base, patience=patience)) as opened:
        yield opened


@pytest.fixture
def hurried(google: StandIn, key: Key) -> Iterator[GoogleClient]:
    """A client on the real clock with a deadline of a third of a second."""
    with closing(open_client(key, base=google.base, patience=Patience(deadline=0.3))) as opened:
        yield opened


@pytest.fixture
def make_file(google: StandIn) -> Callable[..., Spreadsheet]:
    """Puts a spreadsheet with rows of progress into Drive, shared with the account."""

    def make(rows: Sequence[Sequence[object]] = ROWS, **known: Any) -> Spreadsheet:
        file = Spreadsheet("Tiến độ 2026", **{"share": {google.account.email: "writer"}, **known})
        file.sheet("Tiến độ").fill(rows)
        return google.cloud.add(file)

    return make


def source_of(file: Spreadsheet, name: str = "ha-noi") -> Source:
    """A source that names a spreadsheet by its address."""
    return Source(name, "ha-noi", "google", f"https://docs.google.com/spreadsheets/d/{file.id}/edit#gid=0")
