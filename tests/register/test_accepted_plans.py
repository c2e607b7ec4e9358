"""An accepted version of a plan replaces the product's own whole; its files are guarded by their hashes (§3)."""

import hashlib
from pathlib import Path

import pytest

from kpis.errors import RegisterError
from kpis.register.load import load_register
from kpis.register.model import ReportingDay
from kpis.register.names import AgencyNames
from tests.register.conftest import AGENCIES, PLAN, RegisterFolder

AGENCY = '[[agency]]\nplan = "ha-noi"\nname = "Sở Y tế"\nkind = "department"\n'


def build_plan() -> str:
    """Return another plan of Hà Nội: one target of another department, and no annex."""
    header, first, *_ = PLAN.split("[[target]]")
    first = first.replace("floor = 2", "floor = 3").replace("Sở Công Thương", "Sở Y tế")
    return f"{header.replace('Sở Công Thương', 'Sở Y tế')}[[target]]{first}"


def accept(register: RegisterFolder, number: int = 1, plan: str = "", agencies: str = AGENCY) -> Path:
    """Write an accepted version with its document, and the hashes of all files."""
    folder = register.path / "plans" / "ha-noi" / str(number)
    files = {"plan.toml": plan or build_plan(), "agencies.toml": agencies, "document.txt": "Kế hoạch"}
    for name, text in files.items():
        register.write(f"plans/ha-noi/{number}/{name}", text)
    hashes = [f'"{name}" = "{hashlib.sha256(text.encode()).hexdigest()}"\n' for name, text in files.items()]
    register.write(f"plans/ha-noi/{number}/version.toml", f"number = {number}\n[sha256]\n{''.join(hashes)}")
    return folder


def list_faults(folder: RegisterFolder, overlay: RegisterFolder) -> list[str]:
    with pytest.raises(RegisterError) as error:
        load_register(folder.path, overlay.path)
    return [str(fault) for fault in error.value.faults]


def test_an_accepted_plan_replaces_targets_tasks_and_agencies_whole(
    folder: RegisterFolder, overlay: RegisterFolder
) -> None:
    accept(overlay)
    register = load_register(folder.path, overlay.path)
    (target,) = register.targets.values()
    assert (target.id, str(target.floor), target.lead) == ("ha-noi.01", "3", "Sở Y tế")
    assert (register.tasks, register.sections, register.collectives) == ({}, (), ())
    names = AgencyNames(register, "ha-noi")
    assert (names.find("Sở Y tế"), names.find("Sở Công Thương")) == ("Sở Y tế", None)
    assert names.find("UBND phường Hoàn Kiếm") is not None


def test_a_plan_that_the_product_does_not_have_is_added(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    (folder.path / "plans/ha-noi.toml").unlink()
    (folder.path / "agencies/ha-noi.toml").unlink()
    accept(overlay, plan=PLAN, agencies=AGENCIES)
    assert list(load_register(folder.path, overlay.path).targets) == ["ha-noi.01", "ha-noi.02"]


def test_a_version_that_was_accepted_with_one_reporting_day_is_read_as_before(
    folder: RegisterFolder, overlay: RegisterFolder
) -> None:
    former = build_plan().replace('reporting_days = [{ day = "15/12", of = "year" }]', 'reporting_day = "15/12"')
    assert "reporting_day = " in former
    accept(overlay, plan=former)
    plan = load_register(folder.path, overlay.path).plans["ha-noi"]
    assert plan.reporting_days == (ReportingDay("15/12", "year"),)


def test_the_latest_version_stands_and_flat_files_amend_it(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    accept(overlay, 9, build_plan().replace("floor = 3", "floor = 4"))
    accept(overlay, 10, build_plan().replace("floor = 3", "floor = 5"))
    overlay.write("plans/ha-noi.toml", '[[target]]\nid = "ha-noi.01"\nforce = "tentative"\n')
    target = load_register(folder.path, overlay.path).targets["ha-noi.01"]
    assert (str(target.floor), target.force) == ("5", "tentative")


def test_a_version_changes_the_hash_of_the_register(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    first = load_register(folder.path, overlay.path).hash
    accept(overlay)
    second = load_register(folder.path, overlay.path).hash
    accept(overlay, 2)
    assert len({first, second, load_register(folder.path, overlay.path).hash}) == 3


@pytest.mark.parametrize("name", ["plan.toml", "agencies.toml", "document.txt"])
def test_a_file_that_differs_from_its_hash_is_refused_by_name(
    folder: RegisterFolder, overlay: RegisterFolder, name: str
) -> None:
    path = accept(overlay) / name
    accept(overlay, 2)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (fault,) = list_faults(folder, overlay)
    assert fault.startswith(f"{path}, {name}: the file differs from what was accepted")


def test_missing_and_additional_files_are_refused_by_name(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    version = accept(overlay)
    (version / "document.txt").unlink()
    (version / "notes.txt").write_text("ghi chú", encoding="utf-8")
    (version.parent / "bản 2").mkdir()
    faults = list_faults(folder, overlay)
    assert [fault.split(": ")[0].rpartition(", ")[2] for fault in faults] == ["bản 2", "document.txt", "notes.txt"]


def test_a_version_without_readable_hashes_is_refused(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    (accept(overlay) / "version.toml").write_text("[sha256", encoding="utf-8")
    (fault,) = list_faults(folder, overlay)
    assert "version.toml: the file with the hashes" in fault


def test_a_version_of_another_plan_is_refused(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    accept(overlay, agencies=AGENCY.replace("ha-noi", "hue"))
    assert any(
        "an accepted version of “ha-noi” has tables of this plan alone" in f for f in list_faults(folder, overlay)
    )


def test_what_is_still_being_written_is_passed_over(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    accept(overlay).rename(overlay.path / "plans" / "ha-noi" / ".2-new")
    assert load_register(folder.path, overlay.path).targets["ha-noi.01"].floor == 2
