"""Sources: which sheets are configured, and how each kind is read into raw tabs (design.md §4, §6).

Entry points: `read_source.read_source` for one source, `source_reader.SourceReader` for one sync.
"""
