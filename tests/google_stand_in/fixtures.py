"""Fixtures: the stand-in and a client for it, on a clock that only moves when somebody sleeps."""

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
from kpis.sources.google.credentials import ServiceAccountKey, require_key
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.sources.google.transport import RequestPolicy
from tests.google_stand_in import Spreadsheet, StandIn

NOW = datetime(2026, 11, 21, 2, 0)
HEADER: list[object] = ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Nội dung", "Minh chứng", "Phản hồi"]
ROWS: list[list[object]] = [
    HEADER,
    [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 47, "Bản tin", "https://example.org/1"],
    [date(2026, 4, 1), "Sở Công Thương", "Tin bài", 3, "Bản tin", "https://example.org/2"],
]


@dataclass
class FakeClock:
    """A clock in seconds that moves when somebody sleeps."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def get_time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the path of this test's secrets.toml, so that a developer's own file is not read."""
    path = tmp_path / ".streamlit" / "secrets.toml"
    monkeypatch.setattr(credentials, "list_secrets_files", lambda: (path,))
    return path


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def google(time: FakeClock) -> Iterator[StandIn]:
    """Yield Google on loopback; at the end there must be no violation of its discovery documents."""
    with StandIn(time.get_time) as standin:
        yield standin
    assert standin.violations == []


@pytest.fixture
def key(google: StandIn) -> ServiceAccountKey:
    return require_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key())})


@pytest.fixture
def policy(time: FakeClock) -> RequestPolicy:
    """Return a policy that waits on the fake clock only."""
    reads, writes = (RateLimiter(clock=time.get_time, sleep=time.sleep) for _ in range(2))
    return RequestPolicy(read_limiter=reads, write_limiter=writes, clock=time.get_time, sleep=time.sleep)


@pytest.fixture
def client(google: StandIn, key: ServiceAccountKey, policy: RequestPolicy) -> Iterator[GoogleClient]:
    with closing(open_client(key, write=True, base_url=google.base_url, policy=policy)) as google_client:
        yield google_client


@pytest.fixture
def short_deadline_client(google: StandIn, key: ServiceAccountKey) -> Iterator[GoogleClient]:
    """Yield a client on the real clock with a deadline of a third of a second."""
    with closing(
        open_client(key, base_url=google.base_url, policy=RequestPolicy(deadline_seconds=0.3))
    ) as google_client:
        yield google_client


@pytest.fixture
def make_file(google: StandIn) -> Callable[..., Spreadsheet]:
    """Return a function that adds a spreadsheet with progress rows to Drive, shared with the account."""

    def make(rows: Sequence[Sequence[object]] = ROWS, **options: Any) -> Spreadsheet:
        file = Spreadsheet("Tiến độ 2026", **{"share": {google.account.email: "writer"}, **options})
        file.get_sheet("Tiến độ").fill_rows(rows)
        return google.cloud.add_file(file)

    return make


def build_source(file: Spreadsheet, source_id: str = "ha-noi") -> Source:
    """Return a source that names a spreadsheet by its address."""
    return Source(source_id, "ha-noi", "google", f"https://docs.google.com/spreadsheets/d/{file.id}/edit#gid=0")
