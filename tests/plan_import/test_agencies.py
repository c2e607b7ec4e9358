"""Agencies that a document names."""

from __future__ import annotations

import pytest

from kpis.plan_import.agencies import propose_agencies, recognise_agency
from kpis.plan_import.annex.tasks import propose_tasks
from tests.plan_import.outlining import outline_text


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("Sở VH,TT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("SCT", "Sở Công Thương"),
        ("Sở Công thương TP. Cần Thơ", "Sở Công Thương"),
        ("Công an thành phố Cần Thơ", "Công an thành phố"),
        ("UBND P. Cái Răng", "UBND phường Cái Răng"),
        ("Uỷ ban nhân dân xã, phường", "UBND các xã, phường"),
        ("UBND các phường xã có liên quan", "UBND các xã, phường"),
        ("Báo và Đài Phát thanh, Truyền hình Cần Thơ", "Báo và Phát thanh, Truyền hình Cần Thơ"),
        ("MTTQ thành phố", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố"),
        ("Chi cục Hải quan khu vực XIX", "Chi cục Hải quan khu vực XIX"),
    ],
)
def test_standing_agencies_are_known_by_name_initials_and_place(name: str, standing: str) -> None:
    agency = recognise_agency(name, "thành phố Cần Thơ")
    assert agency is not None
    assert agency.name == standing


def test_collectives_are_told_from_agencies_and_a_new_name_comes_with_its_nearest() -> None:
    content = (
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Giao Sở Công Thương chủ trì, phối hợp với các sở:\n\n- Theo dõi.\n\n2. "
        "Các sở, ngành\n\nNơi "
        "nhận:\n\nPHỤ LỤC\n\n"
        "TT\tNhiệm vụ\tChủ trì\tPhối hợp\n1\tXây chợ\tSở Công Thươg\tBan Quản lý chợ Đông; Sở CT"
    )
    outlined = outline_text(content)
    proposed = propose_agencies(outlined, propose_tasks(outlined), "tỉnh Hà Giang")
    assert [(agency.name, agency.kind, agency.known_as, agency.nearest) for agency in proposed] == [
        ("Sở Công Thương", "department", "Sở Công Thương", None),
        ("Các sở, ngành", "collective", None, None),
        ("Sở Công Thươg", "other", None, "Sở Công Thương"),
        ("Ban Quản lý chợ Đông", "other", None, None),
    ]
    assert proposed[0].place.section == "III.1"
