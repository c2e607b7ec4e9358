"""Requests for explanations, answers and reminders of others: no byte of them reaches a leader or an officer.

Every wait has an end, and the visits together end within three minutes.
"""

from __future__ import annotations

import html
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext

from kpis.ui import pages
from kpis.ui.server.list_downloads import LISTS
from tests.ui.conftest import READY, OpenedPage
from tests.ui.signed_in.asked_installation import build_marker, create_installation, list_markers
from tests.ui.signed_in.conftest import Received, press_sign_in, watch_console
from tests.ui.signed_in.foreign_texts import PLACES, find_foreign
from tests.ui.signed_in.installation import PEOPLE, Site, find_free_port, serve_site

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
WAIT_MS = 30_000
ALL_SECONDS = 140.0
"""For the visits of one person; with the start of the server the test ends within three minutes."""
MAX_OFFERED = 40
OVERVIEW_DRAWN = f"{READY}[data-page=overview]"
QUERIES = ("plan=ha-noi", f"plan=dong-thap&lang=en&agency={quote('Sở Công Thương')}")
ABOUT_AGENCIES = (pages.AGENCY, pages.TASKS, pages.EXPLANATIONS, pages.FINDINGS, pages.ENTRIES)
"""The pages on which what is asked and answered stands; the others are opened once."""
ERRORS = (
    "/explanations?plan=%00&agency=%FF", "/agency?plan=ha-noi&agency=" + quote("Sở Tư pháp"),
    "/explanations?q=" + quote("chỉ-của-dong-thap"), "/entries?plan=dong-thap&source=dong-thap",
)  # fmt: skip
REQUESTS = (
    "/api/attainment", "/api/attainment?plan=dong-thap", "/api/attainment?plan=ha-noi&by=agency", "/api/attainment?x=1",
    "/phien", "/tai-ve/x", "/tai-bang/x.xlsx", "/media/x", "/_stcore/health", "/_stcore/host-config", "/health", "/x",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger_site(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The dashboard with a ledger about several agencies and plans."""
    pointer = create_installation(tmp_path_factory.mktemp("asked") / "installation")
    port, folder = find_free_port(), tmp_path_factory.mktemp("site")
    with serve_site(folder, pointer, provider, f"http://127.0.0.1:{port}", port) as site:
        yield site


def open_as(site: Site, context: BrowserContext, email: str, received: Received) -> OpenedPage:
    """Sign in and wait for the start page."""
    context.set_default_timeout(WAIT_MS)
    context.set_default_navigation_timeout(WAIT_MS)
    opened = OpenedPage(context.new_page())
    watch_console(opened, site.address)
    received.watch(opened.page)
    opened.page.goto(site.address)
    press_sign_in(opened.page, f"account-{list(PEOPLE).index(email)}")
    opened.wait_until_ready()
    return opened


def visit(opened: OpenedPage, site: Site) -> None:
    """Open every page with every query, and addresses that are wrong."""
    deadline = time.monotonic() + ALL_SECONDS
    addresses = [
        f"/{page.url_path}?{query}"
        for page in pages.PAGES
        for query in (QUERIES if page.slug in ABOUT_AGENCIES else QUERIES[:1])
    ]
    for number, address in enumerate([*addresses, *ERRORS]):
        assert time.monotonic() < deadline, f"only {number} pages in time"
        opened.page.goto(site.address + address, wait_until="commit")
        opened.wait_until_ready()


def list_table_addresses(text: str) -> list[str]:
    """Return the workbooks that pages offer, each as offered and about other plans."""
    offered = set(re.findall(r"/tai-bang/([a-z0-9-]+\.xlsx)(\?[^\"<\s\\]*)?", html.unescape(text)))
    names = {name for name, _ in offered} | {f"{name}.xlsx" for name in LISTS}
    about_plans = [f"/tai-bang/{name}?{query}" for name in sorted(names) for query in QUERIES]
    return [*about_plans, *(f"/tai-bang/{name}{query}" for name, query in sorted(offered)[:MAX_OFFERED])]


def request(context: BrowserContext, site: Site, text: str) -> str:
    """Return the text of every answer outside the pages: tables as workbooks, figures, what is refused."""
    texts = []
    for address in (*REQUESTS, *list_table_addresses(text)):
        answer = context.request.get(site.address + address, timeout=WAIT_MS)
        body = answer.body()
        texts.append(str(answer.headers))
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        texts.append(body.decode("utf-8", "replace"))
    return "\n".join(texts)


def receive_everything(site: Site, context: BrowserContext, email: str) -> str:
    """Return whatever a person can get, as text."""
    received = Received()
    opened = open_as(site, context, email, received)
    visit(opened, site)
    assert len(received.frames) > 50
    assert opened.console == [], "no error on any page"
    text = received.build_text()
    return text + request(context, site, text)


def test_a_leader_receives_no_question_or_answer_of_another_plan(ledger_site: Site, new_context: NewContext) -> None:
    text = receive_everything(ledger_site, new_context(), "leader@tinh.vn")
    for kind in ("Hỏi", "Đáp", "Biện-pháp"):
        assert build_marker(kind, "ha-noi", "Sở Công Thương") in text, kind
    assert build_marker("Trả-lại", "ha-noi", "Sở Y tế") in text
    expected = {word for word in list_markers("ha-noi") if not word.startswith("thư")}
    assert find_foreign(text, list_markers() - expected) == []
    assert find_foreign(text, {"YC-dong-thap", "YC-bac-kan"}) == []
    assert find_foreign(text, {name for plan, name in PLACES.items() if plan != "ha-noi"}) == []


def test_an_officer_receives_no_question_or_answer_of_another_agency(
    ledger_site: Site, new_context: NewContext
) -> None:
    text = receive_everything(ledger_site, new_context(), "officer@tinh.vn")
    for kind in ("Hỏi", "Đáp", "Trả-lại"):
        assert build_marker(kind, "ha-noi", "Sở Y tế") in text, kind
    expected = {word for word in list_markers("ha-noi", "Sở Y tế") if not word.startswith("thư")}
    assert find_foreign(text, list_markers() - expected) == []
    assert find_foreign(text, {"YC-dong-thap", "YC-bac-kan", "YC-ha-noi-2026-0002", "YC-ha-noi-2026-0003"}) == []
    assert find_foreign(text, {name for plan, name in PLACES.items() if plan != "ha-noi"}) == []


def test_no_log_or_file_that_is_served_names_a_reminder(ledger_site: Site) -> None:
    log = Path(ledger_site.log).read_text(encoding="utf-8", errors="replace")
    assert find_foreign(log, list_markers()) == []


def test_a_leader_who_is_an_officer_elsewhere_reaches_both_plans(ledger_site: Site, new_context: NewContext) -> None:
    officer = (
        '[[person]]\nemail = "leader@tinh.vn"\nrole = "officer"\nplans = ["dong-thap"]\nagencies = ["Sở Tư pháp"]\n'
    )
    ledger_site.write_rights(PEOPLE, officer)
    try:
        received = Received()
        opened = open_as(ledger_site, new_context(), "leader@tinh.vn", received)
        assert opened.get_mark("page") == pages.OVERVIEW
        switch = opened.page.locator(".kpis-plan-switch")
        switch.get_by_role("link", name="Đồng Tháp (Sở Tư pháp)").click()
        opened.wait_for_page(pages.AGENCY, "dong-thap")
        names = opened.page.get_by_test_id("stTopNavLink").all_inner_texts()
        assert "Cơ quan" in names and "Nguồn số liệu" not in names
        opened.page.goto(f"{ledger_site.address}/province?plan=dong-thap", wait_until="commit")
        opened.wait_for_page(pages.AGENCY, "dong-thap")
        switch.get_by_role("link", name="Hà Nội").click()
        opened.page.wait_for_selector(OVERVIEW_DRAWN, state="attached")
        opened.wait_until_ready()
        assert "plan=" not in opened.page.url
        opened.page.goto(f"{ledger_site.address}/explanations?plan=dong-thap", wait_until="commit")
        opened.wait_for_page(pages.EXPLANATIONS, "dong-thap")
        text = received.build_text()
        assert build_marker("Đáp", "dong-thap", "Sở Tư pháp") in text
        assert find_foreign(text, list_markers("dong-thap", "Sở Công Thương") | list_markers("bac-kan")) == []
        assert find_foreign(text, {"Thái Nguyên", "Tuyên Quang", "Bắc Kạn"}) == []
    finally:
        ledger_site.write_rights(PEOPLE)
