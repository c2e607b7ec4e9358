"""Signing in and out in a real browser, at a provider of its own process: who is let in, and until when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Error

from kpis.language import clock
from tests.ui.conftest import READY, OpenedPage
from tests.ui.signed_in.conftest import SignIn, press_sign_in, watch_console
from tests.ui.signed_in.installation import PEOPLE, Site

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
SIGN_IN_PAGE = "**/dang-nhap?next=*"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("leader@tinh.vn", "/targets?plan=ha-noi&lang=en")
    assert opened.page.url == f"{signed_in_site.address}/targets?plan=ha-noi&lang=en"
    assert opened.get_mark("page") == "targets" and opened.get_mark("plan") == "ha-noi"
    (cookie,) = [entry for entry in opened.page.context.cookies() if entry["name"].startswith("kpis-")]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["path"] == "/"
    assert opened.console == []


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/\\evil.example", "/moi", "/%2f%2fevil"])
def test_sign_in_never_leads_elsewhere(new_context: NewContext, signed_in_site: Site, path: str) -> None:
    page = new_context().new_page()
    page.goto(f"{signed_in_site.address}/dang-nhap?next={path}")
    press_sign_in(page, "account-0")
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    assert page.url == f"{signed_in_site.address}/"


@pytest.mark.parametrize(
    ("sub", "claims", "sentence"),
    [
        (
            "stranger",
            {"email": "stranger@tinh.vn", "email_verified": True},
            "stranger@tinh.vn không có trong danh sách",
        ),
        ("unverified", {"email": "leader@tinh.vn", "email_verified": False}, "chưa xác minh"),
        ("unknown-state", {"email": "leader@tinh.vn"}, "chưa xác minh"),
        ("text-state", {"email": "leader@tinh.vn", "email_verified": "true"}, "chưa xác minh"),
        ("no-email", {"name": "x"}, "không cho biết"),
    ],
)
def test_who_is_not_known_or_not_proved_is_refused(
    new_context: NewContext, signed_in_site: Site, sub: str, claims: dict[str, object], sentence: str
) -> None:
    signed_in_site.set_claims(sub, **claims)
    opened = OpenedPage(new_context().new_page())
    watch_console(opened, signed_in_site.address)
    opened.page.goto(f"{signed_in_site.address}/dang-nhap")
    with opened.page.expect_response("**/dang-nhap/xong?*") as answer:
        press_sign_in(opened.page, sub)
    assert answer.value.status == 403
    opened.page.get_by_text(sentence).wait_for()
    assert [text for text in opened.console if "403" not in text] == []
    names = [entry["name"] for entry in opened.page.context.cookies() if entry["name"].startswith("kpis-")]
    assert all(name.endswith("-sign-in") for name in names)
    opened.page.goto(f"{signed_in_site.address}/targets")
    opened.page.wait_for_url(SIGN_IN_PAGE)
    if sub == "stranger":
        assert signed_in_site.list_audit("unknown_person")[-1].person == "stranger@tinh.vn"


def test_the_same_address_with_another_account_is_refused(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    sign_in("other@tinh.vn")
    signed_in_site.set_claims("impostor", email="other@tinh.vn", email_verified=True)
    page = new_context().new_page()
    page.goto(f"{signed_in_site.address}/dang-nhap")
    press_sign_in(page, "impostor")
    page.get_by_text("tài khoản khác").wait_for()
    assert signed_in_site.list_audit("refused_account")[-1].person == "other@tinh.vn"


def test_sign_out_ends_the_other_tab_and_the_copied_cookie(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    context = new_context()
    opened = sign_in("leader@tinh.vn", context=context)
    second = context.new_page()
    second.goto(f"{signed_in_site.address}/targets?plan=ha-noi")
    second.wait_for_selector(READY, state="attached", timeout=60_000)
    cookies = context.cookies()
    opened.page.goto(f"{signed_in_site.address}/dang-xuat")
    opened.page.locator("main button[type=submit]").click()
    opened.page.wait_for_url("**/dang-nhap")
    second.wait_for_url(SIGN_IN_PAGE, timeout=15_000)
    assert "next=%2Ftargets%3Fplan%3Dha-noi" in second.url
    thief = new_context()
    thief.add_cookies([{key: entry[key] for key in ("name", "value", "domain", "path")} for entry in cookies])  # type: ignore[misc]
    assert thief.request.get(f"{signed_in_site.address}/_stcore/health").status == 401
    page = thief.new_page()
    page.goto(signed_in_site.address)
    page.wait_for_url(SIGN_IN_PAGE)


def test_who_is_taken_out_is_refused_at_the_next_click_and_an_idle_page_leads_to_sign_in(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site
) -> None:
    context = new_context()
    clicked, idle = sign_in("leader@tinh.vn", context=context), context.new_page()
    idle.goto(f"{signed_in_site.address}/targets?plan=ha-noi")
    idle.wait_for_selector(READY, state="attached", timeout=60_000)
    try:
        signed_in_site.write_rights({email: entry for email, entry in PEOPLE.items() if email != "leader@tinh.vn"})
        with suppress(Error):  # the page may have been led to sign-in before the click
            clicked.page.get_by_role("button", name="English").click(timeout=2_000)
        idle.wait_for_url(SIGN_IN_PAGE, timeout=15_000)
        clicked.page.wait_for_url(SIGN_IN_PAGE, timeout=15_000)
        assert clicked.page.get_by_text("As of").count() == 0
    finally:
        signed_in_site.write_rights(PEOPLE)


def test_other_rights_redraw_an_open_page_with_them_alone(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("leader@tinh.vn")
    assert "Hà Nội" in opened.page.inner_text("[data-testid=stMain]")
    try:
        signed_in_site.write_rights({**PEOPLE, "leader@tinh.vn": {"role": "leader", "plans": ["bac-kan"]}})
        opened.page.get_by_text("Bắc Kạn").first.wait_for(timeout=30_000)
        opened.wait_until_ready()
        assert "Hà Nội" not in opened.page.inner_text("[data-testid=stMain]")
    finally:
        signed_in_site.write_rights(PEOPLE)


def test_an_invitation_signs_in_once(new_context: NewContext, signed_in_site: Site) -> None:
    token = signed_in_site.state.store.create_invitation("focal@tinh.vn", clock.get_utc_now())
    opened = OpenedPage(new_context().new_page())
    watch_console(opened, signed_in_site.address)
    opened.page.goto(f"{signed_in_site.address}/moi#{token}")
    assert token not in opened.page.url, "the token does not stay in the address"
    opened.page.locator("main button[type=submit]").click()
    opened.wait_until_ready()
    assert opened.page.url == f"{signed_in_site.address}/" and opened.console == []
    second = new_context().new_page()
    second.goto(f"{signed_in_site.address}/moi#{token}")
    second.locator("main button[type=submit]").click()
    second.get_by_text("đã dùng hoặc đã quá hạn").wait_for()


def test_no_other_site_may_frame_a_page(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("leader@tinh.vn")
    page = opened.page.context.new_page()
    page.goto(f"{signed_in_site.issuer}/")
    for path in ("/", "/dang-nhap", "/dang-xuat"):
        page.set_content(f'<iframe src="{signed_in_site.address}{path}"></iframe>')
        page.wait_for_timeout(500)
        (frame,) = page.main_frame.child_frames
        assert frame.url.startswith("chrome-error:"), path
