"""Attempts to sign in: bounded for each invitation, each e-mail address and everybody, without shutting others out."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

import pytest

from kpis.language import clock
from kpis.ui.server.gate import attempt_limits
from kpis.ui.server.gate.attempt_limits import AttemptLimits, TooManyAttemptsError
from kpis.ui.server.gate.sign_in import Account, SignInClient
from tests.ui.gate.asgi import Answer, Header
from tests.ui.gate.conftest import RIGHTS, Installation

ORIGIN: Header = ("origin", "https://kpi.example.vn")
MANY_PEOPLE = RIGHTS + "".join(
    f'\n[[person]]\nemail = "p{number}@example.vn"\nrole = "leader"\nplans = ["ha-noi"]\n' for number in range(60)
)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moments = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moments[0])
    return moments


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the provider vouch for whatever stands in the code: "e-mail|account"."""

    async def finish(_client: SignInClient, query: Mapping[str, str], _pending: Any, _uri: str) -> Account:
        email, _, subject = query["code"].partition("|")
        return Account("https://accounts.example.vn", subject, email)

    async def find_endpoint(_client: SignInClient) -> str:
        return ""

    monkeypatch.setattr(SignInClient, "finish", finish)
    monkeypatch.setattr(SignInClient, "find_authorization_endpoint", find_endpoint)


def come_back(installation: Installation, email: str, subject: str = "1") -> Answer:
    """Return from the provider as an account."""
    token = installation.state.store.start_sign_in({"next": "/", "lang": "vi"}, clock.get_utc_now())
    cookie = ("cookie", f"{installation.state.get_rights().address.cookie_name}-sign-in={token}")
    return installation.ask(f"/dang-nhap/xong?code={email}|{subject}", cookie)


def accept(installation: Installation, token: str) -> Answer:
    """Press the button of an invitation."""
    return installation.ask("/moi", ORIGIN, method="POST", body=f"token={token}".encode())


def read_sizes(installation: Installation) -> dict[str, tuple[int, int]]:
    """Return size and moment of every file of the installation that a request could write."""
    folder = installation.paths.pointer.parent
    return {
        path.name: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")  # the index that reading itself touches
    }


def test_an_invitation_that_is_tried_again_and_again_is_refused_and_no_other(with_rights: Installation) -> None:
    store, moment = with_rights.state.store, clock.get_utc_now()
    with_rights.write_rights(MANY_PEOPLE)
    tokens = [store.create_invitation(f"p{number}@example.vn", moment) for number in range(60)]
    assert accept(with_rights, tokens[0]).status == 303
    statuses = [accept(with_rights, tokens[0]).status for _ in range(30)]
    assert statuses == [403] * 9 + [429] * 21
    refused = accept(with_rights, tokens[0])
    assert refused.get("retry-after") == "600" and "mười phút" in refused.body.decode()
    assert [accept(with_rights, token).status for token in tokens[1:]] == [303] * 59


def test_the_limit_of_a_person_shuts_nobody_else_out(with_rights: Installation, accounts: None) -> None:
    with_rights.write_rights(MANY_PEOPLE)
    statuses = [come_back(with_rights, "p0@example.vn").status for _ in range(25)]
    assert statuses == [303] * 10 + [429] * 15
    assert [come_back(with_rights, f"P{number}@Example.vn").status for number in range(1, 60)] == [303] * 59
    signed_in = [line.person for line in with_rights.state.audit.read()]
    assert signed_in.count("p0@example.vn") == 10, "what is refused writes nothing"


def test_another_account_with_the_same_address_uses_up_none_of_its_attempts(
    with_rights: Installation, accounts: None
) -> None:
    assert come_back(with_rights, "leader@example.vn", "rightful").status == 303
    assert {come_back(with_rights, "leader@example.vn", f"thief{number}").status for number in range(40)} == {403}
    assert {come_back(with_rights, "unknown@example.vn").status for _ in range(40)} == {403}
    assert come_back(with_rights, "leader@example.vn", "rightful").status == 303


def test_many_invitations_of_one_person_count_together(with_rights: Installation) -> None:
    store, moment = with_rights.state.store, clock.get_utc_now()
    statuses = [accept(with_rights, store.create_invitation("leader@example.vn", moment)).status for _ in range(15)]
    assert statuses == [303] * 10 + [429] * 5
    assert accept(with_rights, store.create_invitation("focal@example.vn", moment)).status == 303


def test_guesses_are_bounded_for_everybody_for_one_minute(
    with_rights: Installation, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_limits, "MAX_FOR_ALL", 40)
    statuses = [accept(with_rights, f"guess-{number}").status for number in range(attempt_limits.MAX_FOR_ALL + 5)]
    assert statuses == [403] * attempt_limits.MAX_FOR_ALL + [429] * 5
    token = with_rights.state.store.create_invitation("leader@example.vn", clock.get_utc_now())
    now[0] += attempt_limits.ALL_SECONDS
    assert accept(with_rights, token).status == 303


def test_attempts_before_sign_in_write_nothing(
    with_rights: Installation, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_limits, "MAX_FOR_ALL", 30)
    accept(with_rights, "creates the file of sessions and the record that rights are enforced")
    before_attempts = read_sizes(with_rights)
    for number in range(60):
        accept(with_rights, f"guess-{number}")
        with_rights.ask(f"/dang-nhap/xong?code={number}", ("cookie", "x=y"))
    assert read_sizes(with_rights) == before_attempts


def test_counts_in_memory_are_bounded_and_forgotten(now: list[float]) -> None:
    limits = AttemptLimits()
    most = 0
    for _minute in range(60):
        for _ in range(2_000):
            try:
                limits.take_for_all()
            except TooManyAttemptsError:
                break
            limits.take_for_key("invitation", os.urandom(8).hex())
        most = max(most, len(limits))
        now[0] += 60
    assert most <= attempt_limits.MAX_FOR_ALL * 11
    now[0] += 3_600
    limits.take_for_all()
    assert len(limits) == 0


def test_attempts_are_let_pass_again_after_ten_minutes(now: list[float]) -> None:
    limits = AttemptLimits()
    for _ in range(attempt_limits.MAX_FOR_KEY):
        limits.take_for_key("email", "a@x.vn")
    with pytest.raises(TooManyAttemptsError):
        limits.take_for_key("email", "a@x.vn")
    limits.take_for_key("invitation", "a@x.vn")
    now[0] += attempt_limits.KEY_SECONDS
    limits.take_for_key("email", "a@x.vn")
