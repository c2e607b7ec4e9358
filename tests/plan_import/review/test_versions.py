"""Versions of a plan: written whole or not at all, never changed, each by one workbook."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kpis.plan_import.review.versions import accepting, writing
from tests.cli.command_runner import CliRun
from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AmendedInstallation, write_amendment
from tests.plan_import.review.conftest import CLAUSE
from tests.plan_import.review.small_draft import fill_in
from tests.plan_import.review.test_accept import list_files

SHARE = f"{PLAN}.02"
SHIPPED = "dong-thap"


@pytest.fixture
def shipped(tmp_path: Path) -> AmendedInstallation:
    """Return an installation with a decided amendment of a plan that comes with the product."""
    installation = AmendedInstallation(tmp_path / "tỉnh")
    installation.plan = SHIPPED
    text = write_amendment("Bãi bỏ nhiệm vụ số 1 mục V Phụ lục.").replace("THÀNH PHỐ CẦN THƠ", "TỈNH ĐỒNG THÁP")
    text = text.replace("Cần Thơ, ngày", "Đồng Tháp, ngày").replace("77/KH-UBND", "395/KH-UBND")
    run = installation.import_amendment(text)
    assert run.code == 0, run.err
    installation.decide_amendment()
    return installation


def read_version(installation: AmendedInstallation, number: int, plan: str = PLAN) -> dict[str, Any]:
    path = installation.register / "plans" / plan / str(number) / "version.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def list_tasks(installation: AmendedInstallation) -> list[str]:
    rows = installation.run("tasks", "--plan", installation.plan, "--json").json
    return [row["task"] for row in rows]


def test_a_version_never_changes_and_keeps_what_it_was_accepted_from(amended: AmendedInstallation) -> None:
    first = list_files(amended.version)
    assert amended.accept_amendment().code == 0
    assert list_files(amended.version) == first
    files = {path.name for path in amended.amended_version.iterdir()}
    assert {"plan.toml", "agencies.toml", "document.txt", "text.txt", "book.xlsx", "draft.json"} <= files
    content = read_version(amended, 2)
    assert set(content["sha256"]) == files - {"version.toml"}
    quotes = {(clause["id"], clause.get("version")) for clause in content["clause"]}
    assert {(f"{PLAN}.01", 1), (SHARE, None)} <= quotes


def test_the_same_workbook_is_accepted_only_once(amended: AmendedInstallation) -> None:
    assert amended.accept_amendment().code == 0
    old_files = list_files(amended.register)
    run = amended.accept_amendment()
    assert run.code != 0
    assert "accepted already" in run.err
    assert list_files(amended.register) == old_files


def test_a_plan_that_comes_with_the_product_is_kept_as_version_1_and_amended_as_version_2(
    shipped: AmendedInstallation,
) -> None:
    old = list_tasks(shipped)
    run = shipped.accept_amendment()
    assert run.code == 0, run.err
    assert [task for task in old if task not in list_tasks(shipped)] == [f"{SHIPPED}.V.1"]
    first = read_version(shipped, 1, SHIPPED)["version"]
    assert (first["document_number"], "draft" in first, "in_force_from" in first) == ("395/KH-UBND", False, False)


def test_a_shipped_plan_kept_as_version_1_says_the_same_as_before(
    shipped: AmendedInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_all() -> list[object]:
        return [shipped.run(name, "--plan", SHIPPED, "--json").json for name in ("targets", "tasks")]

    old = run_all()
    monkeypatch.setattr(accepting, "_publish", end)
    assert shipped.accept_amendment().code != 0
    assert (shipped.register / "plans" / SHIPPED / "1").exists()
    assert run_all() == old
    monkeypatch.undo()
    run = shipped.accept_amendment()
    assert run.code == 0, run.err
    assert run_all()[0] == old[0]


def end(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["_write_file", "fsync_folder", "load_register", "format_toml", "write_counter"])
def test_a_run_that_ends_at_any_moment_leaves_the_versions_as_they_were(
    amended: AmendedInstallation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    old_files = list_files(amended.register)
    with monkeypatch.context() as patch:
        patch.setattr(writing, name, end)
        assert amended.accept_amendment().code != 0
    assert list_files(amended.register) == old_files
    assert amended.accept_amendment().code == 0


def test_a_full_disk_leaves_the_versions_as_they_were(
    amended: AmendedInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_files = list_files(amended.register)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        run = amended.accept_amendment()
    assert run.code != 0
    assert "disk is full" in run.err
    assert list_files(amended.register) == old_files


def test_a_workbook_is_refused_once_another_version_is_in_force(amended: AmendedInstallation) -> None:
    stale = amended.folder / "cu.xlsx"
    shutil.copy(amended.amending_book, stale)
    assert amended.accept_amendment().code == 0
    amended.amending_book.unlink()
    text = write_amendment("Bãi bỏ nhiệm vụ số 1 Phụ lục.").replace("120/QĐ", "121/QĐ")
    assert amended.import_amendment(text, name="lan-3.txt").code == 0
    run = amended.run("plan", "accept", str(stale))
    assert run.code != 0
    assert "accepted already" in run.err
    amended.decide_amendment()
    flat = amended.register / "plans" / "bo-sung.toml"
    flat.write_text(f'[[target]]\nid = "{PLAN}.03"\nforce = "aspirational"\n', encoding="utf-8")
    run = amended.accept_amendment()
    assert run.code != 0
    assert "was changed since the workbook was written" in run.err
    flat.unlink()
    assert amended.accept_amendment().code == 0
    assert read_version(amended, 3)["version"]["number"] == 3


def test_a_draft_on_a_version_that_is_no_longer_in_force_makes_way_and_stays_beside(
    installation: AmendedInstallation,
) -> None:
    assert installation.import_amendment(write_amendment(CLAUSE)).code == 0
    old = installation.read_draft()
    flat = installation.register / "plans" / "bo-sung.toml"
    flat.write_text(f'[[target]]\nid = "{PLAN}.03"\nforce = "aspirational"\n', encoding="utf-8")
    installation.amending_book.unlink()
    run = installation.import_amendment(write_amendment(CLAUSE))
    assert run.code == 0, run.err
    assert installation.read_draft().id != old.id
    assert (installation.register / "drafts" / PLAN / f"{old.id}.json").exists()


def test_a_flat_file_that_would_undo_the_amendment_is_named(amended: AmendedInstallation) -> None:
    amended.amending_book.unlink()
    flat = amended.register / "plans" / "bo-sung.toml"
    flat.write_text(f'[[target]]\nid = "{SHARE}"\nfloor = 0.9\n', encoding="utf-8")
    shutil.rmtree(amended.register / "drafts")
    assert amended.import_amendment(write_amendment(CLAUSE)).code == 0
    amended.decide_amendment()
    run = amended.accept_amendment()
    assert run.code != 0
    assert "the amendment would have no effect" in run.err
    assert "bo-sung.toml" in run.err
    assert not amended.amended_version.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--in-force-from", "2024-01-01"), "is not a year of the plan"),
        (("--judges-again", "2031"), "is not a year of the plan"),
        (("--corrects", "1"), "--corrects needs --why"),
        (("--why", "Đọc sai"), "--why belongs to --corrects"),
        (("--corrects", "7", "--why", "Đọc sai"), "has no version 7"),
        (("--corrects", "không"), "is not the number of a version"),
    ],
)
def test_terms_that_do_not_fit_are_refused(amended: AmendedInstallation, options: tuple[str, ...], reason: str) -> None:
    run = amended.accept_amendment(*options)
    assert run.code != 0
    assert reason in run.err
    assert not amended.amended_version.exists()


def test_a_later_version_is_not_in_force_before_the_earlier_one(amended: AmendedInstallation) -> None:
    run = amended.accept_amendment("--in-force-from", "2027-08-01", "--judges-again", "2026")
    assert run.code == 0, run.err
    assert read_version(amended, 2)["version"]["judges_again"] == [2026]
    amended.amending_book.unlink()
    text = write_amendment("Bãi bỏ nhiệm vụ số 1 Phụ lục.").replace("120/QĐ", "121/QĐ")
    assert amended.import_amendment(text, name="lan-3.txt").code == 0
    amended.decide_amendment()
    run = amended.accept_amendment()
    assert run.code != 0
    assert "cannot be in force before" in run.err
    assert amended.accept_amendment("--in-force-from", "2027-08-01").code == 0


def correct(installation: AmendedInstallation, floor: str, *options: str) -> CliRun:
    """Change the workbook of version 1 and accept it as a correction."""
    fill_in(installation.book, "target", "CT002", "change", floor=floor, lead="Sở Công Thương")
    return installation.accept(*options)


def test_a_correction_takes_the_place_of_its_version_with_the_same_ids(installation: AmendedInstallation) -> None:
    old = installation.list_targets()
    run = correct(installation, "60 %", "--corrects", "1", "--why", "Đọc 90 % thay vì 60 %")
    assert run.code == 0, run.err
    version = read_version(installation, 2)["version"]
    assert (version["corrects"], version["why"]) == (1, "Đọc 90 % thay vì 60 %")
    assert "in_force_from" not in version
    new = installation.list_targets()
    assert [*new] == [*old]
    assert {key for key in new if new[key] != old[key]} == {SHARE}
    assert new[SHARE]["floor"] == 0.6
    run = correct(installation, "70 %", "--corrects", "1", "--why", "Lại sai")
    assert "was corrected by version 2" in run.err
    assert correct(installation, "70 %", "--corrects", "2", "--why", "Lại sai").code == 0


def test_the_workbook_of_a_version_corrects_it_after_an_amendment_too(amended: AmendedInstallation) -> None:
    assert amended.accept_amendment().code == 0
    run = correct(amended, "80 %", "--corrects", "2", "--why", "Nhầm")
    assert "neither of version 2" in run.err
    run = correct(amended, "80 %", "--corrects", "1", "--why", "Nhầm")
    assert run.code == 0, run.err
    assert amended.list_targets()[SHARE]["floor"] == 0.95
    amended.amending_book.unlink()
    text = write_amendment("Bãi bỏ nhiệm vụ số 1 Phụ lục.").replace("120/QĐ", "121/QĐ")
    assert amended.import_amendment(text, name="lan-3.txt").code == 0
    draft = amended.read_draft()
    assert draft.basis == 2  # the correction of version 1 is not what is in force now
    assert next(row for row in draft.rows if row.in_force_id == SHARE).proposed["floor"] == "95%"


def test_an_amendment_of_an_unknown_plan_and_a_known_document_are_refused(amended: AmendedInstallation) -> None:
    assert amended.accept_amendment().code == 0
    amended.amending_book.unlink()
    run = amended.import_amendment(write_amendment(CLAUSE))
    assert run.code != 0
    assert "is the document of version 2" in run.err
    amended.plan = "khong-co"
    run = amended.import_amendment(write_amendment(CLAUSE))
    assert run.code == 2
    assert "There is no plan “khong-co”" in run.err


def test_a_known_plan_is_not_imported_as_a_new_one(installation: AmendedInstallation) -> None:
    path = installation.folder / "sua-doi.txt"
    path.write_text(write_amendment(CLAUSE), encoding="utf-8")
    for plan, place in ((PLAN, "thành phố Cần Thơ"), (SHIPPED, "tỉnh Đồng Tháp")):
        run = installation.run("plan", "import", str(path), "--plan", plan, "--place", place)
        assert run.code == 2
        assert "is imported with --amends" in run.err


def test_an_amendment_of_another_place_is_refused(installation: AmendedInstallation) -> None:
    text = write_amendment(CLAUSE).replace("THÀNH PHỐ CẦN THƠ", "TỈNH ĐỒNG THÁP").replace("77/KH-UBND", "78/KH-UBND")
    run = installation.import_amendment(text)
    assert "Look out: the document is of" in run.err
    assert "does not name the plan's number" in run.err
    installation.decide_amendment()
    run = installation.accept_amendment()
    assert run.code != 0
    assert "import it again with its own place" in run.err


def test_plan_list_names_the_versions_what_is_in_force_and_what_is_under_review(amended: AmendedInstallation) -> None:
    def read_row() -> dict[str, Any]:
        return next(row for row in amended.run("plan", "list", "--json").json if row["plan"] == PLAN)

    row = read_row()
    assert (row["version"], row["amendment"]) == (1, "sua-doi.txt")
    assert amended.accept_amendment().code == 0
    assert correct(amended, "80 %", "--corrects", "1", "--why", "Nhầm").code == 0
    row = read_row()
    assert (row["version"], row["in_force_from"], row["amendment"]) == (2, "2027-07-01", None)
    assert [(each["number"], each["corrects"]) for each in row["versions"]] == [(1, None), (2, None), (3, 1)]
    assert "2027" in amended.run("plan", "list").out


def test_ids_of_a_version_that_was_deleted_by_hand_are_not_used_again(amended: AmendedInstallation) -> None:
    assert amended.accept_amendment().code == 0
    first = {row["target"] for row in amended.run("targets", "--plan", PLAN, "--json").json}
    shutil.rmtree(amended.amended_version)
    amended.amending_book.unlink()
    shutil.rmtree(amended.register / "drafts" / PLAN)
    assert amended.import_amendment().code == 0
    amended.decide_amendment()
    assert amended.accept_amendment().code == 0
    new = {row["target"] for row in amended.run("targets", "--plan", PLAN, "--json").json} - first
    assert len(new) == 1, "the added target has an id that nobody had before"
