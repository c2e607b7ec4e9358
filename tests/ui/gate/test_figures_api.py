"""`/api/attainment`: the document of the command, within the rights of whoever asks."""

import io
import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpis.access.errors import AuditError
from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.cli.main import main
from kpis.errors import StoreError, UsageError
from kpis.ui.server import server
from kpis.ui.server.figures_api import build_attainment
from kpis.ui.server.gate.signed_in import IDENTITY_HEADER
from tests.ui.gate.conftest import Installation


@pytest.fixture(autouse=True)
def use_sample(sample_pointer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KPIS_DATABASE", str(sample_pointer))
    return sample_pointer


def build_viewer(role: Role, plan: str | None, *agencies: str) -> Viewer:
    plans = None if plan is None else frozenset({plan})
    return Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", role, plans, frozenset(agencies))})), "session")


def run_command(pointer: Path, *options: str) -> object:
    out = io.StringIO()
    assert main(["attainment", "--json", *options], {"KPIS_DATABASE": str(pointer)}, out, io.StringIO()) == 0
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"as_of": "2026-10-31"},
        {"as_of": "31/10/2026", "year": "2026", "plan": "ha-noi"},
        {"known_at": "2026-11-01", "province": "Đồng Tháp"},
        {"by": "agency", "plan": "bac-kan"},
    ],
)
def test_the_document_is_that_of_the_command(use_sample: Path, params: dict[str, str]) -> None:
    options = [part for name, value in params.items() for part in (f"--{name.replace('_', '-')}", value)]
    body = build_attainment(params, OPEN_VIEWER)
    assert body is not None
    assert json.loads(body) == run_command(use_sample, *options) != []


def test_a_leader_of_one_plan_gets_its_figures_alone(use_sample: Path) -> None:
    leader = build_viewer("leader", "ha-noi")
    body = build_attainment({}, leader)
    assert body is not None
    assert json.loads(body) == run_command(use_sample, "--plan", "ha-noi")
    sentences = set()
    for plan in ("dong-thap", "no-plan"):
        with pytest.raises(UsageError) as raised:
            build_attainment({"plan": plan}, leader)
        assert raised.value.values["known"] == "ha-noi"
        sentences.add(raised.value.text)
    assert len(sentences) == 1


def test_an_officer_gets_nothing() -> None:
    assert build_attainment({}, build_viewer("officer", "ha-noi", "Sở Y tế")) is None
    assert build_attainment({"plan": "ha-noi"}, build_viewer("officer", "ha-noi", "Sở Y tế")) is None


def test_of_a_plan_in_which_a_leader_of_another_is_an_officer_there_are_no_figures() -> None:
    entries = {
        Entry("a@x.vn", "leader", frozenset({"ha-noi"})),
        Entry("a@x.vn", "officer", frozenset({"dong-thap"}), frozenset({"Sở Y tế"})),
    }
    viewer = Viewer(Person("a@x.vn", frozenset(entries)), "session")
    with pytest.raises(UsageError) as raised:
        build_attainment({"plan": "dong-thap"}, viewer)
    assert raised.value.values["known"] == "ha-noi"


@pytest.mark.parametrize(
    "params",
    [
        {"asof": "2026-10-31"}, {"as_of": "31/02/2026"}, {"as_of": ""}, {"year": "20266"}, {"year": "２０２６"},
        {"plan": "x"}, {"plan": ""}, {"by": "plan"}, {"known_at": "yesterday"},
        {"plan": "ha-noi", "province": "Hà Nội"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        build_attainment(params, OPEN_VIEWER)


def test_without_a_reading_there_are_no_figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KPIS_DATABASE", str(tmp_path / "kpis.json"))
    with pytest.raises(StoreError):
        build_attainment({}, OPEN_VIEWER)


def test_the_route_answers_with_json_or_a_sentence() -> None:
    client = TestClient(Starlette(routes=server.build_routes()))
    answer = client.get("/api/attainment?plan=ha-noi")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert {row["target"].split(".")[0] for row in answer.json()} == {"ha-noi"}
    assert client.get("/api/attainment?plan=x").status_code == 400
    assert "“x”" in client.get("/api/attainment?plan=x").json()["error"]
    officer = build_viewer("officer", "ha-noi", "Sở Y tế")
    IDENTITIES.add("identity-of-the-officer", officer)
    name = IDENTITY_HEADER.decode()
    assert client.get("/api/attainment", headers={name: "identity-of-the-officer"}).status_code == 403
    assert client.get("/api/attainment", headers={name: "nobody"}).status_code == 401


def test_who_gets_figures_is_written_down_or_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        server,
        "record_action",
        lambda _settings, action, person, _now, **details: lines.append((action, person, details)),
    )
    client = TestClient(Starlette(routes=server.build_routes()))
    IDENTITIES.add("identity-of-the-leader", build_viewer("leader", "ha-noi"))
    headers = {IDENTITY_HEADER.decode(): "identity-of-the-leader"}
    assert client.get("/api/attainment?plan=dong-thap", headers=headers).status_code == 400
    assert lines == []
    assert client.get("/api/attainment?plan=ha-noi", headers=headers).status_code == 200
    assert lines == [("download", "a@x.vn", {"file": "attainment.json", "plan": "ha-noi"})]

    def fail(*_args: object, **_details: object) -> None:
        raise AuditError("The disk is full.")

    monkeypatch.setattr(server, "record_action", fail)
    answer = client.get("/api/attainment?plan=ha-noi", headers=headers)
    assert (answer.status_code, answer.content) == (503, b"")


def test_the_gate_opens_this_address_alone_and_to_people_who_are_signed_in(with_rights: Installation) -> None:
    assert with_rights.ask("/api/attainment").status == 401
    cookie = with_rights.sign_in("leader@example.vn")
    assert with_rights.ask("/api/attainment", cookie).status == 200
    assert with_rights.ask("/api/attainment", cookie, method="POST").status in {403, 405}
    for path in ("/api", "/api/", "/api/attainment/", "/api/task-status", "/api/%61ttainment"):
        assert with_rights.ask(path, cookie).status == 404, path
