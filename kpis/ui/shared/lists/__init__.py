"""A list of things as a table: searched, sorted, filtered and cut into parts by links, and as a workbook."""
