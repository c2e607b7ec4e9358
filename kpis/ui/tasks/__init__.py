"""The page of tasks: number per state and per lead agency, and every task with its latest report."""
