"""Empty sheets ready to fill, as workbook or Google Sheet: columns, lists, checks, guide (design.md §4)."""
