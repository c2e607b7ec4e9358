"""Speed, as ratios of medians within one run (design.md §8), on made-up entries of three sizes."""
