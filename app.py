"""The frame around every page, and the web server that serves it: `streamlit run app.py` does both.

The server imports this file before a runtime exists and finds `app`; Streamlit then runs the same file once
per visit, with a runtime, and draws. One process, one port (docs/interface.md).
"""

from __future__ import annotations

import os

import streamlit as st
from streamlit import runtime

if runtime.exists():
    from kpis.ui.frame import page_frame, startup
    from kpis.ui.shared import data, html, states

    entry, page = page_frame.begin()
    opened = startup.opened_or_read(os.environ, page_frame.language())
    if opened is None:
        html.show(states.nothing_yet(page_frame.language()))
        html.ready(None)
        st.stop()
    view, offered = page_frame.view(entry, opened)
    page_frame.head(view, offered, entry)
    page.run()
    asked = view.filters
    html.ready(opened.database.version, page=entry.slug, as_of=asked.as_of.isoformat(), plan=asked.plan or "")
    data.watch(opened.pointer, opened.number)
else:
    from kpis.ui.server import server
    from kpis.ui.shared import states

    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=server.lifespan,
        on_script_error=states.on_error,
    )
