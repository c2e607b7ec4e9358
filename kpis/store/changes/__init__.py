"""Which plans a publication changed: the version in which a row of a plan last differed is the key of what is kept."""
