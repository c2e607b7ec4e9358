"""Texts of the made-up year: contents by indicator, people's names. All invented."""

from __future__ import annotations

from random import Random

TRAINING = (
    "Lớp bồi dưỡng Luật Bảo vệ quyền lợi người tiêu dùng cho công chức {place}",
    "Cử công chức dự lớp tập huấn trực tuyến về giải quyết khiếu nại của người tiêu dùng",
    "Tập huấn kỹ năng hòa giải tranh chấp tiêu dùng cho cán bộ {place}",
    "Cập nhật số cán bộ đã qua tập huấn về hợp đồng theo mẫu",
    "Tập huấn nhận biết hàng giả, hàng kém chất lượng trên mạng",
    "Rà soát, cập nhật danh sách cán bộ đã được tập huấn",
)
PARTICIPATION = (
    "Treo băng rôn, phát thanh hưởng ứng Ngày Quyền của Người tiêu dùng tại {place}",
    "Tuyên truyền tại chợ dân sinh cùng Hội Liên hiệp Phụ nữ {place}",
    "Phát tờ rơi cảnh báo lừa đảo qua mạng tại các tổ dân phố",
    "Lồng ghép tuyên truyền trong sinh hoạt chi hội, nhà văn hóa thôn",
)
OUTREACH = (
    "Nói chuyện với người cao tuổi về bán hàng lừa đảo qua điện thoại",
    "Phát thanh trên loa truyền thanh {place} về quyền của người tiêu dùng",
    "Sinh hoạt ngoại khóa “Tiêu dùng thông minh” tại trường trung học cơ sở",
    "Tuyên truyền lưu động tại chợ phiên, hướng dẫn xem nhãn và hạn dùng",
    "Hướng dẫn hội viên phụ nữ mua hàng an toàn trên mạng",
)
MULTILEVEL = (
    "Phổ biến cách nhận biết bán hàng đa cấp trái phép tại họp tổ dân phố",
    "Phát tờ rơi phân biệt đa cấp được cấp phép và đa cấp trái phép",
)
COMPLAINTS = (
    "Lập sổ tiếp nhận phản ánh của người tiêu dùng tại bộ phận một cửa {place}",
    "Niêm yết số điện thoại tiếp nhận khiếu nại tại {place} và các chợ",
)
SUSTAINABLE = (
    "Vận động tiểu thương dùng túi giấy, giảm túi ni lông tại chợ",
    "Ra mắt điểm bán hàng xanh, có nguồn gốc rõ ràng",
    "Ký cam kết kinh doanh văn minh, niêm yết giá",
)
ECOMMERCE = (
    "Hướng dẫn nhận biết gian hàng giả mạo trên sàn thương mại điện tử",
    "Xử lý phản ánh mua hàng qua mạng xã hội không đúng mô tả",
)
NEWS = (
    "Tin: Cảnh báo giả mạo nhân viên giao hàng để lừa tiền",
    "Bài: Người tiêu dùng cần biết khi mua thực phẩm chức năng",
    "Phóng sự: Một ngày ở quầy tiếp nhận khiếu nại",
    "Tin: Ra quân kiểm tra hàng hóa dịp lễ",
    "Bài: Đọc hợp đồng theo mẫu trước khi ký",
    "Tin: Đối thoại với doanh nghiệp về bảo hành sản phẩm",
    "Chuyên mục: Hỏi đáp quyền của người tiêu dùng",
    "Tin: Thu hồi lô mỹ phẩm không rõ nguồn gốc",
)
ON_MARKET_STALLS = "Hội nghị hướng dẫn tiểu thương niêm yết giá, cân đúng tại chợ {place}"

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Nông", "Ma", "Triệu")
_MIDDLE = ("Thị", "Văn", "Thu", "Minh", "Quốc", "Hải", "Ngọc", "Đức", "Thanh", "Khánh")
_GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Hòa",
    "Lan",
    "Long",
    "Mai",
    "Nam",
    "Phương",
    "Thủy",
    "Yến",
)


def pick_person(rng: Random) -> str:
    """Return a made-up officer's name."""
    return f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"
