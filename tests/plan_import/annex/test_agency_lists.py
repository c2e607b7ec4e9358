"""Cells that list agencies, as names."""

from __future__ import annotations

import pytest

from kpis.plan_import.annex.agency_lists import split_agencies


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sở Công Thương", ["Sở Công Thương"]),
        ("Sở Y tế, Sở Văn hóa, Thể thao và Du lịch.", ["Sở Y tế", "Sở Văn hóa, Thể thao và Du lịch"]),
        ("Các sở, ban, ngành; UBND các xã, phường, đặc khu", ["Các sở, ban, ngành", "UBND các xã, phường, đặc khu"]),
        ("Các Sở: Tài chính, Y tế, Công an tỉnh; Thuế tỉnh", ["Sở Tài chính", "Sở Y tế", "Công an tỉnh", "Thuế tỉnh"]),
        ("Sở Y tế và các cơ quan, đơn vị liên quan", ["Sở Y tế", "các cơ quan, đơn vị liên quan"]),
        ("Báo và phát thanh, truyền hình Hà Giang", ["Báo và phát thanh, truyền hình Hà Giang"]),
        ("Hiệp hội Doanh nghiệp, hội ngành hàng", ["Hiệp hội Doanh nghiệp", "hội ngành hàng"]),
        ("Sở Khoa học và Công nghệ Sở Công Thương", ["Sở Khoa học và Công nghệ", "Sở Công Thương"]),
        ("Sở A (cấp phép, theo dõi); Sở B và UBND xã", ["Sở A (cấp phép, theo dõi)", "Sở B", "UBND xã"]),
        ("- Sở A\n- Sở B", ["Sở A", "Sở B"]),
        ("Sở Khoa học và\nCông nghệ", ["Sở Khoa học và Công nghệ"]),
        ("Các Trường Đại học, Cao đẳng trên địa bàn", ["Các Trường Đại học, Cao đẳng trên địa bàn"]),
        ("-", []),
    ],
)
def test_a_cell_is_divided_where_a_name_begins(cell: str, names: list[str]) -> None:
    assert list(split_agencies(cell)) == names
