"""Nhập kế hoạch: a document is uploaded, its proposal decided row by row beside its text, the plan accepted."""
