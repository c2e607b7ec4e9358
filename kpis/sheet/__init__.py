"""A sheet as it was read: tabs, rows and cells, and which column holds which field (design.md §4)."""
