"""The list of communes is complete and valid; an invalid list is refused with line and reason."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.errors import RegisterError
from kpis.register import communes
from kpis.register.load import load_register
from kpis.register.model import Register
from tests.register.conftest import RegisterFolder

HEADER = "province_code,province,unit_code,unit,division_type"
LINE = "01,Thành phố Hà Nội,00070,Phường Hoàn Kiếm,phường"


def read_rows() -> list[dict[str, str]]:
    with communes.get_list_path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture
def replace_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Path]:
    """Replace the product's list by another one."""

    def replace(content: bytes) -> Path:
        path = tmp_path / "communes.csv"
        path.write_bytes(content)
        monkeypatch.setattr(communes, "get_list_path", lambda: path)
        return path

    return replace


def test_the_list_has_34_provinces_and_3321_units_in_the_order_of_their_codes() -> None:
    rows = read_rows()
    codes = [(row["province_code"], row["unit_code"]) for row in rows]
    assert len(rows) == 3321
    assert len({row["unit_code"] for row in rows}) == 3321
    assert len({row["province_code"] for row in rows}) == len({row["province"] for row in rows}) == 34
    assert codes == sorted(codes)
    assert len(communes.list_provinces()) == 34
    assert sum(len(communes.list_communes(name) or ()) for name in communes.list_provinces()) == 3321


def test_every_text_of_the_list_is_composed_unicode() -> None:
    text = communes.get_list_path().read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_every_unit_is_named_with_its_division_type() -> None:
    assert {row["division_type"] for row in read_rows()} == set(communes.DIVISION_TYPES)
    assert [row for row in read_rows() if not row["unit"].lower().startswith(row["division_type"])] == []


def test_the_province_of_every_plan_is_in_the_list(five_plans: Register) -> None:
    unknown = [plan.id for plan in five_plans.plans.values() if communes.list_communes(plan.province) is None]
    assert unknown == []


def test_the_list_is_part_of_the_registers_hash(folder: RegisterFolder, replace_list: Callable[[bytes], Path]) -> None:
    content = communes.get_list_path().read_bytes()
    old_hash = load_register(folder.path).hash
    replace_list(content.replace("Phường Cửa Nam".encode(), "Phường Cửa Bắc".encode()))
    assert load_register(folder.path).hash != old_hash


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "communes.csv, CSV", "empty"),
        (f"{HEADER}\n{LINE}", "communes.csv, CSV", "cut off"),
        (f"{LINE}\n", "communes.csv:1", "the first line must be province_code"),
        (f"{HEADER}\n{LINE},x\n", "communes.csv:2", "5 fields"),
        (f"{HEADER}\n{LINE}\n\n", "communes.csv:3", "5 fields"),
        (f"{HEADER}\n{LINE}\n{LINE}\n", "communes.csv:3, unit_code", "stands twice"),
        (f"{HEADER}\n{LINE.replace('00070', '70')}\n", "communes.csv:2, unit_code", "5 digits"),
        (f"{HEADER}\n{LINE.replace('01,', '1,', 1)}\n", "communes.csv:2, province_code", "2 digits"),
        (f"{HEADER}\n{LINE.replace(',phường', ',quận')}\n", "communes.csv:2, division_type", "xã, phường"),
        (f"{HEADER}\n{LINE.replace(',phường', ',xã')}\n", "communes.csv:2, division_type", "xã, phường"),
        (f"{HEADER}\n{LINE.replace('Phường H', ' Phường H')}\n", "communes.csv:2, unit", "NFC"),
        (
            f"{HEADER}\n{LINE}\n01,Tỉnh Huế,00071,Xã Lạ,xã\n",
            "communes.csv:3, province",
            "one code names two provinces",
        ),
    ],
)
def test_a_damaged_list_is_refused_with_line_and_reason(
    text: str, place: str, reason: str, folder: RegisterFolder, replace_list: Callable[[bytes], Path]
) -> None:
    replace_list(text.encode())
    with pytest.raises(RegisterError) as error:
        load_register(folder.path)
    assert place in str(error.value)
    assert reason in str(error.value.values["reason"])


def test_text_that_is_not_composed_is_refused(folder: RegisterFolder, replace_list: Callable[[bytes], Path]) -> None:
    replace_list(unicodedata.normalize("NFD", f"{HEADER}\n{LINE}\n").encode())
    with pytest.raises(RegisterError, match="NFC"):
        load_register(folder.path)


def test_bytes_that_are_not_utf8_are_refused(folder: RegisterFolder, replace_list: Callable[[bytes], Path]) -> None:
    replace_list(f"{HEADER}\n{LINE}\n".encode("utf-16"))
    with pytest.raises(RegisterError, match="not UTF-8"):
        load_register(folder.path)


def test_a_missing_list_is_refused_with_its_path(
    folder: RegisterFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "nowhere" / "communes.csv"
    monkeypatch.setattr(communes, "get_list_path", lambda: missing)
    with pytest.raises(RegisterError, match="cannot be read") as error:
        load_register(folder.path)
    assert error.value.file == missing.as_posix()
