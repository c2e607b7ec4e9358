"""The units of deploy/ are valid, run as nobody of importance, and begin what the guides say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.proxies import DEPLOY
from tests.programs import require_program

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    program = require_program("systemd-analyze")
    for path in UNITS:  # the program exists only where the product is installed
        text = path.read_text(encoding="utf-8").replace("/srv/kpis/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = [program, "verify", "--man=no", str(tmp_path / unit.name)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, [line for line in run.stderr.splitlines() if "kpis" in line]) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_every_service_is_confined(unit: Path) -> None:
    lines = set(unit.read_text(encoding="utf-8").splitlines())
    assert {
        "User=kpis", "UMask=0077", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
        "ProtectHome=yes", "PrivateTmp=yes", "EnvironmentFile=/etc/kpis/environment",
    } <= lines  # fmt: skip


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_systemd_calls_its_exposure_low(unit: Path) -> None:
    command = [require_program("systemd-analyze"), "security", "--offline=true", "--threshold=25", str(unit)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-300:]


def test_the_server_listens_to_this_machine_alone() -> None:
    text = (DEPLOY / "systemd" / "kpis.service").read_text(encoding="utf-8")
    assert "--server.address 127.0.0.1 " in text and "LimitNOFILE=65536" in text


def test_the_container_runs_as_a_user_and_asks_whether_it_serves() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert text.index("USER kpis") < text.index('CMD ["python", "-m", "streamlit"')
    assert "/health/live" in text and "Untried" in text
    written = re.search(r"chown kpis:kpis (.*?) &&", text)
    assert written and {"var", "/config"} <= set(written[1].split()), "figures, and imported plans beside the sources"


@pytest.mark.parametrize("guide", ["running-for-a-province.md", "cai-dat-cho-tinh.md"])
def test_the_guide_starts_every_timer_and_keeps_what_is_secret_to_the_server(guide: str) -> None:
    text = (DEPLOY.parent / "docs" / guide).read_text(encoding="utf-8")
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.name in text, unit.name
    assert "install -m 600 /srv/kpis/deploy/environment" in text, "it may hold the password of the mail server"
    assert "test -e /etc/kpis/environment || sudo install" in text, "an update repeats the block"
    assert "chown root:kpis /etc/kpis/google-key.json" in text and "chmod 640 /etc/kpis/google-key.json" in text


def test_everything_that_the_image_copies_exists() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert {"app.py", "kpis", "pages", "data", ".streamlit/config.toml"} <= set(copied)
    assert [name for name in copied if not (DEPLOY.parent / name).exists()] == []
