"""The few documents that exist before sign-in: sign-in, invitation, refusal. They load nothing but our typeface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from kpis.charts.palette import ACCENT, INK, LINE, MUTED, RAISED_SURFACE, SURFACE
from kpis.language.messages import Language, translate
from kpis.ui.server.gate import routes
from kpis.ui.shared.html import tag
from kpis.ui.shared.product import PRODUCT_NAME

_DOCUMENT = Markup(
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><link rel="icon" href="{base}/favicon.png">'
    "<title>{title}</title><style>{style}</style></head>"
    "<body><main>{body}</main>{script}</body></html>"
)
INVITATION_SCRIPT = (
    "(function(){var f=document.getElementById('kpis-invitation'),t=location.hash.slice(1);"
    "f.elements.token.value=t;history.replaceState(null,'',location.pathname+location.search);"
    "f.hidden=!t;document.getElementById('kpis-no-token').hidden=!!t;})();"
)
"""Moves the token from the address, where it reaches no server or log, into the form."""


@dataclass(frozen=True)
class EntryPage:
    """Where a document stands: base path, language, and where sign-in leads to afterwards."""

    base: str
    lang: Language
    next_path: str = "/"

    def t(self, text: str, **values: object) -> str:
        """Return a sentence in the page's language."""
        return translate(self.lang, text, **values)


def render_sign_in(page: EntryPage, provider: str | None, message: str = "") -> str:
    """Return the sign-in page; `provider` is its name on the button, None where there is only invitation."""
    parts = [tag("p", message, class_="message", role="alert")] if message else []
    if provider is None:
        parts.append(tag("p", page.t("Open the invitation that the administrator sent you to sign in.")))
    else:
        parts += [
            tag("p", page.t("Sign in with the account of your office to see the figures of your plans.")),
            _render_form(
                page.base + routes.SIGN_IN_START,
                tag("input", type="hidden", name_="next", value=page.next_path),
                tag("input", type="hidden", name_="lang", value=page.lang),
                tag("button", page.t("Sign in with {provider}", provider=provider), type="submit"),
            ),
        ]
    return _render_document(page, page.t("Sign in"), *parts, own_path=routes.SIGN_IN)


def render_invitation(page: EntryPage, message: str = "") -> str:
    """Return the page that an invitation opens; only its button uses the invitation up."""
    form = _render_form(
        page.base + routes.INVITATION,
        tag("p", page.t("You are invited to see the dashboard on this device.")),
        tag("input", type="hidden", name_="token"),
        tag("input", type="hidden", name_="lang", value=page.lang),
        tag("button", page.t("Sign in on this device"), type="submit"),
        id="kpis-invitation",
        hidden=True,
    )
    missing = tag(
        "p", page.t("This address is not complete. Open the whole link of the invitation."), id="kpis-no-token"
    )
    parts = [tag("p", message, class_="message", role="alert")] if message else [form, missing]
    return _render_document(
        page,
        page.t("Invitation"),
        *parts,
        own_path=routes.INVITATION,
        script="" if message else INVITATION_SCRIPT,
    )


def render_sign_out(page: EntryPage) -> str:
    """Return the page that asks before it signs out; only its button does."""
    form = _render_form(page.base + routes.SIGN_OUT, tag("button", page.t("Sign out"), type="submit"))
    text = tag("p", page.t("This ends your session in every window of this browser."))
    back = tag("p", Markup('<a href="{}/">{}</a>').format(page.base, page.t("Back to the figures")), class_="language")
    return _render_document(page, page.t("Sign out"), text, form, back, own_path=routes.SIGN_OUT)


def render_unknown_person(page: EntryPage, email: str) -> str:
    """Return the page for somebody who signed in and is not in the rights file."""
    sentences = (
        page.t("{email} is not in the list of people who may see this dashboard.", email=email),
        page.t("Ask the administrator of the dashboard to add you, then sign in again."),
    )
    link = Markup('<a href="{}">{}</a>').format(page.base + routes.SIGN_IN, page.t("Sign in with another account"))
    return _render_refusal(page, page.t("You have no access yet"), *sentences, link)


def render_broken_rights(page: EntryPage, faults: Sequence[str]) -> str:
    """Return the page for everybody while the rights file cannot be used; `faults` are its sentences."""
    advice = page.t("The administrator mends the file; until then no figures are shown.")
    return _render_refusal(page, page.t("Nobody can be let in at the moment"), *faults, advice)


def _render_refusal(page: EntryPage, title: str, *sentences: str) -> str:
    parts = [tag("p", sentence) for sentence in sentences]
    return _render_document(page, title, *parts, own_path=routes.SIGN_IN)


def _render_form(action: str, *children: Markup, **attributes: str | bool) -> Markup:
    return tag("form", *children, method="post", action=action, **attributes)


def _render_document(page: EntryPage, title: str, *parts: Markup, own_path: str, script: str = "") -> str:
    other: Language = "en" if page.lang == "vi" else "vi"
    label = "English" if other == "en" else "Tiếng Việt"
    switch = Markup('<a href="{}?lang={}&amp;next={}">{}</a>').format(
        page.base + own_path, other, page.next_path, label
    )
    body = Markup("").join(
        (
            tag("p", page.t(PRODUCT_NAME), class_="product"),
            tag("h1", title),
            *parts,
            tag("p", switch, class_="language") if own_path == routes.SIGN_IN else Markup(""),
        )
    )
    # The script is a constant of this module; its hash stands in the policy of the answer.
    return _DOCUMENT.format(
        lang=page.lang,
        base=page.base,
        title=f"{title} · {page.t(PRODUCT_NAME)}",
        style=Markup(_build_style(page.base)),  # noqa: S704 - from the palette
        body=body,
        script=Markup(f"<script>{script}</script>") if script else "",  # noqa: S704
    )


@cache
def _build_style(base: str) -> str:
    colours = {
        "ink": INK, "quiet": MUTED, "line": LINE, "surface": SURFACE, "raised": RAISED_SURFACE, "accent": ACCENT,
    }  # fmt: skip
    variables = ";".join(f"--{name}:light-dark({colour.light},{colour.dark})" for name, colour in colours.items())
    faces = "".join(
        f"@font-face{{font-family:'Be Vietnam Pro';font-weight:{weight};"
        f"src:url({base}/font/{weight}.woff) format('woff')}}"
        for weight in (400, 600)
    )
    rules = (Path(__file__).parent / "entry_pages.css").read_text(encoding="utf-8")
    return f"{faces}:root{{color-scheme:light dark;{variables}}}{rules}"
