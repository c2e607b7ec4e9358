"""Reminders of several machines: one sends at a time, and none that has lost its lock sends another mail."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.reminders.mail import get_mail_server
from kpis.reminders.sending import SendResult, send_reminders
from kpis.services.sending_turn import hold_sending_turn
from kpis.settings import Settings
from kpis.store.lake.address import LakeAddress
from tests.postgres_server import LEADER, PostgresServer
from tests.reminders.conftest import Mailbox, build_reminder, mailbox, smtp  # noqa: F401 - fixtures


def build_settings(folder: Path, lake: LakeAddress | None) -> Settings:
    text = None if lake is None else f"ducklake:postgres:{lake.conninfo}"
    return Settings("vi", folder / "sources.toml", folder / "kpis.json", None, sample=False, lake=text)


def test_who_loses_the_lock_between_two_mails_sends_no_more(
    lake_address: LakeAddress, postgres: PostgresServer, smtp: str, mailbox: Mailbox, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    settings = build_settings(tmp_path, lake_address)
    server = get_mail_server({"KPIS_SMTP": smtp, "KPIS_MAIL_FROM": "nhac-viec@x.vn"})
    reminders = [build_reminder(email) for email in ("a@x.vn", "b@x.vn", "c@x.vn")]

    def end_session(_result: SendResult) -> None:
        with closing(postgres.connect()) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [LEADER])

    def send(report: object) -> None:
        with hold_sending_turn(settings) as may_send:
            send_reminders(
                reminders, server, settings.pointer, as_of=date(2026, 11, 23), now=datetime(2026, 11, 23),
                address=None, lang="vi", report=report, may_send=may_send,  # type: ignore[arg-type]
            )  # fmt: skip

    with pytest.raises(StoreError, match="2 were not sent") as refused:
        send(end_session)
    assert refused.value.values == {"n": 2}
    assert mailbox.list_receivers() == ["a@x.vn"]
    send(lambda _result: None)
    assert mailbox.list_receivers() == ["a@x.vn", "b@x.vn", "c@x.vn"]


def test_a_single_machine_sends_at_a_time(lake_address: LakeAddress, tmp_path: Path) -> None:
    settings = build_settings(tmp_path, lake_address)
    with hold_sending_turn(settings) as first:
        assert first()
        with pytest.raises(StoreError, match="Another machine"), hold_sending_turn(settings):
            pass
    with hold_sending_turn(settings) as second, hold_sending_turn(build_settings(tmp_path, None)) as alone:
        assert second() and alone()
