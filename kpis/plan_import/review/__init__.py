"""The review of a proposal: the draft, its workbook, and the version of the plan that is accepted (design.md §3).

`draft` holds the decisions that the workbook and the page edit alike; `decisions` finds what is still missing;
`book` writes and reads the workbook; `versions` writes what was accepted into the installation's register.
"""
