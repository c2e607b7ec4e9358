"""The only module that builds HTML: every value is escaped, every link is http(s) or one of our own pages.

`tag("td", value, class_="num")` returns `Markup`; MarkupSafe escapes all text in it, except Markup built by
this module. Nothing else calls `show_html`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup, escape

from kpis.ui.shared.streamlit_internals import get_base_path, show_html

Child = str | int | Markup | None | Iterable["Child"]

_VOID_ELEMENTS: Final = {"img", "br", "col", "hr", "wbr"}
_NAME_PATTERN: Final = re.compile(r"[a-z][a-z0-9-]*")
CHART_CLASS: Final = "kpis-chart"
"""CSS class of every chart image; the ready mark counts them."""


def tag(name: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """Return one element. Attribute names: `class_` becomes class, `data_label` becomes data-label.

    None or False leaves an attribute out, True writes it without a value. Raises ValueError for `href`, `src`
    (`render_link` and `render_image` check those), `style`, `on…` and unsafe elements.
    """
    tag_parts = [name]
    for key, value in attributes.items():
        attribute = _format_attribute_name(key)
        if value is True:
            tag_parts.append(attribute)
        elif value is not None and value is not False:
            tag_parts.append(f'{attribute}="{escape(value)!s}"')
    return _build_element(name, tag_parts, children)


@cache
def _format_attribute_name(key: str) -> str:
    attribute = key.rstrip("_").replace("_", "-")
    if not _NAME_PATTERN.fullmatch(attribute) or attribute in {"href", "src", "style"} or attribute[:2] == "on":
        raise ValueError(attribute)
    return attribute


@cache
def _check_element_name(name: str) -> str:
    if not _NAME_PATTERN.fullmatch(name) or name in {"script", "style", "iframe"}:
        raise ValueError(name)
    return name


def _build_element(name: str, tag_parts: list[str], children: Iterable[Child]) -> Markup:
    # `tag_parts` are already escaped; the children are escaped here.
    closing = f"</{_check_element_name(name)}>"
    opening = f"<{' '.join(tag_parts)}>"
    if name in _VOID_ELEMENTS:
        return Markup(opening)  # noqa: S704 - escaped by the caller
    parts: list[str] = [opening]
    _append_escaped(parts, children)
    parts.append(closing)
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def join(children: Iterable[Child], separator: str | Markup = "") -> Markup:
    """Join children, each escaped unless it is Markup; None adds nothing."""
    parts: list[str] = []
    _append_escaped(parts, children)
    return Markup(str(escape(separator)).join(parts))  # noqa: S704 - every part is escaped


def _append_escaped(parts: list[str], children: Iterable[Child]) -> None:
    for child in children:
        if isinstance(child, str):
            parts.append(str(escape(child)))
        elif isinstance(child, int):
            parts.append(str(child))
        elif child is not None:
            _append_escaped(parts, child)


def render_link(
    url: str, *children: Child, class_: str | None = None, title: str | None = None, is_download: bool = False
) -> Markup:
    """Return a link to one of our pages ("/province?plan=…"), or to http(s) in a new tab; else only the text.

    The new tab gets neither opener nor referrer.
    """
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        tag_parts = ["a", f'href="{escape(get_base_path() + url)}"', 'target="_self"']
    elif is_web_address(url):
        tag_parts = ["a", f'href="{escape(url)}"', 'target="_blank"', 'rel="noopener noreferrer"']
    else:
        return join(children)
    if is_download:
        tag_parts.append("download")
    for name, value in (("class", class_), ("title", title)):
        if value:
            tag_parts.append(f'{name}="{escape(value)}"')
    return _build_element("a", tag_parts, children)


def is_web_address(text: str) -> bool:
    """True if a text is a complete http(s) URL without characters that could end an attribute."""
    if any(character.isspace() or character in "\"'<>`\\" for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # urlsplit rejects "http://["
        return False


def render_evidence(text: str | None) -> Markup:
    """Return a sheet's evidence: a link if it is a URL, else its text."""
    return render_link(text, text) if text else Markup()


def render_image(data_url: str, alt: str, *, class_: str = CHART_CLASS, width: int | None = None) -> Markup:
    """Return an image from a data: URL of SVG or PNG; `alt` says what it shows. ValueError for other URLs."""
    if not data_url.startswith(("data:image/svg+xml", "data:image/png;base64,")):
        raise ValueError(data_url[:40])
    tag_parts = ["img", f'src="{escape(data_url)}"', f'alt="{escape(alt)}"', f'class="{escape(class_)}"']
    if width:
        tag_parts.append(f'width="{width}"')
    return _build_element("img", tag_parts, ())


def render_bar(fraction: float, *, state: str, mark: float | None = None, floor: float | None = None) -> Markup:
    """Return a thin bar filled to `fraction` (0 to 1), with a line at `mark` (the fraction expected by now).

    `floor`: where the floor is, in a bar that goes on to a stretch. It repeats the numbers next to it, so it is hidden
    from screen readers.
    """
    filled = f"{min(max(fraction, 0.0), 1.0) * 100:.1f}"
    lines = Markup("")
    for place, element in ((mark, "i"), (floor, "u")):
        if place is not None and 0 < place <= 1:
            position = f"{place * 100:.1f}"
            lines += Markup('<{} style="inset-inline-start:{}%"></{}>').format(element, position, element)
    return Markup('<span class="kpis-bar kpis-{}" aria-hidden="true"><b style="width:{}%"></b>{}</span>').format(
        state, filled, lines
    )


def render_hidden_text(*children: Child) -> Markup:
    """Return text for screen readers only."""
    return tag("span", *children, class_="kpis-hidden")


def render_sign(state: str, word: str | None) -> Markup:
    """Return the sign of a status; `word` is for screen readers, None if the word is visible next to it."""
    sign = tag("span", class_=f"kpis-sign kpis-{state}", aria_hidden="true")
    return sign + render_hidden_text(word) if word else sign


def render_status(state: str, word: str) -> Markup:
    """Return sign and word of a status, in its colour."""
    return tag("span", render_sign(state, None), word, class_=f"kpis-status kpis-{state}")


def render_doubt_mark(figures: str) -> Markup | None:
    """Return the sign of a figure in doubt with both readings in words; None without any."""
    return tag("span", "? ", figures, class_="kpis-doubt") if figures else None


def show_markup(markup: Markup, width: Literal["stretch", "content"] = "stretch") -> None:
    """Put markup on the page and count its charts for the ready mark. Empty markup shows nothing."""
    if not isinstance(markup, Markup):
        raise TypeError(type(markup))
    if markup:
        add_to_chart_count(markup.count(f'class="{CHART_CLASS}'))
        show_html(str(markup), width)


def add_to_chart_count(number: int) -> None:
    """Add to the page's number of charts, which `show_ready_mark` writes for the screenshot code."""
    st.session_state["kpis_charts"] = st.session_state.get("kpis_charts", 0) + number


def reset_chart_count() -> None:
    """Set the page's number of charts to 0."""
    st.session_state["kpis_charts"] = 0


def show_ready_mark(version: int | None, state: str = "ok", *, page: str = "", as_of: str = "", plan: str = "") -> None:
    """Put the mark of a complete page: database version, number of charts, state, and what it shows."""
    charts = int(st.session_state.get("kpis_charts", 0))
    mark = tag(
        "div",
        data_testid="kpis-ready",
        data_version="" if version is None else version,
        data_charts=charts,
        data_state=state,
        data_page=page,
        data_as_of=as_of,
        data_plan=plan,
        hidden=True,
    )
    show_html(str(mark), "stretch")
