"""What reaches a signed-in person's browser: every body and frame is searched for what others may see alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import BrowserContext

from kpis.pack.edition.folders import get_default_folder, list_editions
from kpis.store.database import Database
from kpis.store.scopes import rules
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from tests.ui.conftest import READY, OpenedPage
from tests.ui.signed_in.conftest import Received, SignIn
from tests.ui.signed_in.foreign_texts import PLACES, find_foreign, list_foreign_texts, list_texts
from tests.ui.signed_in.installation import Site
from tests.ui.signed_in.replaying import RECORD_SOCKETS, replay

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]


def visit_everything(opened: OpenedPage, address: str, queries: tuple[str, ...]) -> None:
    """Open every page with every query, and its filters with their lists."""
    page = opened.page
    for definition in pages.PAGES:
        for query in queries:
            page.goto(f"{address}/{definition.url_path}?{query}")
            opened.wait_until_ready()
        if opened.get_mark("page") != definition.slug:
            continue  # not one of the person's pages
        page.get_by_role("button", name=re.compile("Bộ lọc|Filters")).click()
        boxes = page.get_by_test_id("stPopoverBody").get_by_test_id("stSelectbox")
        boxes.first.wait_for()
        for number in range(boxes.count()):
            boxes.nth(number).locator("input").click()
            page.wait_for_timeout(150)
            page.keyboard.press("Escape")
        page.wait_for_timeout(100)


def test_a_leader_receives_no_word_of_another_plan(sign_in: SignIn, signed_in_site: Site) -> None:
    received = Received()
    opened = sign_in("leader@tinh.vn", received=received)
    visit_everything(
        opened, signed_in_site.address, ("lang=vi", "lang=en&plan=ha-noi", "agency=S%E1%BB%9F+Y+t%E1%BA%BF&plan=ha-noi")
    )
    text = received.build_text()
    assert "Hà Nội" in text and len(received.frames) > 50
    places = {name for plan, name in PLACES.items() if plan != "ha-noi"}
    ids = {f"{plan}{end}" for plan in PLACES if plan != "ha-noi" for end in ('"', ".", "/", "<", "&")}
    assert find_foreign(text, places | ids) == []
    foreign = list_foreign_texts(signed_in_site.pointer, Scope(frozenset({"ha-noi"})), tuple(rules._RULES))
    assert find_foreign(text, foreign) == []
    assert opened.console == []


def test_an_officer_receives_no_row_of_another_agency(sign_in: SignIn, signed_in_site: Site) -> None:
    received = Received()
    opened = sign_in("officer@tinh.vn", received=received)
    assert opened.get_mark("page") == pages.AGENCY and opened.get_mark("plan") == "ha-noi"
    visit_everything(
        opened, signed_in_site.address, ("lang=vi", "agency=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5&plan=ha-noi")
    )
    text = received.build_text()
    assert "Sở Y tế" in text
    scope = Scope(frozenset({"ha-noi"}), frozenset({("ha-noi", "Sở Y tế")}))
    foreign = list_foreign_texts(signed_in_site.pointer, scope, ("entries", "task_reports", "rejections", "warnings"))
    register = Database.open(signed_in_site.pointer)
    assert register is not None
    plan_texts = "\n".join(list_texts(register, ("plans", "targets", "tasks", "sections", "task_leads", "indicators")))
    assert find_foreign(text, {word for word in foreign if word not in plan_texts}) == []
    assert find_foreign(text, {name for plan, name in PLACES.items() if plan != "ha-noi"}) == []


def test_another_plan_is_answered_like_one_that_does_not_exist(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("leader@tinh.vn")
    seen = []
    for plan in ("dong-thap", "khong-co"):
        opened.page.goto(f"{signed_in_site.address}/province?plan={plan}")
        opened.wait_until_ready()
        seen.append(opened.page.inner_text("[data-testid=stMain]").replace(plan, "X"))
    assert seen[0] == seen[1]


def press_in_language(opened: OpenedPage, name: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).click()


def wait_for_line(opened: OpenedPage, site: Site, action: str) -> None:
    deadline = time.monotonic() + 60
    while not site.list_audit(action):
        assert time.monotonic() < deadline, action
        opened.page.wait_for_timeout(100)


def test_a_leader_who_replays_an_administrators_presses_changes_nothing(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    received = Received()
    admin = sign_in("admin@tinh.vn", "/pack?plan=ha-noi", received=received)
    received.sent.clear()
    press_in_language(admin, "Chốt bản này")
    admin.page.get_by_text("Đã chốt bản").first.wait_for(timeout=90_000)
    seal_frames = list(received.sent)
    admin.page.goto(f"{signed_in_site.address}/sources")
    admin.wait_until_ready()
    received.sent.clear()
    press_in_language(admin, "Đọc lại ngay")
    wait_for_line(admin, signed_in_site, "read_again")
    admin.wait_until_ready()
    read_frames = list(received.sent)
    editions = [edition.name for edition in list_editions(get_default_folder(signed_in_site.pointer))]
    sealed, read = len(signed_in_site.list_audit("seal")), len(signed_in_site.list_audit("read_again"))
    assert (sealed, read) == (1, 1)
    context = new_context()
    context.add_init_script(RECORD_SOCKETS)
    leader = sign_in("leader@tinh.vn", "/pack?plan=ha-noi", context=context)
    replay(leader, seal_frames)
    replay(leader, read_frames)
    assert [edition.name for edition in list_editions(get_default_folder(signed_in_site.pointer))] == editions
    assert len(signed_in_site.list_audit("seal")) == sealed and len(signed_in_site.list_audit("read_again")) == read
    refused = {
        line.details["wanted"] for line in signed_in_site.list_audit("refused") if line.person == "leader@tinh.vn"
    }
    assert refused >= {"seal", "read_again"}


def test_a_download_opens_for_the_person_alone_to_whom_it_was_offered(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    admin = sign_in("admin@tinh.vn", "/pack?plan=ha-noi")
    if not list_editions(get_default_folder(signed_in_site.pointer)):
        press_in_language(admin, "Chốt bản này")
    link = admin.page.get_by_role("link", name="Tải PDF")
    link.wait_for(timeout=90_000)
    path = link.get_attribute("href")
    assert path
    answer = admin.page.context.request.get(signed_in_site.address + path)
    assert answer.status == 200 and answer.headers["content-disposition"].startswith("attachment")
    for email in ("other@tinh.vn", "leader@tinh.vn"):
        stranger = sign_in(email)
        for address in (path, "/tai-ve/" + "0" * 64, "/media/" + "0" * 64):
            assert stranger.page.context.request.get(signed_in_site.address + address).status == 404
    assert signed_in_site.list_audit("download")[-1].person == "admin@tinh.vn"
    assert new_context().request.get(signed_in_site.address + path).status == 401


def test_the_session_of_a_page_is_never_resumed_by_another_person(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    context = new_context()
    context.add_init_script(
        "(() => { const N = window.WebSocket; window.WebSocket = new Proxy(N, {construct(t, p) {"
        "window.kpisProtocols = p[1]; return new t(...p); }}); })();"
    )
    first = sign_in("leader@tinh.vn", context=context)
    first.page.reload()
    first.wait_until_ready()
    protocols = first.page.evaluate("window.kpisProtocols")
    session_id = _find_session_id(first)
    other_context = new_context()
    other_context.add_init_script(
        "(() => { const N = window.WebSocket; window.WebSocket = new Proxy(N, {construct(t, p) {"
        f"return new t(p[0], [...(p[1] || []).slice(0, 2), '{session_id}']); }}}}); }})();"
    )
    received = Received()
    other = sign_in("other@tinh.vn", context=other_context, received=received)
    text = received.build_text()
    assert protocols and "Hà Nội" not in text and "Đồng Tháp" in text
    assert other.get_mark("state") == "ok"


def _find_session_id(opened: OpenedPage) -> str:
    """Return the id that Streamlit would resume the page's session by."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    received = Received()
    received.watch(opened.page)
    opened.page.reload()
    opened.wait_until_ready()
    for frame in received.frames:
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.WhichOneof("type") == "new_session":
            return str(message.new_session.initialize.session_id)
    raise AssertionError("no session began")


def test_people_who_look_at_once_each_see_their_own(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    windows: list[tuple[str, OpenedPage]] = []
    contexts: Mapping[str, BrowserContext] = {plan: new_context() for plan in ("ha-noi", "dong-thap")}
    for email, plan in (("leader@tinh.vn", "ha-noi"), ("other@tinh.vn", "dong-thap")):
        sign_in(email, context=contexts[plan])
    for number in range(20):
        plan = ("ha-noi", "dong-thap")[number % 2]
        page = contexts[plan].new_page()
        page.goto(signed_in_site.address + ("/", "/sources", "/province", "/targets")[number % 4], wait_until="commit")
        windows.append((plan, OpenedPage(page)))
    for plan, opened in windows:
        opened.page.wait_for_selector(READY, state="attached", timeout=120_000)
        opened.wait_until_ready()
        text = opened.page.inner_text("[data-testid=stMain]")
        other = "dong-thap" if plan == "ha-noi" else "ha-noi"
        assert PLACES[plan] in text or plan in text
        assert PLACES[other] not in text and other not in text
