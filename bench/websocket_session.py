"""A visitor without a browser: uses Streamlit's WebSocket protocol and waits until the script has run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("streamlit")
_TIMEOUT = 90.0  # seconds


def build_stream_url(host: str) -> str:
    """Return the URL at which a server accepts sessions."""
    return f"ws://{host}/_stcore/stream"


def build_headers(host: str, headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the headers of a websocket of a page: its origin is the server itself, unless given."""
    return {"Origin": f"http://{host}", **(headers or {})}


def encode_rerun(page: str = "", query: str = "", script: str = "") -> bytes:
    """Encode the request to run a page; `page`: its path; `script`: its hash, if it is known."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    message.rerun_script.page_script_hash = script
    message.rerun_script.context_info.timezone = "Asia/Ho_Chi_Minh"
    packed: bytes = message.SerializeToString()
    return packed


def is_script_finished(message: ForwardMsg) -> bool:
    """True if a message reports that the script has finished; a compile error ends the bench."""
    if message.WhichOneof("type") != "script_finished":
        return False
    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
        raise SystemExit("a page could not be run")
    return message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


class Session:
    """One visitor's session with a server."""

    def __init__(self, host: str, headers: Mapping[str, str] | None = None) -> None:
        self._socket = connect(
            build_stream_url(host),
            subprotocols=[PROTOCOL],
            max_size=None,
            compression=None,
            proxy=None,
            additional_headers=build_headers(host, headers),
        )
        self._script = ""
        self.received_bytes = 0

    def __enter__(self) -> Self:
        self._socket.__enter__()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.__exit__(exc_type, error, trace)

    def run(self, page: str = "", query: str = "") -> float:
        """Run a page; returns the seconds until the server reports the end, and counts `received_bytes`."""
        self.received_bytes = 0
        begin = time.perf_counter()
        self._socket.send(encode_rerun(page, query, self._script))
        while True:
            received = self._socket.recv(timeout=_TIMEOUT)
            answer = ForwardMsg.FromString(received if isinstance(received, bytes) else received.encode())
            self.received_bytes += len(received)
            if answer.WhichOneof("type") == "navigation":
                self._script = answer.navigation.page_script_hash
            if is_script_finished(answer):
                return time.perf_counter() - begin
