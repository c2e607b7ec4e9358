"""The workbook of a draft: written, read back, compared with the draft."""
