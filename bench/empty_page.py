"""The page that the others are compared with: Streamlit with its default settings and a title."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from streamlit import runtime

FREEZE_VARIABLE = "BENCH_FROZEN"


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Exclude the objects of imports from garbage collection, as the app does, if FREEZE_VARIABLE is set."""
    if os.environ.get(FREEZE_VARIABLE):
        gc.collect()
        gc.freeze()
    yield


if runtime.exists():
    st.title("Trang trống")
elif os.environ.get(FREEZE_VARIABLE):
    from bench.packets_at_once import PacketsAtOnce

    app = st.App(__file__, lifespan=lifespan, middleware=[Middleware(PacketsAtOnce)])
else:
    app = st.App(__file__, lifespan=lifespan)
