"""Excel workbooks (.xlsx, .xlsm) read into raw tabs (docs/decisions/reading-excel.md)."""
