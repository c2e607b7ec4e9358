"""A visitor without a browser: speaks Streamlit's WebSocket protocol, and waits until the script has run."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("streamlit")
_TIMEOUT = 90.0  # seconds


def build_stream_url(host: str) -> str:
    """Where a server listens for sessions."""
    return f"ws://{host}/_stcore/stream"


def encode_rerun(page: str = "", query: str = "", script: str = "") -> bytes:
    """Asks for a run of a page, its path below the root, with a query; `script`: its hash, once known."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    message.rerun_script.page_script_hash = script
    message.rerun_script.context_info.timezone = "Asia/Ho_Chi_Minh"
    packed: bytes = message.SerializeToString()
    return packed


def is_script_finished(message: ForwardMsg) -> bool:
    """Whether a message says that the script has run to its end; an error on the way ends the bench."""
    if message.WhichOneof("type") != "script_finished":
        return False
    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
        raise SystemExit("a page could not be run")
    return message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


class Session:
    """One visitor's session with a server."""

    def __init__(self, host: str) -> None:
        self._socket = connect(
            build_stream_url(host), subprotocols=[PROTOCOL], max_size=None, compression=None, proxy=None
        )
        self._script = ""
        self.received_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def run(self, page: str = "", query: str = "") -> float:
        """Seconds from asking for a run to the server's word that it has ended; `size`: bytes it sent."""
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
