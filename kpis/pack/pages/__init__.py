"""The contents of each page of an edition as texts and tables; PDF, slides and workbook render them."""
