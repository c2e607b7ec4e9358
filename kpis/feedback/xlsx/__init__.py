"""Copies of Excel files with feedback in cells, colours and notes; all other parts keep their bytes."""
