"""The page of tasks: how many stand at each state, who leads them, and every row with its latest report."""
