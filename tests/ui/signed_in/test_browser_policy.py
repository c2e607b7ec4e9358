"""The Content Security Policy in a real browser: no page, popover, calendar or list of ours asks for more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from kpis.ui import pages
from tests.ui.conftest import OpenedPage
from tests.ui.signed_in.conftest import SignIn, press_sign_in, watch_console
from tests.ui.signed_in.installation import Site

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event =>
  console.error('policy', event.effectiveDirective, event.blockedURI, event.sample));
"""


def open_context(new_context: NewContext, size: str, look: str) -> BrowserContext:
    context = new_context(size, look)
    context.add_init_script(REPORT_VIOLATIONS)
    return context


def use_filters(opened: OpenedPage, page: Page) -> None:
    """Open the popover, turn the calendar's leaf, choose a day, then a year and a province from their lists."""
    page.get_by_role("button", name=re.compile("Bộ lọc")).click()
    popover = page.get_by_test_id("stPopoverBody")
    popover.get_by_test_id("stDateInputCalendarButton").click()
    calendar = page.get_by_test_id("stDateInputCalendar")
    calendar.get_by_role("button", name="Tháng trước").click()
    calendar.get_by_role("button", name=re.compile("12 tháng 10")).click()
    page.get_by_text("Tính đến ngày 12/10/2026").first.wait_for()
    opened.wait_until_ready()
    for number, option in ((0, "2026"), (1, "Đồng Tháp")):
        popover.get_by_test_id("stSelectbox").nth(number).locator("input").click()
        page.get_by_role("option", name=option, exact=True).click()
        opened.wait_until_ready()
    page.get_by_text("Tính đến ngày 12/10/2026 · Đồng Tháp").first.wait_for()
    opened.wait_until_ready()
    page.keyboard.press("Escape")


@pytest.mark.parametrize(("size", "look"), [("laptop", "light"), ("phone", "dark")])
def test_no_page_violates_the_policy(
    sign_in: SignIn, signed_in_site: Site, new_context: NewContext, size: str, look: str
) -> None:
    opened = sign_in("admin@tinh.vn", context=open_context(new_context, size, look))
    page = opened.page
    for definition in pages.PAGES:
        page.goto(f"{signed_in_site.address}/{definition.url_path}?plan=ha-noi")
        opened.wait_until_ready()
        assert opened.get_mark("page") == definition.slug and opened.get_mark("state") == "ok"
        page.locator("details").evaluate_all("every => every.forEach(each => { each.open = true; })")
    page.goto(f"{signed_in_site.address}/province?plan=ha-noi")
    opened.wait_until_ready()
    use_filters(opened, page)
    page.get_by_role("button", name="English").click()
    page.get_by_text("As of").first.wait_for()
    for path in ("/dang-xuat", "/moi", "/dang-nhap"):
        page.goto(signed_in_site.address + path)
        page.locator("main h1").wait_for()
    assert opened.console == []


def test_the_check_sees_a_violation(sign_in: SignIn, new_context: NewContext) -> None:
    opened = sign_in("leader@tinh.vn", context=open_context(new_context, "laptop", "light"))
    opened.page.evaluate("new Image().src = 'https://evil.example/x.png'")
    opened.page.wait_for_timeout(500)
    assert any("img-src" in text for text in opened.console)


def test_a_preview_and_an_upload_violate_nothing(
    sign_in: SignIn, signed_in_site: Site, new_context: NewContext
) -> None:
    opened = sign_in("focal@tinh.vn", "/pack?plan=bac-kan", context=open_context(new_context, "laptop", "light"))
    page = opened.page
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Đóng bản xem trước").wait_for(timeout=90_000)
    opened.wait_until_ready()
    pictures = page.locator("[data-testid=stMain] img")
    assert pictures.count() >= 1
    assert all(picture.evaluate("image => image.complete && image.naturalWidth > 0") for picture in pictures.all())
    page.goto(f"{signed_in_site.address}/plan-import")
    opened.wait_until_ready()
    with page.expect_response("**/_stcore/upload_file/**") as answer:
        page.set_input_files(
            "[data-testid=stFileUploader] input",
            {"name": "ke-hoach.txt", "mimeType": "text/plain", "buffer": "Kế hoạch".encode()},
        )
    assert answer.value.status == 204, "a page of the same sign-in"
    page.get_by_text("ke-hoach.txt").first.wait_for()
    assert opened.console == []


def test_sign_in_violates_nothing(new_context: NewContext, signed_in_site: Site) -> None:
    opened = OpenedPage(open_context(new_context, "phone", "dark").new_page())
    watch_console(opened, signed_in_site.address)
    opened.page.goto(f"{signed_in_site.address}/targets?plan=dong-thap")
    press_sign_in(opened.page, "account-1")
    opened.wait_until_ready()
    assert opened.page.url.endswith("/targets?plan=dong-thap") and opened.console == []


def test_the_administrator_alone_finds_the_audit(sign_in: SignIn, signed_in_site: Site) -> None:
    admin = sign_in("admin@tinh.vn", "/audit")
    text = admin.page.inner_text("[data-testid=stMain]")
    assert "Đăng nhập" in text and "admin@tinh.vn" in text and "nối tiếp nhau" in text
    assert "Tính đến" not in text and admin.page.get_by_role("button", name="Bộ lọc").count() == 0
    leader = sign_in("leader@tinh.vn", "/audit")
    assert leader.page.url == f"{signed_in_site.address}/"
    assert leader.page.get_by_role("link", name="Nhật ký").count() == 0


def test_the_state_of_the_server_is_the_administrators(sign_in: SignIn) -> None:
    for email, count in (("admin@tinh.vn", 1), ("leader@tinh.vn", 0), ("focal@tinh.vn", 0)):
        opened = sign_in(email, "/sources")
        assert opened.page.get_by_role("heading", name="Máy chủ").count() == count
