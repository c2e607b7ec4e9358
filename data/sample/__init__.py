"""A made-up year of sheets for the five plans: every figure, name, link and event is invented."""
