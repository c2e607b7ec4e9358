"""The weekly pack: sealed editions of pages, slides and workbook from one set of figures."""
