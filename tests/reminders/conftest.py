"""A mail server of its own on loopback, and what agencies owe, made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from kpis.reminders.messages import Reminder
from kpis.reminders.owed_things import AgencyDuties, OwedThing
from kpis.screenshot.app_server import find_free_port


@dataclass
class Mailbox:
    """What a mail server took; `refused` are addresses that it refuses, `drops_after` closes the connection then."""

    messages: list[tuple[str, Message]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    drops_after: int | None = None

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.drops_after is not None and len(self.messages) >= self.drops_after:
            self.drops_after = None
            server.transport.close()
            return "421 closing"
        self.messages.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        return "250 OK"

    def list_receivers(self) -> list[str]:
        """Return the addresses that got a message, in order."""
        return [receiver for receiver, _ in self.messages]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[str]:
    """The value of KPIS_SMTP for a mail server on this machine."""
    port = find_free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def build_duties(agency: str = "Sở Y tế", things: int = 1, plan: str = "ha-noi") -> AgencyDuties:
    """Return duties of an agency with so many things."""
    owed = tuple(OwedThing(f"target/{n}", "overdue", f"Quá hạn: Chỉ tiêu {n} (thiếu {n})") for n in range(things))
    return AgencyDuties(plan, "Hà Nội", agency, owed, ("Hạn báo cáo 15/12/2026: còn 3 tuần.",))


def build_reminder(email: str, things: int = 1) -> Reminder:
    """Return a reminder of one agency."""
    return Reminder(email, (build_duties(things=things),))
