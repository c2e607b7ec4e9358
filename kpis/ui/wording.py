"""Words that stand before any language is chosen."""

from __future__ import annotations

PRODUCT = "Theo dõi kế hoạch bảo vệ quyền lợi người tiêu dùng"
"""The product's name: the browser's tab until a page names itself (Vietnamese first)."""
