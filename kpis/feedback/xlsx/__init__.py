"""A copy of an Excel file with feedback: cells, colours and notes changed, all other parts byte for byte."""
