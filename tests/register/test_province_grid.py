"""The grid of provinces: each of the 34 once, at a place of its own, roughly where it lies."""

from __future__ import annotations

import csv

import pytest

from kpis.register.communes import get_list_path
from kpis.register.province_grid import load_province_grid
from kpis.ui.overview.tile_grid import COLUMNS

PLACES = {place.province: place for place in load_province_grid()}


def test_the_grid_has_the_34_provinces_of_the_list_each_at_a_place_of_its_own() -> None:
    with get_list_path().open(encoding="utf-8", newline="") as file:
        names = {line["province"].removeprefix("Tỉnh ").removeprefix("Thành phố ") for line in csv.DictReader(file)}
    assert set(PLACES) == names
    assert len(load_province_grid()) == 34 == len({(place.row, place.column) for place in load_province_grid()})
    assert all(1 <= place.column <= COLUMNS and place.row >= 1 for place in load_province_grid())


def test_da_nang_carries_hoang_sa_and_khanh_hoa_truong_sa_and_no_other_carries_anything() -> None:
    carried = {place.province: place.carries for place in load_province_grid() if place.carries}
    assert carried == {"Đà Nẵng": "Hoàng Sa", "Khánh Hòa": "Trường Sa"}


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("Cao Bằng", "Hà Nội"), ("Hà Nội", "Thanh Hóa"), ("Nghệ An", "Huế"), ("Huế", "Quảng Ngãi"),
        ("Gia Lai", "Đắk Lắk"), ("Khánh Hòa", "Lâm Đồng"), ("Đồng Nai", "Hồ Chí Minh"), ("Đồng Tháp", "Cà Mau"),
    ],
)  # fmt: skip
def test_north_is_up(north: str, south: str) -> None:
    assert PLACES[north].row < PLACES[south].row


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ("Điện Biên", "Lạng Sơn"), ("Phú Thọ", "Quảng Ninh"), ("Hà Nội", "Hải Phòng"), ("Gia Lai", "Quảng Ngãi"),
        ("Lâm Đồng", "Khánh Hòa"), ("Tây Ninh", "Đồng Nai"), ("An Giang", "Vĩnh Long"),
    ],
)  # fmt: skip
def test_west_is_left(west: str, east: str) -> None:
    assert PLACES[west].column < PLACES[east].column
