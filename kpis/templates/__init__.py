"""Empty sheets ready to fill: columns, drop-downs, checks, guide; a workbook or a Google Sheet (§4)."""
