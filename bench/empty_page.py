"""The page that every other is measured against: Streamlit as it comes, with a title."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit import runtime

FREEZE_VARIABLE = "KPIS_BENCH_FROZEN"


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Takes what the imports made out of the search for garbage, as the app does, where that is asked for."""
    if os.environ.get(FREEZE_VARIABLE):
        gc.collect()
        gc.freeze()
    yield


if runtime.exists():
    st.title("Trang trống")
else:
    app = st.App(__file__, lifespan=lifespan)
