"""Runs the app for a command of ours: takes the secret of its own session from standard input, ends when that ends.

Started with `python -m`; the first line of standard input is `{"token": …, "email": …}`, an empty line for none.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import threading

from kpis.access.own_sessions import set_own_session


def main() -> None:
    """Run Streamlit with the arguments of this program. Even if its parent is killed, it ends: the pipe closes."""
    line = sys.stdin.buffer.readline()
    if line.strip():
        secret = json.loads(line)
        set_own_session(secret["token"], secret["email"])
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    runpy.run_module("streamlit", run_name="__main__")


def _exit_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
