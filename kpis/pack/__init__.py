"""The weekly pack and the yearly report: pages, slides, workbook and document from one set of figures."""
