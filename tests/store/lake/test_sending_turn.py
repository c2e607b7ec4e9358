"""Reminders of several machines: none whose turn has ended sends another mail."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.reminders.mail import get_mail_server
from kpis.reminders.sending import SendResult, send_reminders
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.shared_tables import create_shared_tables
from tests.postgres_server import LEADER, PostgresServer
from tests.reminders.conftest import Mailbox, build_reminder, mailbox, smtp  # noqa: F401 - fixtures


def test_who_loses_the_lock_between_two_mails_sends_no_more(
    lake_address: LakeAddress, postgres: PostgresServer, smtp: str, mailbox: Mailbox, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    create_shared_tables(lake_address)
    server = get_mail_server({"KPIS_SMTP": smtp, "KPIS_MAIL_FROM": "nhac-viec@x.vn"})
    reminders = [build_reminder(email) for email in ("a@x.vn", "b@x.vn", "c@x.vn")]

    def end_session(_result: SendResult) -> None:
        with closing(postgres.connect()) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [LEADER])

    def send(report: object) -> None:
        send_reminders(
            reminders, server, tmp_path / "kpis.json", as_of=date(2026, 11, 23), now=datetime(2026, 11, 23),
            address=None, lang="vi", report=report, lake=lake_address,  # type: ignore[arg-type]
        )  # fmt: skip

    with pytest.raises(StoreError, match="2 were not sent") as refused:
        send(end_session)
    assert refused.value.values == {"n": 2}
    assert mailbox.list_receivers() == ["a@x.vn"]
    send(lambda _result: None)
    assert mailbox.list_receivers() == ["a@x.vn", "b@x.vn", "c@x.vn"]
