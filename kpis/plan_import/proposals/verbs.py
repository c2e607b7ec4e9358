"""Verbs of plans: what is promised to be done, and what takes a number as its object ("lắp đặt 25 camera")."""

from __future__ import annotations

import re

# Verbs that say that something is to be reached or done.
_DONE = (
    "phấn đấu|bảo đảm|đạt|hoàn thành|duy trì|số hóa|nâng|đưa|hình thành|thành lập|xây dựng|phát triển|tổ chức|thu hút|"
    "đào tạo|triển khai|mục tiêu|chỉ tiêu|giảm|tăng|có|phủ sóng|cấp|trồng|thực hiện|lựa chọn|hỗ trợ|giải quyết|"
    "trang bị|bố trí|tập huấn|bồi dưỡng|kiểm tra|thanh tra|khảo sát|lắp đặt|lắp|đầu tư|nâng cấp|cải tạo|xử lý|"
    "tư vấn|khám|tuyên truyền|kết nối|bổ sung|xóa|mỗi|nhân rộng|kéo giảm|tiết kiệm|cắt giảm|rút ngắn|khống chế|"
    "rà soát|thẩm định|công nhận|bãi bỏ|đơn giản hóa|huấn luyện"
)
# Verbs whose object is counted.
_COUNTED = (
    "tổ chức|xây dựng|xây mới|xây|hình thành|thành lập|phát triển|thu hút|đào tạo|trồng|trồng mới|lựa chọn|công nhận|"
    "đăng tải|đăng|phát hành|phát sóng|phát thanh|phát|in ấn|in|cấp phát|biên soạn|biên dịch|sản xuất|mở|có|đạt|"
    "nâng cấp|"
    "cải tạo|hoàn thành|bồi dưỡng|ban hành|tạo|giải quyết|tham gia|đầu tư|sử dụng|triển khai|kết nạp|vận động|tập huấn|"
    "xóa|lắp đặt|lắp|cung cấp|sửa chữa|thực hiện|lên|trang bị|bổ sung|mua sắm|mua|cử|đóng cửa|giải thể|lấy|thu thập|"
    "treo|"
    "dựng|trao|tặng|khám|tiêm|khởi công|khánh thành|tu bổ|tôn tạo|sưu tầm|ký kết|đón|cứng hóa|bê tông hóa|nạo vét|"
    "gia cố|kiên cố hóa|thả|số hóa|chuyển đổi|nhân rộng|thí điểm|duy trì|rà soát|thẩm định|tiếp nhận|tiếp cận|"
    "triệt phá|"
    "triệt xóa|cấp|đưa|bố trí|tuyển dụng|tuyển sinh|luân phiên|phổ biến|hướng dẫn|đặt|viết|khảo sát|điều tra|thanh tra|"
    "kiểm tra|giám sát|tư vấn|giới thiệu|kết nối|công bố|mời|chọn|xuất bản|diễn tập|thu gom|cho vay|phúc tra|di dời|"
    "sắp xếp|quy hoạch|đối chiếu|dự trữ|chuẩn bị|huy động|sáp nhập|tuần tra|thay thế|khắc phục|cải tiến|thả|nuôi|"
    "chăm sóc|mở rộng|đóng góp|hiến|tầm soát|sàng lọc|bảo tồn|phục dựng|đấu nối|lắp mới|trùng tu|bảo dưỡng|duy tu|"
    "giao|khoanh nuôi|khoán|bãi bỏ|đơn giản hóa|huấn luyện|dạy|cải thiện|làm mới|tuyển|tổng kiểm tra|cho vay|"
    "tiêm phòng|tiêm chủng|phẫu thuật"
)
_BETWEEN = (
    " được| mới| thêm| ra| cấp| là| từ| ít nhất| tối thiểu| trên| khoảng| hơn| không dưới| bổ sung| lại| tiếp| cho|"
    " tại|"
    " trung bình| bình quân| đủ| dứt điểm| thành công| định kỳ| tổng số| đồng loạt| kịp thời"
)
PROMISE = re.compile(rf"(?<!\w)(?:{_DONE}|{_COUNTED})(?!\w)")
TAKES_NUMBER = re.compile(rf"(?<!\w)(?:{_COUNTED})(?:{_BETWEEN}|[\s\0,:])*$")
HELPED = re.compile(r"(?<!\w)(?:hỗ trợ|giúp|giúp đỡ)(?: thêm| mới| ít nhất| tối thiểu| trên| khoảng)?\s*$")
# "Tư vấn, giới thiệu việc làm cho 30.000 lượt lao động": those who are served.
FOR_SO_MANY = re.compile(
    r"(?<!\w)(?:cho|(?<!đối )(?<!so )với|hỗ trợ|giúp|giúp đỡ|trợ giúp|cho vay|chăm sóc)(?: vay)?(?: ít nhất|"
    r" tối thiểu| trên| khoảng|"
    r" hơn| không dưới| từ)?[\s\0]*$"
)
# What work is measured in: a number of these in a task is done, not owned.
UNITS = re.compile(
    r"\s*(?:lớp|hội nghị|hội thảo|cuộc|buổi|đợt|phiên|chuyến|mô hình|công trình|dự án|tuyến|km|ha|bộ|chiếc|cái|căn|"
    r"tờ|trạm|"
    r"lượt|học viên|sản phẩm|tin|bài|phóng sự|chuyên mục|phòng học|máy|cây|đầu sách|hiện vật|biển|băng rôn|pano|pa nô|"
    r"tấn|thùng|bình|giải|đoàn|câu lạc bộ|clb|cụm|điểm|đơn vị|cơ sở|doanh nghiệp|hộ|gian hàng|suất|nhà|xã|thôn|bản tin|"
    r"tác phẩm|mẫu|vở|suất học bổng|chương trình)(?!\w)"
)
PEOPLE = re.compile(
    r"\s*(?:nghìn |ngàn |triệu )?(?:lượt|người|lao động|hộ|cán bộ|công chức|viên chức|học viên|học sinh|giáo viên|"
    r"hội viên|"
    r"đoàn viên|thành viên|phụ nữ|trẻ|thanh niên|sinh viên|nông dân|doanh nghiệp|hợp tác xã|đại biểu|gia đình)(?!\w)"
)
