"""A small register on disk, written for every test that changes it."""

from pathlib import Path

import pytest

from kpis.register.load import load_register
from kpis.register.model import Register

INDICATORS = """
[[indicator]]
id = "public_events"
name_vi = "Sự kiện công cộng"
name_en = "Public events"
unit = "sự kiện"
unit_en = "event"
measure = "count"
accumulation = "increment"

[[indicator]]
id = "officers_trained"
name_vi = "Cán bộ được tập huấn"
name_en = "Officers trained"
unit = "cán bộ"
unit_en = "officer"
measure = "ratio"
accumulation = "level"
"""

PLAN = """
[plan]
id = "ha-noi"
province = "Hà Nội"
place = "thành phố Hà Nội"
kind = "province"
title_vi = "Kế hoạch thử"
title_en = "A trial plan"
number = "1/KH-UBND"
issued_on = 2025-12-12
issuer = "UBND thành phố Hà Nội"
start_year = 2026
end_year = 2028
reporting_days = [{ day = "15/12", of = "year" }]
focal_agency = "Sở Công Thương"
text = "trial.txt"

[[target]]
id = "ha-noi.01"
indicator = "public_events"
title_vi = "Ít nhất hai sự kiện"
title_en = "At least two events"
section = "II.2"
line = 10
comparator = ">="
floor = 2
stretch = 5
recurrence = "yearly"
recurrence_basis = "stated"
force = "binding"
lead = "Sở Công Thương"
lead_basis = "stated"

[[target]]
id = "ha-noi.02"
indicator = "officers_trained"
title_vi = "Tập huấn toàn bộ cán bộ"
title_en = "All officers trained"
section = "II.2"
line = 12
comparator = ">="
floor = 1.0
recurrence = "by_end"
recurrence_basis = "reading"
recurrence_reason_vi = "Văn bản không ghi hạn."
recurrence_reason_en = "The text names no day."
force = "aspirational"
lead = "UBND các xã, phường"
lead_basis = "reading"

[[section]]
id = "III"
title_vi = "Truyền thông"
title_en = "Communication"
line = 100

[[task]]
id = "ha-noi.III.1"
section = "III"
number = "1"
title_vi = "Họp báo hằng năm"
title_en = "Press meeting every year"
line = 102
leads = ["Sở Công Thương"]
coordinators = ["UBND các xã, phường"]
output = "Cuộc họp"
schedule = "Hằng năm"
timing = "yearly"
first_year = 2026
last_year = 2028

[[task]]
id = "ha-noi.III.2"
section = "III"
number = "2"
title_vi = "Ứng dụng di động"
title_en = "Phone application"
line = 104
leads = ["UBND các xã, phường"]
timing = "once"
first_year = 2027
"""

AGENCIES = """
[[agency]]
plan = "ha-noi"
name = "Sở Công Thương"
kind = "department"
aliases = ["SCT", "Sở CT"]
basis = "named"
line = 3

[[agency]]
plan = "ha-noi"
name = "Ủy ban Mặt trận Tổ quốc Việt Nam Thành phố"
kind = "front"
aliases = ["MTTQ Thành phố"]
basis = "inferred"

[[collective]]
plan = "ha-noi"
name = "UBND các xã, phường"
aliases = ["UBND xã, phường"]
members = "communes"
"""


class RegisterFolder:
    """A register folder on disk whose files a test can change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> None:
        """Write one file; create its folder."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the first occurrence of `old`."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def append(self, name: str, text: str) -> None:
        """Add tables to a file."""
        self.write(name, (self.path / name).read_text(encoding="utf-8") + text)


@pytest.fixture
def folder(tmp_path: Path) -> RegisterFolder:
    """A register with one plan."""
    register = RegisterFolder(tmp_path / "register")
    register.write("indicators.toml", INDICATORS)
    register.write("plans/ha-noi.toml", PLAN)
    register.write("agencies/ha-noi.toml", AGENCIES)
    return register


@pytest.fixture
def overlay(tmp_path: Path) -> RegisterFolder:
    """An empty overlay."""
    register = RegisterFolder(tmp_path / "overlay")
    register.path.mkdir()
    return register


@pytest.fixture(scope="session")
def five_plans() -> Register:
    """The product's own register."""
    return load_register()
