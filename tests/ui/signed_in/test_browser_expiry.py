"""A session that was idle or lasted too long: its websocket is closed, the open page leads to sign-in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext

from tests.ui.conftest import READY, OpenedPage
from tests.ui.signed_in.conftest import Received, SignIn, press_sign_in
from tests.ui.signed_in.installation import PEOPLE, Site

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
SIGN_IN_PAGE = "**/dang-nhap?next=*"
KEEP_CLOSE_CODES = """
(() => {
  const Native = window.WebSocket;
  window.WebSocket = new Proxy(Native, {construct(target, parts) {
    const socket = new target(...parts);
    socket.addEventListener('close', event => { window.kpisClosed ??= event.code; });
    return socket;
  }});
})();
"""


def change_sessions(site: Site, assignment: str) -> int:
    """Change the stored sessions of a leader, as time would; return how many there are."""
    with closing(sqlite3.connect(site.state.paths.store, timeout=10)) as con, con:
        return con.execute(f"update sessions set {assignment} where email = 'leader@tinh.vn'").rowcount  # noqa: S608


def read_activity(site: Site) -> int:
    with closing(sqlite3.connect(site.state.paths.store, timeout=10)) as con:
        return int(con.execute("select max(last_active_at) from sessions where email = 'leader@tinh.vn'").fetchone()[0])


def wait_for_close(opened: OpenedPage) -> int:
    """Return the code with which the page's websocket was closed."""
    for _ in range(150):
        if code := opened.page.evaluate("window.kpisClosed"):
            return int(code)
        opened.page.wait_for_timeout(100)
    raise AssertionError("the websocket stayed open")


@pytest.mark.parametrize(
    "assignment",
    ["last_active_at = last_active_at - idle_seconds", "ends_at = last_active_at"],
    ids=["idle", "lifetime"],
)
def test_an_open_page_leads_to_sign_in_when_its_session_is_over(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site, assignment: str
) -> None:
    context = new_context()
    context.add_init_script(KEEP_CLOSE_CODES)
    opened = sign_in("leader@tinh.vn", "/targets?plan=ha-noi&lang=vi", context=context)
    cookies = context.cookies()
    context.route("**/phien", lambda route: route.abort())  # the server closes the websocket by itself
    assert change_sessions(signed_in_site, assignment) >= 1
    assert wait_for_close(opened) == 1008
    context.unroute("**/phien")
    opened.page.wait_for_url(SIGN_IN_PAGE, timeout=15_000)
    assert "next=%2Ftargets%3Fplan%3Dha-noi" in opened.page.url
    context.add_cookies(cookies)  # type: ignore[arg-type]
    assert context.request.get(f"{signed_in_site.address}/_stcore/health").status == 401
    press_sign_in(opened.page, f"account-{list(PEOPLE).index('leader@tinh.vn')}")
    opened.page.wait_for_selector(READY, state="attached", timeout=60_000)
    assert OpenedPage(opened.page).get_mark("page") == "targets"


def test_looks_of_the_page_itself_are_no_activity_and_a_click_is(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("leader@tinh.vn", "/targets?plan=ha-noi")
    received = Received()
    received.watch(opened.page)
    opened.page.reload()
    opened.wait_until_ready()
    sent = len(received.sent)
    change_sessions(signed_in_site, "last_active_at = last_active_at - 300")
    earlier = read_activity(signed_in_site)
    opened.page.wait_for_timeout(5_000)  # quick_server.py: the page looks every second
    assert len(received.sent) > sent + 2, "the page has looked by itself"
    assert read_activity(signed_in_site) == earlier
    opened.page.get_by_role("button", name=re.compile("English")).click()
    opened.page.get_by_text("As of").first.wait_for()
    assert read_activity(signed_in_site) >= earlier + 300
