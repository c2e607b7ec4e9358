"""design.md §5: which contents are alike, and which evidence names one thing by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.checks.likeness import (
    are_alike,
    are_equal,
    build_strong_evidence,
    list_strong_evidence,
    names_running_total,
)

ALIKE = [
    ("Lễ hội tiêu dùng tại Hồ Gươm", "Lễ hội tiêu dùng tại Hồ Gươm."),
    ("Lễ hội tiêu dùng tại Hồ Gươm", "LỄ HỘI TIÊU DÙNG TẠI HỒ GƯƠM"),
    ("Lễ hội tiêu dùng tại Hồ Gươm", "Le hoi tieu dung tai Ho Guom"),
    ("Lễ hội tiêu dùng tại Hồ Gươm", "Lễ hội Tiêu dùng, tại Hồ Gươm"),
    ("Lễ hội tiêu dùng tại Hồ Gươm", "Tại Hồ Gươm: lễ hội tiêu dùng"),
    ("Lễ hội tiêu dùng năm 2026 tại Hồ Gươm", "Lễ hội tiêu dùng tại Hồ Gươm năm 2026"),
    ("Hội chợ hàng Việt xã Hòa Bình ngày 05/3", "Hội chợ hàng Việt xã Hoà Bình ngày 5/3"),
    (
        "Hội nghị tuyên truyền Luật Bảo vệ người tiêu dùng",
        "Hội nghị tuyên truyền luật bảo vệ người tiêu dùng",
    ),
    (
        "Hội nghị tuyên truyền Luật Bảo vệ người tiêu dùng",
        "Hội nghị truyên truyền Luật Bảo vệ người tiêu dùng",
    ),
    (
        "Hội nghị tuyên truyền Luật Bảo vệ người tiêu dùng",
        "Hội nghị tuyên truyền về Luật Bảo vệ người tiêu dùng",
    ),
    ("Mít tinh hưởng ứng Ngày Quyền của người tiêu dùng", "Mít tinh hưởng ứng Ngày Quyền người tiêu dùng"),
    (
        "Mít tinh hưởng ứng Ngày Quyền của người tiêu dùng",
        "Mit tinh huong ung ngay quyen cua nguoi tieu dung",
    ),
    ("Tổ chức lễ phát động tại quảng trường Võ Nguyên Giáp", "Lễ phát động tại quảng trường Võ Nguyên Giáp"),
    ("Lớp 1 tập huấn cán bộ phường Ba Đình", "Tập huấn cán bộ phường Ba Đình, lớp 1"),
    ("Lớp tập huấn buổi sáng cho tiểu thương chợ Hôm", "Lớp tập huấn cho tiểu thương chợ Hôm, buổi sáng"),
    ("Tập huấn đợt II cho cán bộ quản lý thị trường", "Tập huấn đợt II cho cán bộ Quản lý thị trường"),
    ("Tuyên truyền lưu động tại chợ Đồng Xuân, Hà Nội", "Tuyên truyền lưu động tại chợ Đồng Xuân Hà Nội"),
    (
        "Hội thảo thương mại điện tử an toàn cho sinh viên",
        "Hội thảo  thương mại điện tử an toàn cho sinh viên",
    ),
    (
        "Hội thảo thương mại điện tử an toàn cho sinh viên",
        "Hội thảo: Thương mại điện tử an toàn cho sinh viên",
    ),
    ("Tham gia sự kiện của Bộ Công Thương tại Hà Nội", "Tham gia sự kiện Bộ Công Thương tại Hà Nội"),
    ("Phát tờ rơi cảnh báo lừa đảo qua mạng tại chợ", "Phát tờ rơi cảnh báo lừa đảo qua mạng ở chợ"),
    ("Diễn đàn người tiêu dùng thông minh lần thứ nhất", "Diễn đàn Người tiêu dùng thông minh lần thứ nhất"),
    ("Tọa đàm quyền của người tiêu dùng thời đại số", "Toạ đàm quyền của người tiêu dùng thời đại số"),
    ("Chương trình đi bộ vì quyền người tiêu dùng", "Chương trình đi bộ vì quyền của người tiêu dùng"),
    ("Ra quân kiểm tra hàng giả dịp Tết Nguyên đán", "Ra quân kiểm tra hàng giả, dịp tết nguyên đán"),
    ("Gian hàng tư vấn tiêu dùng tại hội chợ xuân", "Gian hàng tư vấn tiêu dùng tại Hội chợ Xuân"),
    ("Cuộc thi tìm hiểu luật bảo vệ người tiêu dùng", "Cuộc thi tìm hiểu Luật Bảo vệ người tiêu dùng"),
    ("Đối thoại giữa doanh nghiệp và người tiêu dùng", "Đối thoại giữa doanh nghiệp với người tiêu dùng"),
    ("Khai mạc tuần lễ hàng Việt tại phường Hoàn Kiếm", "Khai mạc Tuần lễ hàng Việt tại Phường Hoàn Kiếm"),
    (
        "Hội nghị 02 cấp triển khai kế hoạch người tiêu dùng",
        "Hội nghị 2 cấp triển khai kế hoạch người tiêu dùng",
    ),
]
"""One event, described by two people."""

HONEST = [
    ("Lớp 1 tập huấn cho cán bộ phường Ba Đình", "Lớp 2 tập huấn cho cán bộ phường Ba Đình"),
    ("Lớp tập huấn số 01 cho cán bộ các xã", "Lớp tập huấn số 02 cho cán bộ các xã"),
    ("Lớp A tập huấn luật bảo vệ người tiêu dùng", "Lớp B tập huấn luật bảo vệ người tiêu dùng"),
    ("Lớp một tập huấn luật bảo vệ người tiêu dùng", "Lớp hai tập huấn luật bảo vệ người tiêu dùng"),
    ("Tập huấn đợt I cho cán bộ quản lý thị trường", "Tập huấn đợt II cho cán bộ quản lý thị trường"),
    ("Khóa I bồi dưỡng kỹ năng hòa giải tranh chấp", "Khóa III bồi dưỡng kỹ năng hòa giải tranh chấp"),
    ("Hội nghị buổi sáng về quyền người tiêu dùng", "Hội nghị buổi chiều về quyền người tiêu dùng"),
    ("Tập huấn tiểu thương chợ Hôm (sáng)", "Tập huấn tiểu thương chợ Hôm (chiều)"),
    ("Hội nghị sáng 15/3 về quyền người tiêu dùng", "Hội nghị chiều 15/3 về quyền người tiêu dùng"),
    ("Tuyên truyền người tiêu dùng tại phường Ba Đình", "Tuyên truyền người tiêu dùng tại phường Hoàn Kiếm"),
    ("tuyên truyền người tiêu dùng tại ba đình", "tuyên truyền người tiêu dùng tại hoàn kiếm"),
    ("TUYÊN TRUYỀN NGƯỜI TIÊU DÙNG PHƯỜNG BA ĐÌNH", "TUYÊN TRUYỀN NGƯỜI TIÊU DÙNG PHƯỜNG ĐỐNG ĐA"),
    ("Tuyen truyen nguoi tieu dung tai phuong Ba Dinh", "Tuyen truyen nguoi tieu dung tai phuong Dong Da"),
    ("Tập huấn tiểu thương chợ Đồng Xuân về cân đo", "Tập huấn tiểu thương chợ Đồng Văn về cân đo"),
    ("tập huấn tiểu thương tại chợ hôm về cân đo", "tập huấn tiểu thương tại chợ mơ về cân đo"),
    ("Ngoại khóa tiêu dùng tại trường THPT Chu Văn An", "Ngoại khóa tiêu dùng tại trường THPT Kim Liên"),
    ("Phát tờ rơi về hàng giả tại xã Tân Ba", "Phát tờ rơi về hàng giả tại xã Tân Bá"),
    (
        "Lễ phát động Ngày Quyền của người tiêu dùng tại Cao Lãnh",
        "Lễ phát động Ngày Quyền của người tiêu dùng tại Sa Đéc",
    ),
    ("Tuyên truyền ở thôn Đông về bán hàng đa cấp", "Tuyên truyền ở thôn Đoài về bán hàng đa cấp"),
    ("Phát thanh tuần 1 về quyền người tiêu dùng", "Phát thanh tuần 2 về quyền người tiêu dùng"),
    ("Phát thanh thứ hai về quyền người tiêu dùng", "Phát thanh thứ ba về quyền người tiêu dùng"),
    ("Chuyên mục người tiêu dùng, số 14", "Chuyên mục người tiêu dùng, số 15"),
    ("Phát thanh ngày 02/3 về quyền người tiêu dùng", "Phát thanh ngày 09/3 về quyền người tiêu dùng"),
    ("Bản tin tháng 3 về quyền người tiêu dùng", "Bản tin tháng 4 về quyền người tiêu dùng"),
    ("Bản tin tháng ba về quyền người tiêu dùng", "Bản tin tháng tư về quyền người tiêu dùng"),
    ("Họp báo quý I về bảo vệ người tiêu dùng", "Họp báo quý II về bảo vệ người tiêu dùng"),
    (
        "Hội nghị tổng kết năm 2025 bảo vệ người tiêu dùng",
        "Hội nghị tổng kết năm 2026 bảo vệ người tiêu dùng",
    ),
    ("Hội nghị cho 60 doanh nghiệp về hợp đồng mẫu", "Hội nghị cho 80 doanh nghiệp về hợp đồng mẫu"),
    ("Hội thảo thương mại điện tử cho sinh viên", "Hội nghị tổng kết công tác quản lý thị trường"),
    ("Lễ hội tiêu dùng", "Lễ hội tiêu dùng."),
    ("", ""),
]
"""Two events, or too little text to tell."""


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_an_event_described_by_two_people_is_alike(first: str, second: str) -> None:
    assert are_alike(first, second)
    assert are_alike(second, first)


@pytest.mark.parametrize(("first", "second"), HONEST)
def test_two_events_of_one_kind_are_not_alike(first: str, second: str) -> None:
    assert not are_alike(first, second)
    assert not are_alike(second, first)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared_in_either_order(first: str, second: str) -> None:
    assert are_alike(first, second) == are_alike(second, first)
    assert are_equal(first, second) == are_equal(second, first)


def test_no_content_is_like_nothing() -> None:
    assert not are_alike(None, None)
    assert not are_equal(None, "Lễ hội tiêu dùng")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Lễ hội tiêu dùng", "Lễ hội tiêu dùng.", True),
        ("Lễ hội tiêu dùng", "le hoi tieu dung", True),
        ("Lễ hội tiêu dùng", "Lễ hội tiêu dùng xanh", False),
        ("Lễ hội xuân", "Lễ hội xuân", False),
        ("Tuyên truyền xã Tân Ba", "Tuyên truyền xã Tân Bá", False),
    ],
)
def test_equal_contents_need_four_words(first: str, second: str, expected: bool) -> None:
    assert are_equal(first, second) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("https://drive.google.com/file/d/1AbC_d-9/view?usp=sharing", "drive:1AbC_d-9"),
        ("https://drive.google.com/open?id=1AbC_d-9&authuser=0", "drive:1AbC_d-9"),
        ("https://drive.google.com/uc?export=download&id=1AbC_d-9", "drive:1AbC_d-9"),
        ("drive.google.com/file/u/1/d/1AbC_d-9/edit", "drive:1AbC_d-9"),
        ("https://docs.google.com/document/d/1AbC_d-9/edit#heading=h.1", "drive:1AbC_d-9"),
        ("https://docs.google.com/spreadsheets/d/1AbC_d-9/edit?gid=7#gid=7", "drive:1AbC_d-9"),
        ("https://drive.google.com/drive/folders/1AbC_d-9?usp=sharing", None),
        ("https://drive.google.com/drive/u/0/folders/1AbC_d-9", None),
        ("https://drive.google.com/folderview?id=1AbC_d-9", None),
        ("https://www.hanoi.vn/tin/1/?utm_source=zalo&fbclid=2#dau", "hanoi.vn/tin/1"),
        ("http://m.hanoi.vn/tin/1", "hanoi.vn/tin/1"),
        ("https://hanoi.vn/tin?id=5&utm_medium=a", "hanoi.vn/tin?id=5"),
        ("Ảnh: https://hanoi.vn/tin/1.", "hanoi.vn/tin/1"),
        ("https://hanoi.vn", None),
        ("https://hanoi.vn/?utm_source=zalo", None),
        ("https://www.facebook.com/socongthuong", None),
        ("https://m.facebook.com/socongthuong/posts/77?fbclid=3", "facebook.com/socongthuong/posts/77"),
        ("https://www.facebook.com/socongthuong/videos", None),
        ("https://www.youtube.com/@socongthuong", None),
        ("https://youtu.be/dQw4?t=12", "youtube.com/watch?v=dQw4"),
        ("https://www.youtube.com/watch?v=dQw4&list=2", "youtube.com/watch?v=dQw4"),
        ("15/KH-UBND", None),
        ("https://[", None),
        (None, None),
    ],
)
def test_strong_evidence_names_one_file_or_page(evidence: str | None, expected: str | None) -> None:
    assert build_strong_evidence(evidence) == expected


def test_all_strong_evidence_of_a_row_is_listed_once() -> None:
    evidence = "https://a.vn/1 https://www.a.vn/1/ https://drive.google.com/open?id=7x, 15/KH-UBND"
    assert list_strong_evidence(evidence) == ("a.vn/1", "drive:7x")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Lũy kế quý I", True), ("Luỹ kế 9 tháng", True), ("CỘNG DỒN từ đầu năm", True),
        ("Tổng số đến 30/9", True), ("Tổng số tin bài", False), ("Tin bài tháng 9", False), (None, False),
    ],
)  # fmt: skip
def test_a_content_may_say_that_it_is_a_running_total(content: str | None, expected: bool) -> None:
    assert names_running_total(content) == expected
