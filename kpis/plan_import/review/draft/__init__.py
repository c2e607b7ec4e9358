"""One plan's proposal with the reviewer's decisions: rows, fields, values, and the folder that holds them."""
