"""The HTTP server: validate each request, carry it out, validate the answer and inject faults."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.google_stand_in import demo_pages, discovery, drive_api, errors, field_mask, sheets_api
from tests.google_stand_in.account import GrantError, ServiceAccount
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.discovery import DriftError, Json, Method
from tests.google_stand_in.errors import RefusalError, Service
from tests.google_stand_in.faults import Fault, FaultQueue

HANDLERS = {**sheets_api.METHODS, **drive_api.METHODS}


@dataclass(frozen=True)
class RecordedCall:
    """One received request: method id, values in its path and query, body."""

    method: str
    path_values: dict[str, str]
    query: dict[str, list[str]]
    body: Json = field(default_factory=dict)


class StandIn:
    """Google on 127.0.0.1: `base_url` is its address, `cloud` its state, `calls` the requests so far.

    `violations` lists the requests and the answers that Google's discovery documents do not allow; every test
    checks at its end that it is empty.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.account = ServiceAccount()
        self.cloud = Cloud(self.account, clock)
        self.faults = FaultQueue()
        self.calls: list[RecordedCall] = []
        self.violations: list[str] = []
        self.checks_answers = True  # seconds for a long sheet
        self.closing = threading.Event()
        self._server = _StandInServer(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def build_key(self) -> Json:
        """Return the content of the account's key file."""
        return self.account.build_key(self.base_url)

    def count_calls(self, method: str) -> int:
        """Return how often a method was called, refused calls included."""
        return sum(call.method == method for call in self.calls)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def handle_request(
        self, verb: str, target: str, authorization: str, body: bytes
    ) -> tuple[Fault, int, Json | str, dict[str, str]]:
        """Return fault, status, body and headers of the answer to one request."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qs(parts.query, keep_blank_values=True)
        if path == "/token":
            return self._grant_token(body)
        match = discovery.find_method(verb, path)
        if match is None:
            self.violations.append(f"{verb} {path}: Google has no such method")
            return Fault(), 404, "<html>Not Found</html>", {}
        method, path_values = match
        fault = self.faults.pop_fault(method.id)
        service: Service = "drive" if method.id.startswith("drive.") else "sheets"
        try:
            request_body = self._parse_body(method, query, body)
            self.calls.append(RecordedCall(method.id, path_values, query, request_body))
            if fault.drop_connection:
                return fault, 0, {}, {}
            if fault.refusal:
                raise fault.refusal
            self._authorize(method, service, authorization)
            return fault, 200, self._run_method(method, path_values, query, request_body, fault), {}
        except RefusalError as refusal:
            return fault, refusal.status, refusal.body, refusal.headers
        except DriftError as drift:
            self.violations.append(str(drift))
            return fault, 400, str(drift), {}

    def _parse_body(self, method: Method, query: dict[str, list[str]], body: bytes) -> Json:
        discovery.check_query(method, query)
        if method.request is None:
            if body:
                raise DriftError(f"{method.id}: a request without a body has one")
            return {}
        content = json.loads(body)
        method.interface.check_body(method.request, content, f"request of {method.id}")
        return dict(content)

    def _authorize(self, method: Method, service: Service, authorization: str) -> None:
        scopes = self.account.tokens.get(authorization.removeprefix("Bearer "))
        if scopes is None:
            raise errors.make_unauthenticated(service)
        if not scopes & method.scopes:
            raise errors.make_scope_insufficient(service)
        if service not in self.cloud.enabled_services:
            raise errors.make_service_disabled(service)

    def _run_method(
        self,
        method: Method,
        path_values: dict[str, str],
        query: dict[str, list[str]],
        request_body: Json,
        fault: Fault,
    ) -> Json:
        if method.id not in HANDLERS:
            raise DriftError(f"the stand-in does not know {method.id}")
        try:
            mask = field_mask.parse_mask(query["fields"][0]) if "fields" in query else {}
            field_mask.check_mask(mask, method.interface, method.response)
        except field_mask.MaskError as error:
            raise DriftError(f"{method.id}: invalid field selection {error}") from error
        if fault.run_before:
            fault.run_before()
        with self.cloud.lock:
            answer = HANDLERS[method.id](self.cloud, path_values, query, mask, request_body)
        if self.checks_answers:
            method.interface.check_body(method.response, answer, f"answer of {method.id}")
        return dict(field_mask.apply_mask(mask, answer))

    def _grant_token(self, body: bytes) -> tuple[Fault, int, Json | str, dict[str, str]]:
        fault = self.faults.pop_fault("token")
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.calls.append(RecordedCall("token", {}, {}))
        if fault.refusal:
            return fault, fault.refusal.status, fault.refusal.body, fault.refusal.headers
        try:
            return fault, 200, self.account.grant_token(form, self.cloud.get_now()), {}
        except GrantError as error:
            return fault, 400, {"error": error.error, "error_description": error.description}, {}


class _StandInServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True  # closing the server waits until all connections are closed
    request_queue_size = 64

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        super().__init__(("127.0.0.1", 0), _StandInHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore lost connections; record any other error, so that the test fails."""
        del request, client_address
        import sys

        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.standin.violations.append(f"stand-in: {error!r}")


class _StandInHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _StandInServer
    disable_nagle_algorithm = True  # else each answer on an open connection waits 40 ms for an acknowledgement
    timeout = 0.5  # idle connections end, so that closing the server does not wait for their clients

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Log nothing: the requests are in `StandIn.calls`."""

    def _serve(self, verb: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if demo_pages.is_demo_page(self.path):
            page = demo_pages.render_page(self.server.standin, verb, self.path, body)
            self._send(Fault(), 200, page, {"Content-Type": "text/html; charset=utf-8"})
            return
        authorization = self.headers.get("Authorization", "")
        fault, status, answer, headers = self.server.standin.handle_request(verb, self.path, authorization, body)
        if fault.hang_seconds is not None:
            self.server.standin.closing.wait(fault.hang_seconds)
        if fault.drop_connection or (fault.hang_seconds is not None and self.server.standin.closing.is_set()):
            self.close_connection = True
            return
        self._send(fault, status, answer, headers)

    def _send(self, fault: Fault, status: int, content: Json | str, headers: dict[str, str]) -> None:
        if isinstance(content, str):
            body, kind = content.encode(), "text/html; charset=UTF-8"
        else:
            body, kind = json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=UTF-8"
        headers = {"Content-Type": kind} | headers
        # Google compresses answers only if both Accept-Encoding and User-Agent contain "gzip".
        if "gzip" in self.headers.get("Accept-Encoding", "") and "gzip" in self.headers.get("User-Agent", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if fault.drip_seconds is None:
            self.end_headers()
            self.wfile.write(body[: fault.cut_after_bytes])
        else:
            self._drip_bytes(body, fault.drip_seconds)
        self.close_connection = self.close_connection or fault.cut_after_bytes is not None

    def _drip_bytes(self, body: bytes, seconds: float) -> None:
        header = b"".join(getattr(self, "_headers_buffer", [])) + b"\r\n"
        self._headers_buffer: list[bytes] = []
        for byte in header + body:
            self.wfile.write(bytes([byte]))
            if self.server.standin.closing.wait(seconds):
                self.close_connection = True
                return
