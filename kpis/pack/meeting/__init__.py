"""The part of an edition that is projected: few pages, each list cut at what its page holds (design.md §5)."""
