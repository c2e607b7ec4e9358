"""`access …`: who is let in, released and ended, each in the audit, and the way back to open mode."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kpis.access.audit import get_system_person
from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.access.rights import SessionLimits
from kpis.settings import load_settings
from tests.cli.command_runner import NOW, CliRun, run_kpis

RIGHTS = """
address = "https://kpi.example.vn"

[[person]]
email = "leader@example.vn"
role = "leader"
plans = ["ha-noi"]

[[person]]
email = "officer@example.vn"
role = "officer"
plans = ["ha-noi"]
agencies = ["Sở Y tế"]
"""
LIMITS = SessionLimits(timedelta(hours=8), timedelta(hours=12))
WHO = "leader@example.vn"


class Installation:
    """The files of an installation with a rights file, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        self.environ = {"KPIS_DATABASE": str(folder / "kpis.json"), "KPIS_SOURCES": str(folder / "sources.toml")}
        (folder / "sources.toml").write_text("", encoding="utf-8")
        self.paths = get_access_paths(load_settings(self.environ, read_only=True))
        self.paths.rights_file.write_text(RIGHTS, encoding="utf-8")
        self.state = AccessState(self.paths, self.environ)

    def run(self, *argv: str) -> CliRun:
        return run_kpis("access", *argv, environ={**self.environ, "KPIS_LANGUAGE": "en"})

    def sign_in(self, email: str = WHO) -> str:
        return self.state.store.open_session(email, "provider", LIMITS, NOW)

    def list_lines(self) -> list[tuple[str, str]]:
        assert {line.person for line in self.state.audit.read()} <= {get_system_person()}
        return [(line.action, line.details.get("email", "")) for line in self.state.audit.read()]

    def break_audit(self) -> None:
        self.state.audit.folder.write_text("a file in the way", encoding="utf-8")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def test_an_invitation_is_printed_for_who_is_in_the_file_and_not_bound(installation: Installation) -> None:
    run = installation.run("invite", "LEADER@example.vn")
    address, _, token = run.out.strip().partition("#")
    assert (run.code, address) == (0, "https://kpi.example.vn/moi")
    assert installation.state.store.find_invited(token, NOW) == WHO
    assert installation.list_lines() == [("invite", WHO)]
    assert installation.run("invite", "nobody@example.vn").code == 2
    installation.state.store.bind(WHO, "https://accounts.example.vn", "1", NOW)
    assert "unbind leader@example.vn" in installation.run("invite", WHO).err
    assert installation.list_lines() == [("invite", WHO)], "what was refused is no line"


def test_a_successor_may_sign_in_after_a_release(installation: Installation) -> None:
    store, token = installation.state.store, installation.sign_in()
    assert installation.run("unbind", WHO).code == 2, "nobody is bound"
    assert installation.list_lines() == []
    store.bind(WHO, "https://accounts.example.vn", "1", NOW)
    assert installation.run("unbind", WHO).code == 0
    assert store.find_session(token, NOW) is None
    assert store.bind(WHO, "https://accounts.example.vn", "2", NOW)
    assert installation.list_lines() == [("unbind", WHO)]


@pytest.mark.parametrize("is_audit_broken", [False, True])
def test_every_session_of_a_person_ends_whatever_the_audit_says(
    installation: Installation, is_audit_broken: bool
) -> None:
    tokens, other = [installation.sign_in() for _ in range(3)], installation.sign_in("officer@example.vn")
    if is_audit_broken:
        installation.break_audit()
    run = installation.run("end", WHO)
    assert "3 sessions of leader@example.vn have ended." in run.out
    assert not any(installation.state.store.find_session(token, NOW) for token in tokens)
    assert installation.state.store.find_session(other, NOW)
    if is_audit_broken:
        assert run.code != 0 and "no line about this" in run.err
    else:
        assert run.code == 0 and installation.list_lines() == [("end_sessions", WHO)]


@pytest.mark.parametrize("argv", [("invite", WHO), ("unbind", WHO), ("off",)])
def test_what_cannot_be_written_down_is_not_done(installation: Installation, argv: tuple[str, ...]) -> None:
    if argv[0] == "unbind":
        installation.state.store.bind(WHO, "https://accounts.example.vn", "1", NOW)
    installation.run("list")
    if argv[0] == "off":
        installation.paths.rights_file.unlink()
    token = installation.sign_in()
    installation.break_audit()
    run = installation.run(*argv)
    assert run.code != 0 and "was not done" in run.err and "/moi#" not in run.out
    assert installation.state.store.find_session(token, NOW)
    assert installation.state.store.is_bound(WHO) == (argv[0] == "unbind")
    assert is_enforced(installation.paths)


def test_open_mode_needs_the_file_to_be_gone_and_ends_every_session(installation: Installation) -> None:
    token, invitation = installation.sign_in(), installation.state.store.create_invitation(WHO, NOW)
    assert installation.run("off").code == 2
    assert installation.state.store.find_session(token, NOW)
    installation.paths.rights_file.unlink()
    assert is_enforced(installation.paths), "removing the file alone opens nothing"
    assert installation.run("off").code == 0
    assert not is_enforced(installation.paths)
    assert installation.state.store.find_session(token, NOW) is None
    assert installation.state.store.find_invited(invitation, NOW) is None
    assert installation.list_lines() == [("access_off", "")]
    assert "no rights file" in installation.run("list").err


def test_everybody_is_listed_with_role_and_scope(installation: Installation) -> None:
    rows = installation.run("list", "--json").json
    assert [(row["email"], row["role"], row["plans"], row["agencies"]) for row in rows] == [
        (WHO, "leader", "ha-noi", ""), ("officer@example.vn", "officer", "ha-noi", "Sở Y tế"),
    ]  # fmt: skip
    installation.paths.rights_file.write_text("[[person]]\n", encoding="utf-8")
    run = installation.run("list")
    assert run.code == 2 and "[[person]] 1" in run.err
