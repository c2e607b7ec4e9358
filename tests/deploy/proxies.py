"""Real web servers of the system in front of the gate, on loopback, with the files of deploy/."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from kpis.screenshot.app_server import find_free_port
from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
APP_ADDRESS = "127.0.0.1:8501"
"""Where the files of deploy/ for one machine look for the dashboard."""


@contextmanager
def serve(app: object) -> Iterator[int]:
    """Serve an ASGI app on loopback as Streamlit does; yields the port."""
    port = find_free_port()
    # As Streamlit starts it: uvicorn reads X-Forwarded-For and -Proto of a proxy on this machine.
    config = uvicorn.Config(app, port=port, lifespan="off", log_level="error")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for_port(port)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def run_process(command: Sequence[str], port: int, folder: Path) -> Iterator[None]:
    """Run a web server until the context ends."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something listens on a loopback port."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process is None or process.poll() is None, "the web server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(port)


def send(port: int, lines: Sequence[str], body: str = "", *, is_secure: bool = True) -> tuple[int, list[str]]:
    """Send one request as it is written; return status and header lines."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # a certificate of the test
        connection = context.wrap_socket(plain, server_hostname="localhost") if is_secure else plain
        with connection:
            text = "\r\n".join([*lines, "", body])
            connection.sendall(text.encode())
            data = b""
            while b"\r\n\r\n" not in data and (part := connection.recv(65536)):
                data += part
    head = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(head[0].split()[1]), head[1:]


def get_headers(lines: Sequence[str], name: str) -> list[str]:
    """Return the values of a header."""
    pairs = (line.partition(": ") for line in lines)
    return [value for key, _, value in pairs if key.lower() == name]


def write_nginx_site(
    folder: Path, port: int, places: Mapping[str, str], base: str = "", name: str = "nginx.conf"
) -> Path:
    """Return a configuration with a site of deploy/ on other ports, with a certificate of its own.

    `places`: what stands for each address of the dashboard. `base`: the path of the address, put in as the comment of
    the site says. `name`: the file below deploy/.
    """
    names = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-subj", "/CN=localhost")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names], check=True, capture_output=True
    )
    site = (DEPLOY / name).read_text(encoding="utf-8")
    changes = {
        **places,
        "listen 80;": f"listen 127.0.0.1:{find_free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        _find_name(site): "localhost",
        "/etc/ssl/kpis/fullchain.pem": str(folder / "cert.pem"),
        "/etc/ssl/kpis/privkey.pem": str(folder / "key.pem"),
        "location ~ ^/(dang-nhap|moi)": f"location ~ ^{base}/(dang-nhap|moi)",
    }
    for old, new in changes.items():
        assert old in site, old
        site = site.replace(old, new)
    return write_nginx(folder, site)


def _find_name(site: str) -> str:
    """Return the name that a site of deploy/ has as an example."""
    names: list[str] = re.findall(r"kpi\.[a-z]+\.gov\.vn", site)
    return names[0]


def write_nginx(folder: Path, site: str) -> Path:
    """Return a configuration of nginx with one site, all of whose files lie in a folder."""
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ access_log off; {paths} {site} }}",
        encoding="utf-8",
    )
    return file


def write_caddyfile(folder: Path, port: int, places: Mapping[str, str], name: str = "Caddyfile") -> Path:
    """Return a Caddyfile of deploy/ on another port, with a certificate of its own; the rest as `write_nginx_site`."""
    site = (DEPLOY / name).read_text(encoding="utf-8")
    site = site.replace(f"{_find_name(site)} {{", f"https://localhost:{port} {{\n\ttls internal\n\tbind 127.0.0.1", 1)
    for address, place in places.items():
        assert address in site, address
        site = site.replace(address, place)
    options = (
        f"{{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system {folder}\n}}\n"
    )
    file = folder / "Caddyfile"
    file.write_text(options + site, encoding="utf-8")
    return file
