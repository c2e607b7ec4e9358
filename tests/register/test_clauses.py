"""The clauses of an accepted plan: read from its latest version, of its own targets and tasks alone."""

import hashlib
from pathlib import Path

import pytest

from kpis.errors import RegisterError
from kpis.register.load import load_register
from kpis.register.model import Clause
from kpis.register.tables import build_tables
from tests.register.conftest import RegisterFolder
from tests.register.test_accepted_plans import AGENCY, build_plan

CLAUSES = """
[[clause]]
id = "ha-noi.01"
row = "CT001"
quote = "Ít nhất 03 sự kiện <b>mỗi năm</b>."
section = "II.2.c"
page = 4
block = 17

[[clause]]
id = "ha-noi.99"
row = "CT002"
quote = "Của một chỉ tiêu không còn."
"""


def accept(overlay: RegisterFolder, clauses: str, number: int = 1) -> Path:
    folder = overlay.path / "plans" / "ha-noi" / str(number)
    files = {"plan.toml": build_plan(), "agencies.toml": AGENCY}
    for name, text in files.items():
        overlay.write(f"plans/ha-noi/{number}/{name}", text)
    hashes = [f'"{name}" = "{hashlib.sha256(text.encode()).hexdigest()}"\n' for name, text in files.items()]
    overlay.write(f"plans/ha-noi/{number}/version.toml", f"[sha256]\n{''.join(hashes)}{clauses}")
    return folder


def test_the_latest_version_has_the_clauses_of_its_own_entries(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    accept(overlay, CLAUSES.replace("03", "02"), 1)
    accept(overlay, CLAUSES, 2)
    register = load_register(folder.path, overlay.path)
    assert register.clauses == (Clause("ha-noi.01", "Ít nhất 03 sự kiện <b>mỗi năm</b>.", "II.2.c", 4, None),)
    (row,) = build_tables(register)["clauses"]
    assert (row["plan"], row["entry"], row["position"], row["page"]) == ("ha-noi", "ha-noi.01", 0, 4)


def test_plans_that_come_with_the_product_have_no_clauses(folder: RegisterFolder) -> None:
    assert load_register(folder.path).clauses == ()


@pytest.mark.parametrize("clauses", ["clause = 3\n", '[[clause]]\nquote = "không có mã"\n'])
def test_clauses_that_cannot_be_read_are_a_fault(clauses: str, folder: RegisterFolder, overlay: RegisterFolder) -> None:
    version = accept(overlay, clauses) / "version.toml"
    text = version.read_text(encoding="utf-8")
    if clauses.startswith("clause"):
        version.write_text(clauses + text.removesuffix(clauses), encoding="utf-8")
    with pytest.raises(RegisterError, match="clauses of this accepted version"):
        load_register(folder.path, overlay.path)
