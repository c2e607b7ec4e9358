"""The page of rows to mend: what was sent back or needs a look, by source, with the cell and the sentence."""
