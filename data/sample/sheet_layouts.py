"""The layout of each plan's sheet: names and order of columns, dates as cells or as text."""

from __future__ import annotations

from data.sample.workbook import SampleLayout

SHEET_LAYOUTS = {
    "ha-noi": SampleLayout(
        tab="Tiến độ",
        title_lines=(),
        columns=(
            ("Ngày", "occurred_on"),
            ("Cơ quan", "agency"),
            ("Chỉ tiêu", "target"),
            ("Số lượng", "quantity"),
            ("Tổng số", "denominator"),
            ("Nội dung", "content"),
            ("Minh chứng", "evidence"),
            ("Người nhập", "entered_by"),
            ("Xác nhận", "confirmed"),
            ("Sự kiện chung", "shared_event"),
            ("Phản hồi", None),
        ),
        date_style="cells",
    ),
    "dong-thap": SampleLayout(
        tab="TIẾN ĐỘ",
        title_lines=(
            "UBND TỈNH ĐỒNG THÁP - SỐ LIỆU MINH HỌA",
            "Theo dõi tiến độ năm 2026 (mỗi việc một dòng)",
            "",
        ),
        columns=(
            ("STT", None),
            ("Mã chỉ tiêu", "target"),
            ("Đơn vị", "agency"),
            ("Ngày thực hiện", "occurred_on"),
            ("Tử số", "quantity"),
            ("Mẫu số", "denominator"),
            ("Nội dung", "content"),
            ("Link", "evidence"),
            ("Người nhập", "entered_by"),
            ("Phản hồi", None),
        ),
        date_style="mixed",
    ),
    "thai-nguyen": SampleLayout(
        tab="Tien do",
        title_lines=("SỐ LIỆU MINH HỌA - Kế hoạch năm 2026",),
        columns=(
            ("CƠ QUAN BÁO CÁO", "agency"),
            ("NGÀY", "occurred_on"),
            ("CHỈ TIÊU", "target"),
            ("ĐÃ THỰC HIỆN", "quantity"),
            ("NỘI DUNG", "content"),
            ("MINH CHỨNG", "evidence"),
            ("NGƯỜI NHẬP", "entered_by"),
            ("Phản hồi", None),
        ),
        date_style="text",
    ),
    "tuyen-quang": SampleLayout(
        tab="Tiến độ",
        title_lines=(),
        columns=(
            ("Ngày", "occurred_on"),
            ("Cơ quan", "agency"),
            ("Chỉ tiêu", "target"),
            ("Kết quả", "quantity"),
            ("Nội dung", "content"),
            ("Minh chứng", "evidence"),
            ("Ghi chú của Sở", None),
            ("Phản hồi", None),
        ),
        date_style="cells",
    ),
    "bac-kan": SampleLayout(
        tab="Tiến độ",
        title_lines=("Phường Bắc Kạn - số liệu minh họa",),
        columns=(
            ("Ngày", "occurred_on"),
            ("Đơn vị", "agency"),
            ("Nội dung", "content"),
            ("Chỉ tiêu", "target"),
            ("Số lượng", "quantity"),
            ("Tổng số", "denominator"),
            ("Minh chứng", "evidence"),
            ("Phản hồi", None),
        ),
        date_style="cells",
    ),
}
