"""The dashboard with short intervals: what takes 30 seconds to reach an open page, reaches it in one.

Run by the tests as a process of its own: `python tests/ui/signed_in/quick_server.py run app.py …`.
"""

from streamlit.web import cli

from kpis.ui.server.gate import websockets
from kpis.ui.shared import data, streamlit_internals

if __name__ == "__main__":
    websockets.CHECK_SECONDS = 1.0
    streamlit_internals.SESSION_CHECK_SECONDS = 1.0
    data.LOOK_SECONDS = 1.0
    cli.main()
