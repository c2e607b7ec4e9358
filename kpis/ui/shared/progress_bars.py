"""A progress bar that goes with its work, also where that fails: nothing stands above the error that is shown then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from kpis.ui.shared.streamlit_internals import DeltaGenerator


@contextmanager
def show_progress(text: str) -> Iterator[DeltaGenerator]:
    """Draw a progress bar with a text while the work of a `with` block lasts."""
    bar = st.progress(0.0, text=text)
    try:
        yield bar
    finally:
        bar.empty()
