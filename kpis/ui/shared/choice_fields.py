"""A choice within a form: a select box, before which a text field narrows many options down.

Streamlit's own search compares letters as they are, so that "so cong thuong" finds no "Sở Công Thương". Options are
plain text in a select box; the labels of a radio button would be read as Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import streamlit as st

from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES
from kpis.ui.shared.lists.matching import build_search_text, matches, split_into_words, suggest_names
from kpis.ui.shared.page_view import PageView

T = TypeVar("T")


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
        return st.selectbox(label, options, index, format_option, key=key, placeholder=placeholder, width=width)
    typed = st.text_input(view.t("Find: {label}", label=label), key=f"{key}_text", width=width)
    first = None if index is None else options[index]
    offered = find_options(typed, options, format_option, first)
    start = 0 if offered and (typed.strip() or first is not None) else None
    return st.selectbox(
        label, offered, start, format_option, key=f"{key}_{typed}", placeholder=placeholder, width=width
    )


def find_options(typed: str, options: Sequence[T], format_option: Callable[[T], str], first: T | None) -> list[T]:
    """Return the options that match what was typed, else the nearest ones; for nothing typed the first of all.

    There are never more than a select box shows; `first` stands first where nothing was typed.
    """
    parts = split_into_words(typed)
    if not parts:
        others = [option for option in options if option != first]
        return ([] if first is None else [first]) + others[: MAX_LINKED_CHOICES - 1]
    names = {number: format_option(option) for number, option in enumerate(options)}
    matching = [number for number, name in names.items() if matches(build_search_text([name]), parts)]
    if not matching:
        nearest = suggest_names(typed, list(names.values()))
        matching = [number for number, name in names.items() if name in nearest]
    return [options[number] for number in matching[:MAX_LINKED_CHOICES]]
