"""The Content Security Policy in a real browser: no page or popover of ours asks for more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from kpis.ui import pages
from tests.ui.signed_in.conftest import SignIn, Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_violates_the_policy(
    sign_in: SignIn, signed_in_site: Site, new_context: Callable[..., BrowserContext], look: str
) -> None:
    context = new_context("laptop", look)
    opened = sign_in("admin@tinh.vn", context=context)
    page = opened.page
    for definition in pages.PAGES:
        page.goto(f"{signed_in_site.address}/{definition.url_path}?plan=ha-noi")
        opened.wait_until_ready()
        assert opened.get_mark("page") == definition.slug and opened.get_mark("state") == "ok"
    page.get_by_role("button", name=re.compile("Bộ lọc")).click()
    page.get_by_test_id("stPopoverBody").get_by_test_id("stDateInput").wait_for()
    for path in ("/dang-xuat", "/moi", "/dang-nhap"):
        page.goto(signed_in_site.address + path)
        page.locator("main h1").wait_for()
    assert opened.console == []


def test_the_administrator_alone_finds_the_audit(sign_in: SignIn, signed_in_site: Site) -> None:
    admin = sign_in("admin@tinh.vn", "/audit")
    text = admin.page.inner_text("[data-testid=stMain]")
    assert "Đăng nhập" in text and "admin@tinh.vn" in text and "nối tiếp nhau" in text
    leader = sign_in("leader@tinh.vn", "/audit")
    assert leader.page.url == f"{signed_in_site.address}/"
    assert leader.page.get_by_role("link", name="Nhật ký").count() == 0
