"""Sending by a real mail server: none twice in a week; one bad address stops no other; a dead server sends nothing."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import UsageError
from kpis.reminders import sending_log
from kpis.reminders.mail import MailError, get_mail_server
from kpis.reminders.messages import Reminder
from kpis.reminders.sending import SendResult, send_reminders
from kpis.store import journal
from tests.reminders.conftest import Mailbox, build_reminder

NOW = datetime(2026, 11, 23, 0, 0)
FROM = {"KPIS_MAIL_FROM": "nhac-viec@x.vn"}


def send(smtp: str, pointer: Path, *reminders: Reminder, now: datetime = NOW) -> list[SendResult]:
    server = get_mail_server({"KPIS_SMTP": smtp, **FROM})
    return send_reminders(
        reminders, server, pointer, as_of=date(2026, 11, 23), now=now, address="https://kpi.x.vn", lang="vi"
    )


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    return tmp_path / "kpis.json"


def test_a_message_says_what_is_owed(smtp: str, mailbox: Mailbox, pointer: Path) -> None:
    assert [result.outcome for result in send(smtp, pointer, build_reminder("a@x.vn", 2))] == ["sent"]
    [(receiver, message)] = mailbox.messages
    assert receiver == message["To"] == "a@x.vn"
    assert message["From"] == "nhac-viec@x.vn"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode()
    assert "Sở Y tế – Hà Nội" in text
    assert "• Quá hạn: Chỉ tiêu 1 (thiếu 1)" in text
    assert "Xem đủ: https://kpi.x.vn" in text


def test_the_same_is_not_sent_twice_in_a_week_but_what_changed_is(smtp: str, mailbox: Mailbox, pointer: Path) -> None:
    send(smtp, pointer, build_reminder("a@x.vn"), build_reminder("b@x.vn"))
    later = NOW + timedelta(days=6)
    results = send(smtp, pointer, build_reminder("a@x.vn", 2), build_reminder("b@x.vn"), now=later)
    assert sorted((result.reminder.email, result.outcome) for result in results) == [
        ("a@x.vn", "sent"), ("b@x.vn", "sent_this_week"),
    ]  # fmt: skip
    send(smtp, pointer, build_reminder("b@x.vn"), now=NOW + timedelta(days=8))
    assert mailbox.list_receivers() == ["a@x.vn", "b@x.vn", "a@x.vn", "b@x.vn"]


def test_words_that_count_down_are_no_news() -> None:
    first, second = build_reminder("a@x.vn"), build_reminder("a@x.vn")
    thing = second.duties[0].things[0]
    object.__setattr__(thing, "text", "Quá hạn: Chỉ tiêu 0 (thiếu 0, quá hạn 2 tuần)")
    assert first.digest == second.digest
    object.__setattr__(thing, "state", "behind")
    assert first.digest != second.digest


def test_a_refused_address_stops_no_other_address(smtp: str, mailbox: Mailbox, pointer: Path) -> None:
    mailbox.refused = {"b@x.vn"}
    reminders = [build_reminder(email) for email in ("a@x.vn", "b@x.vn", "c@x.vn")]
    results = send(smtp, pointer, *reminders)
    assert [result.outcome for result in results] == ["sent", "failed", "sent"]
    assert results[1].reason == "550 no such mailbox"
    mailbox.refused = set()
    assert [result.outcome for result in send(smtp, pointer, *reminders) if result.outcome == "sent"] == ["sent"]
    assert mailbox.list_receivers() == ["a@x.vn", "c@x.vn", "b@x.vn"]


def test_a_connection_that_ends_leaves_one_unsure_and_the_others_go_on(
    smtp: str, mailbox: Mailbox, pointer: Path
) -> None:
    mailbox.drops_after = 1
    reminders = [build_reminder(email) for email in ("a@x.vn", "b@x.vn", "c@x.vn")]
    assert [result.outcome for result in send(smtp, pointer, *reminders)] == ["sent", "unsure", "sent"]
    repeated = {result.reminder.email: result.outcome for result in send(smtp, pointer, *reminders)}
    assert repeated == {"a@x.vn": "sent_this_week", "b@x.vn": "unsure", "c@x.vn": "sent_this_week"}
    assert mailbox.list_receivers() == ["a@x.vn", "c@x.vn"]


def test_a_run_that_was_killed_between_its_two_lines_is_not_repeated_that_week(
    smtp: str, mailbox: Mailbox, pointer: Path
) -> None:
    reminder = build_reminder("a@x.vn")
    with sending_log.hold_log(pointer) as turn:
        turn.note(reminder, "sending", NOW)
    assert [result.outcome for result in send(smtp, pointer, reminder)] == ["unsure"]
    assert [result.outcome for result in send(smtp, pointer, reminder, now=NOW + timedelta(days=8))] == ["sent"]
    assert len(mailbox.messages) == 1


def test_a_dead_server_sends_nothing_and_notes_nothing_as_sent(pointer: Path) -> None:
    with pytest.raises(MailError, match=r"127\.0\.0\.1"):
        send("smtp://127.0.0.1:9", pointer, build_reminder("a@x.vn"))
    assert sending_log.find_standings(pointer, NOW) == {}


def test_two_runs_at_once_send_once(smtp: str, mailbox: Mailbox, pointer: Path) -> None:
    reminders = [build_reminder(f"{n}@x.vn") for n in range(20)]
    threads = [threading.Thread(target=send, args=(smtp, pointer, *reminders)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mailbox.list_receivers()) == sorted(reminder.email for reminder in reminders)


@pytest.mark.parametrize("line", [b"{}\n", b"\xff\xfe\n", b'{"at": 3, "to": [], "digest": null}\n', b'{"at": "2026'])
def test_lines_that_are_none_of_ours_are_ignored(smtp: str, mailbox: Mailbox, pointer: Path, line: bytes) -> None:
    sending_log.get_log_path(pointer).write_bytes(line)
    send(smtp, pointer, build_reminder("a@x.vn"))
    assert len(mailbox.messages) == 1
    assert [record["state"] for record in journal.read(sending_log.get_log_path(pointer)) if "state" in record] == [
        "sending", "sent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "environ",
    [
        {}, {"KPIS_SMTP": "mail.x.vn"}, {"KPIS_SMTP": "http://mail.x.vn"}, {"KPIS_SMTP": "smtp://mail.x.vn:port"},
        {"KPIS_SMTP": "smtp://a:secret@mail.x.vn"}, {"KPIS_SMTP": "smtp://mail.x.vn", "KPIS_MAIL_FROM": "x"},
        {"KPIS_SMTP": "smtp://mail.x.vn", "KPIS_MAIL_FROM": "a@x.vn\nBcc: b@x.vn"},
        {"KPIS_SMTP": "smtps://a%40x.vn@mail.x.vn", "KPIS_SMTP_PASSWORD": "secret ậ"},
        {"KPIS_SMTP": "smtps://%C4%91@mail.x.vn", **FROM, "KPIS_SMTP_PASSWORD": "secret"},
    ],
)  # fmt: skip
def test_settings_that_are_not_understood_are_refused_without_their_password(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError) as raised:
        get_mail_server({**environ})
    assert "secret" not in str(raised.value)


def test_another_machine_is_never_spoken_to_without_tls() -> None:
    server = get_mail_server({"KPIS_SMTP": "smtp://mail.x.vn", **FROM})
    assert (server.port, server.uses_tls, server.is_local) == (587, False, False)
    assert get_mail_server({"KPIS_SMTP": "smtps://a%40x.vn@mail.x.vn"}).sender == "a@x.vn"
    assert "hidden" not in repr(
        get_mail_server({"KPIS_SMTP": "smtps://a@x.vn:465", **FROM, "KPIS_SMTP_PASSWORD": "hidden"})
    )
