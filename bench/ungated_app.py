"""The app without its gate, for row 15: what the gate costs a page. Streamlit runs it as it runs app.py."""

from __future__ import annotations

from typing import cast

from kpis.settings import get_project_root
from kpis.ui.server import server
from kpis.ui.server.gate.gate import Gate

_build_middleware = server.build_middleware
server.build_middleware = lambda: [entry for entry in _build_middleware() if cast(object, entry.cls) is not Gate]

_app = get_project_root() / "app.py"
# With the name of this file, which Streamlit runs again for every visit.
exec(compile(_app.read_text(encoding="utf-8"), __file__, "exec"), globals())  # noqa: S102 - our own file
server.build_middleware = _build_middleware
