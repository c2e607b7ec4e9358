"""The settings of a lake: told from a path, refused in words, and no password anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import settings
from kpis.errors import KpisError, UsageError
from kpis.store.lake.address import parse_address
from kpis.store.lake.lake_store import LakeStore
from kpis.store.opening import open_store
from kpis.store.version_store import FileStore
from kpis.ui.server.start_checks import check_start
from tests.cli.command_runner import run_kpis

ADDRESS = "ducklake:postgres:host=db.example port=5433 dbname=kpis user=leader"
SECRET = "s3cr3t-word"
WRONG = (
    (f"{ADDRESS} password={SECRET}", "chứa mật khẩu"),
    (f"postgresql://leader:{SECRET}@db.example/kpis", "chứa mật khẩu"),
    (f"{ADDRESS} options={SECRET}", "không được có options"),
    ("ducklake:postgres:host=db.example", "thiếu dbname, user"),
    (f"ducklake:{SECRET}.sqlite", "nằm trong PostgreSQL"),
    (f"ducklake:postgres:{SECRET}", "Không đọc được địa chỉ"),
)


def test_the_address_of_a_lake_gives_a_local_pointer(tmp_path: Path) -> None:
    environ = {"KPIS_DATABASE": ADDRESS, "KPIS_LOCAL": str(tmp_path)}
    loaded = settings.load_settings(environ)
    assert loaded.pointer == tmp_path / "kpis.json"
    store = open_store(loaded)
    assert isinstance(store, LakeStore)
    assert store.paths.pointer == loaded.pointer
    by_default = settings.load_settings({"KPIS_DATABASE": ADDRESS}).pointer
    assert by_default == settings.get_working_folder() / "var" / "lake" / "kpis.json"
    assert settings.load_settings({}, database=ADDRESS).pointer == by_default


def test_a_path_stays_a_path(tmp_path: Path) -> None:
    for name in ("kpis.json", "ducklake.json", "postgres/kpis.json"):
        loaded = settings.load_settings({"KPIS_DATABASE": str(tmp_path / name)})
        assert loaded.lake is None
        assert isinstance(open_store(loaded), FileStore)


def test_a_folder_for_what_follows_a_lake_is_refused_without_one(tmp_path: Path) -> None:
    environ = {"KPIS_LOCAL": str(tmp_path)}
    for database in ({}, {"KPIS_DATABASE": str(tmp_path / "kpis.json")}):
        run = run_kpis("doctor", environ={**environ, **database})
        assert (run.code, run.out) == (2, "")
        assert "KPIS_LOCAL chỉ dùng khi có kho dữ liệu dùng chung" in run.err
    with_lake = {**environ, "KPIS_DATABASE": ADDRESS}
    other = settings.load_settings(with_lake, database=str(tmp_path / "other.json"))
    assert other.pointer == tmp_path / "other.json"


@pytest.mark.parametrize(("address", "sentence"), WRONG)
@pytest.mark.parametrize("command", [("sync",), ("doctor",), ("attainment",), ("store", "create", "--data", "/")])
def test_a_wrong_address_is_refused_without_repeating_it(address: str, sentence: str, command: tuple[str, ...]) -> None:
    for run in (
        run_kpis(*command, environ={"KPIS_DATABASE": address}),
        run_kpis(*command, f"--database={address}"),
    ):
        assert run.code == 2
        assert sentence in run.err
        assert SECRET not in run.out + run.err
    with pytest.raises(UsageError) as refused:
        check_start({"KPIS_DATABASE": address}, "127.0.0.1", "")
    assert SECRET not in str(refused.value)


def test_the_address_is_not_in_what_is_logged_of_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("kpis.store.opening.parse_address", fail)
    address = f"{ADDRESS} password={SECRET}"
    local = {"KPIS_LOCAL": str(tmp_path)}
    for words in (("--database", address), (f"--database={address}",)):
        run = run_kpis("attainment", *words, environ={"KPIS_DATABASE": address, **local})
        assert run.code == 3
    log = (tmp_path / "kpis-errors.log").read_text()
    assert "attainment" in log
    assert SECRET not in log + run.err
    assert SECRET not in repr(settings.load_settings({"KPIS_DATABASE": address}))


def test_a_lake_is_made_only_where_the_settings_name_one(tmp_path: Path) -> None:
    run = run_kpis("store", "create", "--data", str(tmp_path), environ={"KPIS_DATABASE": str(tmp_path / "k.json")})
    assert run.code == 2
    assert "không ghi kho dữ liệu dùng chung nào" in run.err
    run = run_kpis("store", "create", environ={"KPIS_DATABASE": ADDRESS})
    assert run.code == 2
    assert "--data" in run.err


@given(st.sampled_from(["", " ", "ducklake:", "DuckLake:postgres:", "postgres://", "postgresql://", "x"]), st.text())
def test_what_settings_take_for_an_address_is_read_as_one(prefix: str, rest: str) -> None:
    text = prefix + rest
    try:
        is_address = parse_address(text) is not None
    except KpisError:
        is_address = True
    assert is_address == settings.is_lake_address(text)
