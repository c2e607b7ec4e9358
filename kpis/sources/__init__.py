"""Sources: which sheets are configured, and how each kind is read into raw tabs (design.md §4, §6).

Starts at `read.read_source` for one source and `reader.Reader` for one sync.
"""
