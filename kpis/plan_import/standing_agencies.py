"""The standing agencies of a province or commune since July 2025: names, kinds, and what else they are called.

Source: Nghị định 150/2025/NĐ-CP (departments of provinces, divisions of communes) and the laws of each sector.
`{of}` is the kind of place ("tỉnh", "thành phố", "phường"), `{name}` its name. Aliases that are rules (initials of a
name, "&" for "và", "UBND", a place's name behind it) are not listed: `agencies.py` applies them.
"""

from __future__ import annotations

from typing import Final

DEPARTMENTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Sở Công Thương", ()),
    ("Sở Tài chính", ("Sở Kế hoạch và Đầu tư",)),
    ("Sở Nội vụ", ("Sở Lao động - Thương binh và Xã hội",)),
    ("Sở Tư pháp", ()),
    ("Sở Xây dựng", ("Sở Giao thông vận tải",)),
    ("Sở Nông nghiệp và Môi trường", ("Sở Nông nghiệp và Phát triển nông thôn", "Sở Tài nguyên và Môi trường")),
    ("Sở Khoa học và Công nghệ", ("Sở Thông tin và Truyền thông",)),
    ("Sở Y tế", ()),
    ("Sở Giáo dục và Đào tạo", ()),
    ("Sở Văn hóa, Thể thao và Du lịch", ("Sở Văn hóa và Thể thao", "Sở VHTTDL")),
    ("Sở Dân tộc và Tôn giáo", ("Ban Dân tộc",)),
    ("Sở Ngoại vụ", ()),
    ("Sở Du lịch", ()),
    ("Sở Quy hoạch - Kiến trúc", ()),
    ("Sở An toàn thực phẩm", ()),
)
"""Departments of a province: name, and the names of departments that were merged into it."""

MINISTRIES: Final = (
    "Bộ Công an", "Bộ Quốc phòng", "Bộ Ngoại giao", "Bộ Tư pháp", "Bộ Nội vụ", "Bộ Tài chính", "Bộ Công Thương",
    "Bộ Nông nghiệp và Môi trường", "Bộ Xây dựng", "Bộ Văn hóa, Thể thao và Du lịch", "Bộ Khoa học và Công nghệ",
    "Bộ Giáo dục và Đào tạo", "Bộ Y tế", "Bộ Dân tộc và Tôn giáo", "Văn phòng Chính phủ", "Thanh tra Chính phủ",
    "Ngân hàng Nhà nước Việt Nam",
)  # fmt: skip

OF_PROVINCE: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("Văn phòng UBND {of}", "office", ("VP UBND",)),
    ("Công an {of}", "police", ("CA {of}", "Công an")),
    ("Thanh tra {of}", "inspectorate", ()),
    ("Bộ Chỉ huy quân sự {of}", "military", ("Bộ CHQS {of}", "BCHQS {of}", "Bộ Tư lệnh {of}")),
    ("Ban Chỉ huy Bộ đội Biên phòng {of}", "military", ("Bộ đội Biên phòng {of}", "BĐBP {of}")),
    ("Thuế {of}", "tax", ("Cục Thuế {of}", "Cục Thuế")),
    ("Kho bạc Nhà nước {of}", "other", ("Kho bạc Nhà nước",)),
    ("Bảo hiểm xã hội {of}", "other", ("BHXH {of}", "Bảo hiểm xã hội")),
    ("Thống kê {of}", "other", ("Cục Thống kê {of}", "Chi cục Thống kê {of}")),
    ("Tòa án nhân dân {of}", "court", ("TAND {of}",)),
    ("Viện kiểm sát nhân dân {of}", "court", ("VKSND {of}", "Viện KSND {of}")),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam {of}", "front", ("UBMTTQ {of}", "Ủy ban MTTQ", "MTTQ {of}",
        "Mặt trận Tổ quốc {of}", "Ủy ban MTTQ Việt Nam {of}", "UBMTTQVN {of}", "UB MTTQ {of}", "Ủy ban MTTQVN {of}")),
    ("Liên đoàn Lao động {of}", "union", ("LĐLĐ {of}",)),
    ("Hội Nông dân {of}", "union", ("HND {of}",)),
    ("Hội Liên hiệp Phụ nữ {of}", "union", ("Hội LHPN {of}", "Hội Phụ nữ {of}")),
    ("Hội Cựu chiến binh {of}", "union", ("Hội CCB {of}",)),
    ("Đoàn Thanh niên Cộng sản Hồ Chí Minh {of}", "union", ("Tỉnh đoàn", "Thành đoàn", "Đoàn TNCS Hồ Chí Minh {of}",
        "Đoàn Thanh niên {of}")),
    ("Liên minh Hợp tác xã {of}", "association", ("LMHTX {of}", "Liên minh HTX {of}")),
    ("Hiệp hội Doanh nghiệp {of}", "association", ("Hiệp hội DN {of}", "HHDN {of}", "Hiệp hội Doanh nghiệp")),
    ("Hội Bảo vệ người tiêu dùng {of}", "association", ("Hội Bảo vệ quyền lợi người tiêu dùng {of}",
        "Hội Bảo vệ quyền lợi người tiêu dùng", "Hội BVNTD {of}", "Hội BVQLNTD {of}")),
    ("Chi cục Quản lý thị trường", "division", ("Chi cục QLTT", "Quản lý thị trường {of}", "QLTT {of}")),
    ("Báo và Phát thanh, Truyền hình {name}", "media", ("Báo và PTTH {name}", "Báo và Đài Phát thanh, Truyền hình {of}",
        "Báo và Phát thanh, Truyền hình {of}", "Báo và Phát thanh, Truyền hình", "Đài Phát thanh và Truyền hình {of}",
        "Báo và Đài PT-TH {of}")),
    ("Cổng Thông tin điện tử {of}", "media", ("Cổng TTĐT {of}",)),
    ("UBND {of}", "other", ()),
    ("HĐND {of}", "other", ("Hội đồng nhân dân {of}", "Thường trực HĐND {of}")),
    ("Ban Quản lý khu kinh tế {of}", "other", ("BQL khu kinh tế {of}", "Ban Quản lý khu kinh tế")),
    ("Ban Quản lý các khu công nghiệp {of}", "other", ("BQL các KCN {of}", "Ban Quản lý các KCN {of}")),
)  # fmt: skip
"""Other agencies of a province: name, kind (register), other names."""

OF_COMMUNE: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("Phòng Kinh tế, Hạ tầng và Đô thị", "department", ("Phòng KTHT&ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị {of}")),
    ("Phòng Kinh tế", "department", ("Phòng Kinh tế {of}",)),
    ("Phòng Văn hóa - Xã hội", "department", ("Phòng VH-XH", "Phòng Văn hóa - Xã hội {of}")),
    ("Văn phòng HĐND và UBND {of}", "office", ("Văn phòng HĐND và UBND", "Văn phòng HĐND-UBND {of}")),
    ("Trung tâm Phục vụ hành chính công {of}", "office", ("Trung tâm Phục vụ hành chính công",)),
    ("Trung tâm Dịch vụ tổng hợp {of}", "other", ("Trung tâm Dịch vụ tổng hợp",)),
    ("Công an {of}", "police", ("CA {of}", "Công an")),
    ("Ban Chỉ huy quân sự {of}", "military", ("Ban CHQS {of}",)),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam {of}", "front", ("UBMTTQ {of}", "MTTQ {of}", "Ủy ban MTTQ {of}")),
    ("UBND {of}", "other", ()),
)  # fmt: skip
"""Agencies of a commune: name, kind, other names."""
