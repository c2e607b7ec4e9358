"""A hundred sessions of five scopes at once, over the websocket: each gets its own figures and no word of another's."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.websocket_session import PROTOCOL, build_headers, build_stream_url, encode_rerun, is_script_finished
from kpis.access.rights import SessionLimits
from kpis.language import clock
from kpis.store.scopes import rules
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from tests.ui.signed_in.foreign_texts import PLACES, find_foreign, list_foreign_texts
from tests.ui.signed_in.installation import PEOPLE, Site

pytestmark = pytest.mark.browser

SESSIONS = 100
LIMITS = SessionLimits(timedelta(hours=1), timedelta(hours=1))
PAGES = ("", pages.SOURCES, pages.TARGETS, pages.TASKS)
PLAN_TABLES = ("plans", "targets", "tasks", "sections", "agencies", "rosters", "task_leads", "indicators")
ROW_TABLES = ("entries", "task_reports", "rejections", "warnings")


def open_cookies(site: Site) -> list[tuple[str, str]]:
    """Return (person, cookie header) of a hundred sign-ins, of everybody in turn."""
    state, people = site.state, list(PEOPLE)
    name, now = state.get_rights().address.cookie_name, clock.get_utc_now()
    chosen = [people[number % len(people)] for number in range(SESSIONS)]
    return [(email, f"{name}={state.store.open_session(email, 'provider', LIMITS, now)}") for email in chosen]


def list_foreign(pointer: Path) -> Mapping[str, set[str]]:
    """Return person -> the texts that must not reach them."""
    foreign: dict[str, set[str]] = {}
    for email, entry in PEOPLE.items():
        plans, agencies = entry.get("plans"), entry.get("agencies")
        if not isinstance(plans, list):
            continue
        scope = Scope(frozenset(plans))
        texts = list_foreign_texts(pointer, scope, tuple(rules._RULES))
        if isinstance(agencies, list):
            agency_scope = Scope(scope.plans, frozenset((plan, name) for plan in plans for name in agencies))
            texts |= list_foreign_texts(pointer, agency_scope, (*PLAN_TABLES, *ROW_TABLES))
        foreign[email] = texts
    return foreign


async def visit(socket: ClientConnection, paths: Sequence[str]) -> str:
    """Run pages one after the other; return all that came, as a reader would decode it."""
    frames: list[bytes] = []
    for path in paths:
        await socket.send(encode_rerun(path))
        while True:
            received = await asyncio.wait_for(socket.recv(), 240)
            assert isinstance(received, bytes)
            frames.append(received)
            if is_script_finished(ForwardMsg.FromString(received)):
                break
    text = b"\n".join(frames).decode("utf-8", "replace")
    return "\n".join((text, html.unescape(text), unquote(html.unescape(text))))


async def visit_all(site: Site, cookies: list[tuple[str, str]]) -> list[str]:
    host = urlsplit(site.address).netloc
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(
                connect(
                    build_stream_url(host),
                    subprotocols=[PROTOCOL],
                    max_size=None,
                    compression=None,
                    proxy=None,
                    additional_headers=build_headers(host, {"Cookie": cookie}),
                )
            )
            for _, cookie in cookies
        ]
        turns = [
            pages.OFFICER_PAGES[:2] if email.startswith("officer") else (PAGES[number % 4], PAGES[(number + 1) % 4])
            for number, (email, _) in enumerate(cookies)
        ]
        return await asyncio.gather(*map(visit, sockets, turns))


def test_a_hundred_sessions_of_five_scopes_are_never_mixed(signed_in_site: Site) -> None:
    cookies = open_cookies(signed_in_site)
    foreign = list_foreign(signed_in_site.pointer)
    # In a thread of its own: the browser of other tests leaves a running event loop in this one.
    with ThreadPoolExecutor(1) as executor:
        texts = executor.submit(lambda: asyncio.run(visit_all(signed_in_site, cookies))).result()
    assert len(texts) == SESSIONS
    for (email, _), text in zip(cookies, texts, strict=True):
        plans = PEOPLE[email].get("plans")
        if not isinstance(plans, list):
            assert all(place in text for place in PLACES.values()), email
            continue
        own_places = [PLACES[plan] for plan in plans]
        assert all(place in text for place in own_places), email
        assert find_foreign(text, foreign[email]) == [], email
