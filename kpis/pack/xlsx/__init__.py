"""An edition's figures as a workbook."""
