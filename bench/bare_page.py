"""A page of Streamlit alone with as much to send as an overview: the limit that rows 10 and 17 are compared with."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from streamlit import runtime

BODY_VARIABLE = "BENCH_BODY_BYTES"
_PAGE_COUNT = 11
_LINE = "<p class='kpis-line'><b>Xã Tân Hưng</b> 24/50 tin bài · còn 5 tuần</p>"


def show_body() -> None:
    """Put one element with all lines on the page."""
    count = int(os.environ.get(BODY_VARIABLE, "0")) // len(_LINE.encode())
    st.html(f"<div>{_LINE * count}</div>")


def show_page() -> None:
    """Draw the elements of an overview: navigation, title, closed box, button, body, mark, and the look for news."""
    titles = [f"Trang {number}" for number in range(_PAGE_COUNT)]
    entries = [
        st.Page(show_body, title=title, url_path=f"trang-{number}", default=number == 0)
        for number, title in enumerate(titles)
    ]
    page = st.navigation(entries, position="top")
    st.set_page_config(page_title=titles[0], layout="wide")
    with st.container(gap="small"):
        st.html(_LINE)
        with st.container(horizontal=True):
            st.html(_LINE * 5)
            st.popover("Bộ lọc", on_change="rerun", key="box")
            st.button("English")
        st.html(_LINE)
    page.run()
    st.html("<div hidden></div>")
    st.fragment(_look, run_every=30)()


def _look() -> None:
    """Do nothing, every half minute."""


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Exclude the objects of imports from garbage collection, as the app does."""
    gc.collect()
    gc.freeze()
    yield


if runtime.exists():
    show_page()
else:
    from bench.packets_at_once import PacketsAtOnce

    app = st.App(__file__, lifespan=lifespan, middleware=[Middleware(PacketsAtOnce)])
