"""Sending reminders: each noted before and after, none twice in a week, one bad address stops no other."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from kpis.errors import StoreError
from kpis.language.messages import Language
from kpis.reminders import sending_log
from kpis.reminders.mail import MailError, MailServer, build_mail, open_mail_server, send_mail
from kpis.reminders.messages import Reminder, format_mail, format_subject
from kpis.store.lake.address import LakeAddress

_ENDED_TURN = (
    "The connection to PostgreSQL was lost, so another machine may be sending reminders: {n} were not sent by this "
    "one. Run it again."
)

Outcome = Literal["sent", "sent_this_week", "unsure", "failed"]


@dataclass(frozen=True)
class SendResult:
    """What became of the message to one address; `reason` of a failure is the mail server's answer."""

    reminder: Reminder
    outcome: Outcome
    reason: str = ""


def send_reminders(
    reminders: Sequence[Reminder],
    server: MailServer,
    pointer: Path,
    *,
    as_of: date,
    now: datetime,
    address: str | None,
    lang: Language,
    report: Callable[[SendResult], None] = lambda _result: None,
    lake: LakeAddress | None = None,
) -> list[SendResult]:
    """Send what was not sent in the week before `now` (naive UTC) and return what became of each.

    MailError if the server cannot be used at all: then nothing is noted as sent. StoreError if the turn of this
    process, which is asked for before each mail, has ended: the remaining ones are not sent.
    """
    results: list[SendResult] = []

    def add(result: SendResult) -> None:
        results.append(result)
        report(result)

    with sending_log.hold_log(pointer, lake) as turn:
        standings = sending_log.find_standings(pointer, now)
        pending: list[Reminder] = []
        for reminder in reminders:
            match standings.get((reminder.email, reminder.digest)):
                case "sent":
                    add(SendResult(reminder, "sent_this_week"))
                case "unsure":
                    add(SendResult(reminder, "unsure"))
                case _:
                    pending.append(reminder)
        _send_pending(pending, server, turn, (as_of, now, address, lang), add)
    return results


def _send_pending(
    pending: Iterable[Reminder],
    server: MailServer,
    turn: sending_log.SendingTurn,
    details: tuple[date, datetime, str | None, Language],
    add: Callable[[SendResult], None],
) -> None:
    as_of, now, address, lang = details
    remaining = list(pending)
    while remaining:
        with open_mail_server(server) as connection:
            while remaining:
                if not turn.may_send():
                    _quit(connection)
                    raise StoreError(_ENDED_TURN, n=len(remaining))
                reminder = remaining.pop(0)
                text = format_mail(reminder.duties, as_of, address, lang)
                message = build_mail(server, reminder.email, format_subject(reminder, as_of, lang), text)
                turn.note(reminder, "sending", now)
                try:
                    send_mail(connection, message)
                except MailError as error:
                    turn.note(reminder, "failed", now)
                    add(SendResult(reminder, "failed", str(error)))
                except OSError as error:
                    # Whether it went out is not known: the connection ended after it was handed over, or before.
                    add(SendResult(reminder, "unsure", str(error)))
                    break
                else:
                    turn.note(reminder, "sent", now)
                    add(SendResult(reminder, "sent"))
            _quit(connection)


def _quit(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        return


def is_problem(result: SendResult) -> bool:
    """True if somebody has to look at it."""
    return result.outcome in ("failed", "unsure")
