"""deploy/two-machines: the units are valid, and the web servers keep a visitor at one machine, or at the one left."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kpis.screenshot.app_server import find_free_port
from tests.deploy import proxies
from tests.deploy.proxies import DEPLOY, run_process, send
from tests.programs import require_program

TWO_MACHINES = DEPLOY / "two-machines"
ADDRESSES = ("10.0.0.21:8501", "10.0.0.22:8501")
SERVICES = (
    "kpis.service", "kpis-backup.service", "kpis-pack.service", "kpis-remind.service", "kpis-tidy.service",
    "kpis-watch.service", "kpis-follow.service",
)  # fmt: skip


class Machine:
    """A stand-in for one machine: answers each request with its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, scope: dict[str, str], receive: object, send: Callable[..., object]) -> None:
        headers = [(b"x-machine", self.name.encode()), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[misc]


@pytest.mark.parametrize("service", SERVICES)
def test_systemd_finds_no_fault_in_the_units_with_their_additions(service: str, tmp_path: Path) -> None:
    program = require_program("systemd-analyze")
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    shutil.copytree(TWO_MACHINES / "systemd", tmp_path, dirs_exist_ok=True)
    for path in tmp_path.rglob("*.*"):  # the program exists only where the product is installed
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("/srv/kpis/.venv/bin/python", "/bin/true")
            path.write_text(text, encoding="utf-8")
    command = [program, "verify", "--man=no", str(tmp_path / service)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, [line for line in run.stderr.splitlines() if "kpis" in line]) == (0, [])


def test_the_maintenance_is_as_confined_as_the_other_services() -> None:
    tidy = (TWO_MACHINES / "systemd" / "kpis-tidy.service").read_text(encoding="utf-8")
    remind = (DEPLOY / "systemd" / "kpis-remind.service").read_text(encoding="utf-8")
    confinement = remind[remind.index("NoNewPrivileges") :]
    assert tidy.endswith(confinement) and "User=kpis" in tidy


@pytest.mark.parametrize("unit", ["kpis-watch.service", "kpis-follow.service"])
def test_who_reads_and_follows_is_as_confined_as_the_server(unit: str) -> None:
    server = (DEPLOY / "systemd" / "kpis.service").read_text(encoding="utf-8")
    confinement = server[server.index("NoNewPrivileges") :]
    text = (TWO_MACHINES / "systemd" / unit).read_text(encoding="utf-8")
    assert text.endswith(confinement) and "User=kpis" in text and "EnvironmentFile=/etc/kpis/environment\n" in text


def test_the_pages_have_the_role_of_pages_and_start_no_watch() -> None:
    addition = (TWO_MACHINES / "systemd" / "kpis.service.d" / "lake.conf").read_text(encoding="utf-8")
    assert {"EnvironmentFile=/etc/kpis/environment-page", "InaccessiblePaths=-/etc/kpis/pgpass"} <= set(
        addition.splitlines()
    )
    page, leader = (
        dict(line.split("=", 1) for line in (TWO_MACHINES / name).read_text().splitlines() if line[0] != "#")
        for name in ("environment-page", "environment")
    )
    assert page["KPIS_DATABASE"] == leader["KPIS_DATABASE"].replace("kpis_leader", "kpis_page") and page != leader
    assert page["PGPASSFILE"] != leader["PGPASSFILE"] == "/etc/kpis/pgpass"
    assert page["KPIS_WATCH"] == "apart"


@pytest.mark.parametrize("timer", sorted((TWO_MACHINES / "systemd").glob("*.timer")), ids=lambda path: path.name)
def test_every_timer_starts_a_service_that_exists(timer: Path) -> None:
    assert (timer.parent / f"{timer.stem}.service").is_file()


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[tuple[int, ExitStack, dict[str, str]]]:
    """Two machines on loopback: the port of the web server, what stops the first, and the places of their addresses."""
    with ExitStack() as first, ExitStack() as second:
        app_ports = first.enter_context(proxies.serve(Machine("1"))), second.enter_context(proxies.serve(Machine("2")))
        places = {address: f"127.0.0.1:{port}" for address, port in zip(ADDRESSES, app_ports, strict=True)}
        yield find_free_port(), first, places


def read_machine(port: int, lines: list[str]) -> tuple[str, str]:
    """Return the machine that answers, and the cookie that it is remembered by."""
    status, headers = send(port, ["GET / HTTP/1.1", f"Host: localhost:{port}", *lines])
    assert status == 200
    cookie = next(iter(proxies.get_headers(headers, "set-cookie")), "")
    return proxies.get_headers(headers, "x-machine")[0], cookie.split(";")[0]


def test_nginx_keeps_a_visitor_at_one_machine_and_goes_on_with_the_other(
    tmp_path: Path, ports: tuple[int, ExitStack, dict[str, str]]
) -> None:
    nginx = require_program("nginx")
    port, first, places = ports
    file = proxies.write_nginx_site(tmp_path, port, places, name="two-machines/nginx.conf")
    with run_process([nginx, "-c", str(file)], port, tmp_path):
        browsers = [f"User-Agent: browser {number}" for number in range(12)]
        machines = {browser: read_machine(port, [browser])[0] for browser in browsers}
        assert set(machines.values()) == {"1", "2"}, "both machines have visitors"
        assert {browser: read_machine(port, [browser])[0] for browser in browsers} == machines
        first.close()
        assert {read_machine(port, [browser])[0] for browser in browsers} == {"2"}


def test_caddy_keeps_a_visitor_at_one_machine_and_goes_on_with_the_other(
    tmp_path: Path, ports: tuple[int, ExitStack, dict[str, str]]
) -> None:
    caddy = require_program("caddy")
    port, first, places = ports
    file = proxies.write_caddyfile(tmp_path, port, places, name="two-machines/Caddyfile")
    with run_process([caddy, "run", "--config", str(file), "--adapter", "caddyfile"], port, tmp_path):
        visits = [read_machine(port, []) for _ in range(12)]
        assert {machine for machine, _ in visits} == {"1", "2"}, "both machines have visitors"
        for machine, cookie in visits:
            assert cookie.startswith("kpis_machine=")
            assert read_machine(port, [f"Cookie: {cookie}"])[0] == machine
        first.close()
        assert {read_machine(port, [f"Cookie: {cookie}"])[0] for _, cookie in visits} == {"2"}
