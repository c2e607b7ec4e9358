"""A choice within a form: a select box, before which a text field narrows many options down.

Streamlit's own search compares letters as they are, so that "so cong thuong" finds no "Sở Công Thương". Options are
plain text in a select box; the labels of a radio button would be read as Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import streamlit as st

from kpis.language import formatting
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES
from kpis.ui.shared.lists.matching import build_search_text, matches, split_into_words, suggest_names
from kpis.ui.shared.page_view import PageView

T = TypeVar("T")


@dataclass(frozen=True)
class OfferedOptions(Generic[T]):
    """The options that a select box offers; `count`: how many match in all. `is_match`: false for the nearest ones."""

    options: list[T]
    count: int
    is_match: bool = True


def choose_option(
    view: PageView,
    label: str,
    options: Sequence[T],
    format_option: Callable[[T], str],
    *,
    key: str,
    index: int | None = 0,
    placeholder: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> T | None:
    """Draw a choice and return what is chosen; `index` is the option that is chosen at first, None for none."""
    if len(options) <= MAX_LINKED_CHOICES:
        _prepare_choice(key, options, index)
        return st.selectbox(label, options, index and 0, format_option, key=key, placeholder=placeholder, width=width)
    with st.container(width=width):
        typed = st.text_input(view.t("Find: {label}", label=label), key=f"{key}_text")
        first = None if index is None else options[index]
        offer = find_options(typed, options, format_option, first)
        html.show_markup(tag("p", _describe(offer, view), class_="kpis kpis-quiet kpis-small", role="status"))
        start = 0 if offer.options and (typed.strip() or first is not None) else None
        _prepare_choice(f"{key}_{typed}", offer.options, start)
        return st.selectbox(label, offer.options, start, format_option, key=f"{key}_{typed}", placeholder=placeholder)


def forget_choice(key: str) -> None:
    """Forget what was chosen by a key, and what was typed to find it; the next run begins with the first option."""
    for state_key in [str(state_key) for state_key in st.session_state]:
        if state_key == key or state_key.startswith(f"{key}_"):
            del st.session_state[state_key]


def _prepare_choice(key: str, options: Sequence[object], index: int | None) -> None:
    """Put what is chosen at first into the state, and forget a choice that is no longer offered.

    Streamlit complains about a default beside a value that was kept while the field was not drawn.
    """
    if key in st.session_state and st.session_state[key] is not None and st.session_state[key] not in options:
        del st.session_state[key]
    if index and key not in st.session_state:
        st.session_state[key] = options[index]


def _describe(offer: OfferedOptions[T], view: PageView) -> str:
    """Return how many options match, and how many of them the select box below has."""
    count, visible = (formatting.format_number(number, view.lang) for number in (offer.count, len(offer.options)))
    if not offer.is_match:
        return view.t("No name matches; the nearest are below.") if offer.options else view.t("No name matches.")
    if offer.count > len(offer.options):
        return view.t(
            "{n} to choose from; the first {shown} are below. Type to find the others.", n=count, shown=visible
        )
    return view.t("{n} match; choose below.", n=count)


def find_options(
    typed: str, options: Sequence[T], format_option: Callable[[T], str], first: T | None
) -> OfferedOptions[T]:
    """Return the options that match what was typed, else the nearest ones; for nothing typed the first of all.

    There are never more than a select box shows; `first` stands first where nothing was typed.
    """
    parts = split_into_words(typed)
    if not parts:
        others = [option for option in options if option != first]
        offered = ([] if first is None else [first]) + others[: MAX_LINKED_CHOICES - 1]
        return OfferedOptions(offered, len(options))
    names = {number: format_option(option) for number, option in enumerate(options)}
    matching = [number for number, name in names.items() if matches(build_search_text([name]), parts)]
    if matching:
        return OfferedOptions([options[number] for number in matching[:MAX_LINKED_CHOICES]], len(matching))
    nearest = suggest_names(typed, list(names.values()))
    return OfferedOptions([options[number] for number, name in names.items() if name in nearest], 0, is_match=False)
