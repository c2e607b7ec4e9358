"""The frame around every page, and the web server that serves it: `streamlit run app.py` does both.

The server imports this file before a runtime exists and finds `app`; Streamlit then runs the same file once
per visit, with a runtime, and draws the page. One process, one port (docs/interface.md).
"""

from __future__ import annotations

import os

import streamlit as st

from kpis.ui.shared import streamlit_internals

if streamlit_internals.has_runtime():
    from kpis.ui.frame import page_frame, startup, without_figures
    from kpis.ui.shared import data, html
    from kpis.ui.shared.viewer import get_viewer

    viewer = get_viewer()
    definition, page = page_frame.set_up_page(viewer)
    version = startup.open_version_or_sample(os.environ, page_frame.get_language())
    if version is None:
        without_figures.render_without_figures(os.environ, definition, page, viewer)
        html.show_ready_mark(None, page=definition.slug)
        st.stop()
    view, options = page_frame.build_view(version, viewer, definition)
    page_frame.render_header(view, options, definition, viewer)
    page.run()
    filters = view.filters
    html.show_ready_mark(
        version.database.version,
        page=definition.slug,
        as_of=filters.as_of.isoformat(),
        plan=filters.plan or "",
    )
    data.rerun_on_change(version.pointer, version.number, *page_frame.watch_notices(view))
else:
    from kpis.ui.server import server, start_checks
    from kpis.ui.shared import states

    start_checks.exit_if_not_allowed(os.environ, st.get_option("server.address"), streamlit_internals.get_base_path())
    app = st.App(
        __file__,
        routes=server.build_routes(),
        middleware=server.build_middleware(),
        lifespan=server.run_lifespan,
        on_script_error=states.handle_script_error,
    )
