"""The contents of each page of an edition, worded; PDF, slides and workbook are forms of them."""
