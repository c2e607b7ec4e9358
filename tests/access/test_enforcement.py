"""Once there was a rights file, only `access off` returns to open mode."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kpis.access.enforcement import (
    AccessPaths,
    AccessState,
    end_enforcement,
    get_access_paths,
    is_enforced,
    require_standing_right,
)
from kpis.access.errors import NotAllowedError, RightsFileError
from kpis.services import plan_orders
from kpis.services.orders import SyncOrders, build_right_check
from kpis.settings import load_settings
from kpis.store.orders import Order
from tests.cli.command_runner import NOW

TEXT = 'address = "https://k.vn"\n[[person]]\nemail = "{email}"\nrole = "administrator"\n'


def build_paths(folder: Path) -> AccessPaths:
    return AccessPaths(folder / "access.toml", folder / "var" / "kpis.json")


def test_without_a_rights_file_nothing_is_written(tmp_path: Path) -> None:
    paths = build_paths(tmp_path)
    assert not is_enforced(paths)
    assert list(tmp_path.iterdir()) == []


def test_a_rights_file_that_was_there_once_stays_in_force(tmp_path: Path) -> None:
    paths = build_paths(tmp_path)
    paths.rights_file.write_text("broken", encoding="utf-8")
    assert is_enforced(paths)
    paths.rights_file.unlink()
    assert is_enforced(paths)
    with pytest.raises(RightsFileError):
        AccessState(paths, {}).get_rights()
    end_enforcement(paths)
    assert not is_enforced(paths)


def test_a_change_holds_at_once_and_nothing_old_is_kept(tmp_path: Path) -> None:
    paths = build_paths(tmp_path)
    paths.rights_file.write_text(TEXT.format(email="a@x.vn"), encoding="utf-8")
    state = AccessState(paths, {})
    assert state.get_rights().find_person("a@x.vn")
    paths.rights_file.write_text(TEXT.format(email="bb@x.vn"), encoding="utf-8")
    assert state.get_rights().find_person("a@x.vn") is None
    paths.rights_file.write_text("[[person]", encoding="utf-8")
    with pytest.raises(RightsFileError):
        state.get_rights()
    paths.rights_file.unlink()
    with pytest.raises(RightsFileError):
        state.get_rights()
    paths.rights_file.write_text(TEXT.format(email="a@x.vn"), encoding="utf-8")
    assert state.get_rights().find_person("a@x.vn")


def test_a_file_with_the_time_and_size_of_the_one_before_is_read_too(tmp_path: Path) -> None:
    paths = build_paths(tmp_path)
    paths.rights_file.write_text(TEXT.format(email="a@x.vn"), encoding="utf-8")
    state = AccessState(paths, {})
    assert state.get_rights().find_person("a@x.vn")
    status = paths.rights_file.stat()
    paths.rights_file.write_text(TEXT.format(email="b@x.vn"), encoding="utf-8")
    os.utime(paths.rights_file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert state.get_rights().find_person("a@x.vn") is None


def test_a_link_that_leads_nowhere_counts_as_a_rights_file(tmp_path: Path) -> None:
    paths = build_paths(tmp_path)
    paths.rights_file.symlink_to(tmp_path / "none.toml")
    assert is_enforced(paths)


FOCAL = TEXT.replace('"administrator"', '"focal"\nplans = ["can-tho"]')


def test_what_somebody_asked_for_earlier_needs_the_right_of_now(tmp_path: Path) -> None:
    """On a lake another machine does what a page asked for, perhaps hours later."""
    environ = {"KPIS_DATABASE": str(tmp_path / "kpis.json"), "KPIS_SOURCES": str(tmp_path / "sources.toml")}
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    settings = load_settings(environ, read_only=True)
    file = get_access_paths(settings).rights_file

    def carry_out(person: str) -> str:
        details = '{"draft": "d", "revision": 1}'
        order = Order("1", "discard_draft", "can-tho", person, details, NOW)
        return plan_orders._carry_out(order, settings, environ, NOW, lambda: True).to_text("en")

    assert "rights" not in carry_out("a@x.vn"), "without a rights file everybody at the machine may"
    file.write_text(FOCAL.format(email="a@x.vn"), encoding="utf-8")
    require_standing_right(settings, environ, "a@x.vn", "import_plan", "can-tho")
    with pytest.raises(NotAllowedError):
        require_standing_right(settings, environ, "a@x.vn", "import_plan", "ha-noi")
    assert "The rights of b@x.vn do not allow this" in carry_out("b@x.vn")
    for person in ("a@x.vn", "system:kpis"):
        assert "do not allow" not in carry_out(person), "there is no draft, but the right"
    file.unlink()
    assert "access.toml cannot be used" in carry_out("a@x.vn")


def test_a_sync_takes_no_order_of_who_lost_the_right(tmp_path: Path) -> None:
    answers: dict[str, str] = {}
    people = ("a@x.vn", "b@x.vn")
    orders = [Order(str(number), "read_again", "", person, "{}", NOW) for number, person in enumerate(people)]
    store = SimpleNamespace(list_waiting_orders=lambda: orders, answer_orders=answers.update)
    environ = {"KPIS_DATABASE": str(tmp_path / "kpis.json"), "KPIS_SOURCES": str(tmp_path / "sources.toml")}
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    settings = load_settings(environ, read_only=True)
    for email, refused in (("a@x.vn", {"1"}), ("c@x.vn", {"0", "1"})):
        get_access_paths(settings).rights_file.write_text(TEXT.format(email=email), encoding="utf-8")
        answers.clear()
        require_right = build_right_check(settings, environ, {})
        current = SyncOrders(cast(Any, store), (), require_right)
        assert answers.keys() == refused
        assert current.wants_reading == (refused == {"1"})
