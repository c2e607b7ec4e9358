"""A sheet as it was read: tabs, rows, cells, and where the columns stand (design.md §4)."""
